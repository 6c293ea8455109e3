"""Draw how well each of several labels is predicted: its F1 with interval, beside the loss by epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from reportgen.figures import chart, curves, style
from reportgen.figures.figure import Figure
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, POINTS, Look
from reportgen.figures.svg import columns, finish
from reportgen.figures.words import Words, words
from reportgen.language import Quantity
from reportgen.results.multilabel.facts import LabelFacts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW, _ABOVE, _BELOW, _LOSSES, _LEFT, _ENDS = 0.46, 0.75, 0.95, 4.6, 1.5, 1.7  # cm
_LEAST, _TALLEST = 4.2, 5.5  # cm: the figure with a curve, and the curve
_COLUMN = 1.3  # cm of a column of numbers
_MOST = 25  # rows


def label_scores(model: ShownModel, look: Look = PLAIN) -> Figure:
    """Return F1 of every label on the test items with its 95 % interval, the best first.

    Beside it the loss after each epoch, where there were epochs. With more labels than there is room for,
    those with the lowest F1; of several seeds the first is shown.
    """
    say = words(look.language, look.pictures, look.items)
    facts, names = model.tested(LabelFacts), model.names
    order = sorted(range(len(names)), key=lambda rank: (-_value(facts.f1[names[rank]]), rank))[-_MOST:]
    losses = bool(curves.trained_by_epochs(model.records))
    height = max(_ABOVE + _ROW * len(order) + _BELOW, _LEAST if losses else 0)
    with chart.sheet(look, style.WIDTH, height) as sheet:
        left = _LEFT + _LOSSES + _ENDS if losses else 0.2
        cuts = [left * POINTS] if losses else []
        if losses:
            down = min(height - _BELOW - 0.35, _TALLEST)
            axes = chart.place(sheet, _LEFT, height - 0.35 - down, _LOSSES, down)
            curves.draw_losses(axes, model, say)
            axes.yaxis.set_label_coords(-0.95 / _LOSSES, 0.5)
        chosen, room = [names[rank] for rank in order], 2.6 if losses else 4.5
        shown = [style.shortened(name, room * POINTS, style.NORMAL, look.family) for name in chosen]
        left += max(style.text_width(name, style.NORMAL, look.family) for name in shown) / POINTS + 0.2
        across, up = style.WIDTH - left - 2 * _COLUMN - 0.3, _ROW * len(order)
        axes = chart.place(sheet, left, height - _ABOVE - up, across, up)
        scores = [facts.f1[name] for name in chosen]
        _draw(axes, shown, scores, say)
        _write(axes, scores, facts, chosen, across, say)
        raw = chart.render(sheet, look)
    alt = _alt(model, facts, chosen, say, losses=losses)
    sentence = say.caption_label_losses if losses else say.caption_labels
    caption = [sentence.format(title=model.title, count=say.count(len(facts.labels)))]
    if len(order) < len(names):
        caption.append(say.caption_lowest_labels.format(shown=len(order), labels=len(names)))
    if len(model.records) > 1:
        caption.append(say.caption_first_seed.format(runs=len(model.records), seed=model.first.seed))
    parts = columns(style.WIDTH * POINTS, height * POINTS, *cuts)
    return Figure(finish(raw, alt, look, parts=parts), alt, " ".join(caption), model.keys)


def _value(f1: Quantity) -> float:
    return f1.value if f1.decided else -1.0


def _draw(axes: Axes, names: Sequence[str], scores: Sequence[Quantity], say: Words) -> None:
    rows = np.arange(len(names))
    values = np.array([100 * each.value if each.decided else np.nan for each in scores])
    bounds = np.array(
        [[100 * end for end in each.interval] if each.decided else [np.nan] * 2 for each in scores]
    )
    axes.set_xlim(0, 100.5)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.hlines(rows, 0, 100, color=style.RULE, linewidth=0.4)
    axes.hlines(rows, bounds[:, 0], bounds[:, 1], color=style.BLUE, linewidth=1.1)
    axes.plot(values, rows, "o", markersize=4.4, color=style.BLUE, clip_on=False, zorder=4)
    axes.set_yticks(rows, names, fontsize=style.NORMAL)
    axes.tick_params(axis="y", length=0, pad=4)
    axes.spines["left"].set_visible(False)
    ticks = chart.even_ticks(0, 100, 5)
    axes.set_xticks(ticks, say.ticks(ticks))
    axes.set_xlabel(say.label_f1_axis, labelpad=3)


def _write(
    axes: Axes,
    scores: Sequence[Quantity],
    facts: LabelFacts,
    names: Sequence[str],
    across: float,
    say: Words,
) -> None:
    """Write F1, and how many items have the label, in columns right of the axes."""
    counts = facts.labels.sum(axis=0)
    columns = (
        ("F1", [say.percent(each.value) if each.decided else "–" for each in scores]),
        (say.label_items, [say.count(int(counts[facts.names.index(name)])) for name in names]),
    )
    for number, (head, texts) in enumerate(columns, 1):
        right = 1 + (number * _COLUMN + 0.1) / across
        where = axes.get_yaxis_transform()
        axes.text(right, -0.75, head, va="bottom", ha="right", fontsize=style.NORMAL, transform=where)
        for row, text in enumerate(texts):
            axes.text(right, row, text, va="center_baseline", ha="right", transform=where)


def _alt(
    model: ShownModel,
    facts: LabelFacts,
    names: Sequence[str],
    say: Words,
    *,
    losses: bool,
) -> str:
    told = "; ".join(
        say.alt_label.format(
            name=name,
            f1=say.percent(facts.f1[name].value) if facts.f1[name].decided else "–",
            share=say.percent(facts.share[name].value),
        )
        for name in names
    )
    measured = say.alt_labels.format(
        accuracy=say.percent(facts.accuracy.value), wrong=say.percent(facts.hamming_loss.value), labels=told
    )
    if not losses:
        return f"{model.title}. {measured}"
    epochs = say.counted(say.epochs, curves.longest([model]))
    course = say.alt_of_model.format(title=model.title, epochs=epochs, curves=curves.told(model, say))
    return f"{course} {measured}"
