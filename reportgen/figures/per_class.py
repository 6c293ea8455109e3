"""Recall and precision of every class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen.figures import chart, style
from reportgen.figures.confusion import Counts
from reportgen.figures.figure import Figure
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, POINTS, Look
from reportgen.figures.svg import finish
from reportgen.figures.words import Words, words
from reportgen.results import metrics
from reportgen.training.record import Evaluation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW, _ABOVE, _BELOW = 0.4, 0.65, 0.95  # cm, as all of these
_COLUMN = 1.75  # of numbers
_MOST = 30  # rows
_RECALL: dict[str, Any] = {"marker": "o", "markersize": 5, "color": style.BLUE}
_PRECISION: dict[str, Any] = {
    "marker": "D",
    "markersize": 4.4,
    "color": style.RUST,
    "markerfacecolor": style.PAPER,
    "markeredgewidth": 1,
}


def per_class(model: ShownModel, look: Look = PLAIN) -> Figure:
    """Return recall and precision of every class on the test images, as dots and as numbers.

    Sorted by recall, the best first; with more classes than fit a page, those with the lowest recall.
    Of several seeds the first is shown.
    """
    say = words(look.language, look.pictures, look.items)
    test = model.first.evaluations["test"]
    hits, there, taken = _counts(test, len(model.names))
    recall = np.divide(hits, there, out=np.full(len(model.names), np.nan), where=there > 0)
    precision = np.divide(hits, taken, out=np.full(len(model.names), np.nan), where=taken > 0)
    order = sorted(range(len(model.names)), key=lambda i: (-np.nan_to_num(recall[i], nan=-1), i))[-_MOST:]
    names = [model.names[i] for i in order]
    accuracy = model.of_first_seed.test.measure.value
    height = _ABOVE + _ROW * len(order) + _BELOW
    with chart.sheet(look, look.width, height) as sheet:
        shown = [style.shortened(name, 3.5 * POINTS, style.NORMAL, look.family) for name in names]
        left = 0.2 + max(style.text_width(name, style.NORMAL, look.family) for name in shown) / POINTS
        width = look.width - left - 2 * _COLUMN - 0.2
        axes = chart.place(sheet, left, _BELOW, width, _ROW * len(order))
        _draw(axes, shown, 100 * recall[order], 100 * precision[order], 100 * accuracy, say, look)
        _write_numbers(axes, recall[order], precision[order], width, say, look)
        raw = chart.render(sheet, look)
    told = [
        say.alt_class.format(
            name=name,
            recall=say.percent(recall[i]) if there[i] else say.none_of_class,
            precision=say.percent(precision[i]) if taken[i] else say.never_predicted,
        )
        for name, i in zip(names, order, strict=True)
    ]
    alt = say.alt_per_class.format(title=model.title, classes="; ".join(told))
    several = test.task == "multilabel"
    caption = [(say.caption_per_label if several else say.caption_per_class).format(title=model.title)]
    if len(order) < len(model.names):
        caption.append(say.caption_lowest.format(shown=len(order), classes=say.count(len(model.names))))
    if len(model.records) > 1:
        caption.append(say.caption_first_seed.format(runs=len(model.records), seed=model.first.seed))
    return Figure(finish(raw, alt, look), alt, " ".join(caption), (model.first.key,))


def _counts(test: Evaluation, classes: int) -> tuple[Counts, Counts, Counts]:
    """Return of each class, or label, how many items were found, are of it, and were taken for it."""
    if test.task == "multilabel":
        found = (test.labels & test.predicted, test.labels, test.predicted)
        hits, there, taken = (each.sum(axis=0) for each in found)
        return hits, there, taken
    margins = metrics.margins(test.labels, test.predicted, classes)
    return margins.hits, margins.true, margins.taken


def _draw(
    axes: Axes,
    names: Sequence[str],
    recall: chart.Values,
    precision: chart.Values,
    accuracy: float,
    say: Words,
    look: Look,
) -> None:
    rows = np.arange(len(names))
    values = np.concatenate([recall, precision, [accuracy]])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    low, high = max(low - 0.06 * (high - low) - 1, 0), min(high + 0.06 * (high - low) + 1, 100.5)
    axes.set_xlim(low, high)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.hlines(rows, low, high, color=style.RULE, linewidth=0.4)
    both = np.isfinite(recall) & np.isfinite(precision)
    axes.hlines(rows[both], recall[both], precision[both], color=style.MUTED, linewidth=0.9)
    axes.axvline(accuracy, color=style.MUTED, linewidth=0.6, linestyle=(0, (1, 1.5)))
    overall = say.overall.format(accuracy=say.percent(accuracy / 100))
    axes.text(accuracy, -0.65, overall, ha="center", va="bottom", color=style.MUTED)
    axes.plot(recall, rows, linestyle="none", clip_on=False, zorder=4, **_RECALL)
    axes.plot(precision, rows, linestyle="none", clip_on=False, zorder=3, **_PRECISION)
    axes.set_yticks(rows, names, fontsize=style.NORMAL)
    axes.tick_params(axis="y", length=0, pad=4)
    axes.spines["left"].set_visible(False)
    ticks = chart.even_ticks(low, high, 4 if look.narrow else 8)
    axes.set_xticks(ticks, say.ticks(ticks))
    axes.set_xlabel(say.share_axis)


def _write_numbers(
    axes: Axes, recall: chart.Values, precision: chart.Values, width: float, say: Words, look: Look
) -> None:
    """Write both numbers of every row in columns right of the axes, with each column's mark at its head."""
    across = axes.get_yaxis_transform()
    for column, (head, values, mark) in enumerate(
        ((say.recall, recall, _RECALL), (say.precision, precision, _PRECISION)), start=1
    ):
        right = 1 + (column * _COLUMN + 0.1) / width
        cell: dict[str, Any] = {"transform": across, "ha": "right"}
        axes.text(right, -0.8, head, va="bottom", color=mark["color"], fontsize=style.NORMAL, **cell)
        beside = right - (style.text_width(head, style.NORMAL, look.family) / POINTS + 0.17) / width
        axes.plot([beside], [-1.02], transform=across, clip_on=False, linestyle="none", **mark)
        for row, value in enumerate(values):
            axes.text(right, row, say.percent(float(value)), va="center_baseline", **cell)
