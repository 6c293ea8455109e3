"""Learning curves of several models on the same axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportgen.figures import chart, curves, style
from reportgen.figures.figure import Figure
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, POINTS, Look
from reportgen.figures.svg import Part, columns, finish
from reportgen.figures.words import Words, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet

_LEFT, _GAP, _BELOW, _DOWN = 1.15, 1.0, 0.95, 3.3  # cm, as all of these; the gap has ticks
_APART = 0.55  # between rows
_ACROSS = (style.WIDTH - _LEFT - _GAP - 0.2) / 2
_ROW, _SAMPLE = 0.5, 0.9  # of the legend: a row, and the line before a title
_HEAD = 0.55
_PANELS = (("loss", "val_loss"), ("accuracy", "val_accuracy"))


def learning_curves(models: Sequence[ShownModel], look: Look = PLAIN) -> Figure:
    """Return loss and accuracy by epoch of several models: training left, validation right.

    Where one has no accuracies, losses only.
    """
    say = words(look.language, look.pictures, look.items)
    for model in models:
        curves.require_epochs(model)
    reach = curves.extent(models)
    legend = _legend([model.title for model in models], look)
    rows = legend[-1][1] + 1
    panels = _PANELS if all(curves.by_accuracy(model.first) for model in models) else _PANELS[:1]
    down = len(panels) * _DOWN + (len(panels) - 1) * _APART
    height = _BELOW + down + _HEAD + rows * _ROW
    with chart.sheet(look, style.WIDTH, height) as sheet:
        for row, (names, reached) in enumerate(zip(panels, (reach.loss, reach.accuracy), strict=False)):
            for column, name in enumerate(names):
                left, bottom = (
                    _LEFT + column * (_ACROSS + _GAP),
                    _BELOW + (len(panels) - 1 - row) * (_DOWN + _APART),
                )
                axes = chart.place(sheet, left, bottom, _ACROSS, _DOWN)
                curves.frame(axes, names[0], curves.longest(models), reached, say)
                for model, line in zip(models, style.LINES, strict=False):
                    curves.draw(axes, model, name, **line)
                for model, line in zip(models, style.LINES, strict=False):
                    curves.mark(axes, model, name, line["color"])
                axes.yaxis.set_label_coords(-0.78 / _ACROSS, 0.5)
                axes.tick_params(labelbottom=row == len(panels) - 1)
                if column:
                    axes.set_ylabel("")
                if row == len(panels) - 1:
                    axes.set_xlabel(say.epoch, labelpad=3)
                if not row:
                    axes.set_title(
                        (say.training, say.validation)[column], loc="left", pad=4, fontsize=style.NORMAL
                    )
        _draw_legend(sheet, models, legend, height, look)
        raw = chart.render(sheet, look)
    alt = _alt(models, say)
    caption = [say.caption_learning_curves]
    if any(len(model.records) > 1 for model in models):
        caption.append(say.caption_bands)
    svg = finish(raw, alt, look, parts=_parts(legend, height, look))
    return Figure(svg, alt, " ".join(caption), tuple(key for model in models for key in model.keys))


def _legend(titles: Sequence[str], look: Look) -> list[tuple[float, int, str]]:
    """Return left edge in cm, row and text of every entry."""
    found: list[tuple[float, int, str]] = []
    left, row = _LEFT, 0
    for title in titles:
        text = style.shortened(title, (style.WIDTH - _LEFT - _SAMPLE) * POINTS, style.NORMAL, look.family)
        width = _SAMPLE + style.text_width(text, style.NORMAL, look.family) / POINTS
        if found and left + width > style.WIDTH:
            left, row = _LEFT, row + 1
        found.append((left, row, text))
        left += width + 0.6
    return found


def _parts(legend: Sequence[tuple[float, int, str]], height: float, look: Look) -> list[Part]:
    """Return the legend as wide as it is, training, and validation."""
    top = _ROW * (legend[-1][1] + 1) * POINTS
    ends = [
        (left + _SAMPLE) * POINTS + style.text_width(text, style.NORMAL, look.family)
        for left, _, text in legend
    ]
    cut = (_LEFT + _ACROSS + 0.2) * POINTS
    below = columns(style.WIDTH * POINTS, height * POINTS - top, cut)
    return [(0.0, 0.0, max(ends) + 2, top), *((left, top, wide, down) for left, _, wide, down in below)]


def _draw_legend(
    sheet: Sheet,
    models: Sequence[ShownModel],
    legend: Sequence[tuple[float, int, str]],
    height: float,
    look: Look,
) -> None:
    axes = chart.place(sheet, 0, 0, style.WIDTH, height)
    axes.set(xlim=(0, style.WIDTH), ylim=(0, height))
    axes.axis("off")
    for (left, row, text), line in zip(legend, style.LINES, strict=False):
        y = height - _ROW * (row + 0.5)
        axes.plot([left, left + _SAMPLE - 0.2], [y, y], linewidth=1.3, **line)
        axes.text(left + _SAMPLE, y, text, va="center_baseline", color=line["color"], fontsize=style.NORMAL)


def _alt(models: Sequence[ShownModel], say: Words) -> str:
    told = [
        say.alt_of_model.format(
            title=say.mean_of_seeds.format(title=model.title, runs=len(model.records))
            if len(model.records) > 1
            else model.title,
            epochs=say.counted(say.epochs, curves.longest([model])),
            curves=curves.told(model, say),
        )
        for model in models
    ]
    return say.alt_learning_curves.format(models=" ".join(told))
