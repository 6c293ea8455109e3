"""How much a model depends on each column of its table, or on each of several inputs."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen.errors import Problem, RenderError
from reportgen.figures import chart, style
from reportgen.figures.figure import Figure
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, POINTS, Look
from reportgen.figures.svg import finish
from reportgen.figures.words import Words, words
from reportgen.training.importance import COLUMNS, REPEATS, ROWS
from reportgen.training.record import Record

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW, _ABOVE, _BELOW = 0.42, 0.2, 0.95  # cm
_MOST = 20  # columns
_EACH: dict[str, Any] = {
    "marker": "o",
    "markersize": 2.4,
    "linestyle": "none",
    "color": style.RUST,
    "alpha": 0.45,
}
_MEAN: dict[str, Any] = {"marker": "D", "markersize": 4.6, "linestyle": "none", "color": style.BLUE}


def importance(model: ShownModel, look: Look = PLAIN) -> Figure:
    """Return by how much a model gets worse where a column of the validation rows, or an input, is shuffled.

    A point is one shuffling, a diamond their mean; sorted, the most important column first. Of several seeds
    the first is shown.

    Raises
    ------
    RenderError
        Its importances were not measured; says why.
    """
    record = model.first
    if not record.importance:
        raise RenderError(Problem("", 0, *_why(model.title, record)))
    say = words(look.language, look.pictures, look.items)
    unit = 1 if record.regression else 100
    means = {name: fmean(drops) for name, drops in record.importance.items()}
    order = sorted(means, key=lambda name: -means[name])
    shown = order[:_MOST]
    height = _ABOVE + _ROW * len(shown) + _BELOW
    with chart.sheet(look, look.width, height) as sheet:
        names = [style.shortened(name, 4.5 * POINTS, style.NORMAL, look.family) for name in shown]
        left = 0.3 + max(style.text_width(name, style.NORMAL, look.family) for name in names) / POINTS
        axes = chart.place(sheet, left, _BELOW, look.width - left - 0.4, _ROW * len(shown))
        drops = [[unit * drop for drop in record.importance[name]] for name in shown]
        _draw(axes, names, drops, _axis(record, say), say, look)
        raw = chart.render(sheet, look)
    told = [_told(name, record, say) for name in shown]
    alt = (say.alt_importance_inputs if record.inputs else say.alt_importance).format(
        title=model.title, columns="; ".join(told)
    )
    rows = min(len(record.evaluations["validation"].labels), ROWS)
    read = say.caption_importance_inputs if record.inputs else say.caption_importance
    caption = [read.format(title=model.title, count=say.count(rows), repeats=say.count(REPEATS))]
    if len(shown) < len(order):
        caption.append(say.caption_columns.format(shown=len(shown), count=len(order)))
    if len(model.records) > 1:
        caption.append(say.caption_first_seed.format(runs=len(model.records), seed=record.seed))
    return Figure(finish(raw, alt, look), alt, " ".join(caption), (record.key,))


def _axis(record: Record, say: Words) -> str:
    """Return what gets worse: accuracy, the mean absolute error of a number, or R² of several."""
    if not record.regression:
        return say.lost_accuracy_axis
    several = record.evaluations["validation"].labels.ndim > 1
    return say.lost_explained_axis if several else say.gained_error_axis


def _why(title: str, record: Record) -> tuple[str, str]:
    """Return why there are no importances, and what to do about it."""
    if record.function:
        message = f"{record.function}() returns predictions only, and other inputs can't be given to it"
        return f"{title}: {message}", "leave the figure out, or return an estimator from a builder"
    if not record.inputs and len(record.architecture.layers[0].output_shape) != 2:
        return f"{title}: importances are of the columns of a table, and its inputs are none", ""
    remedy = f"train it again by another seed or in another store; they need at most {COLUMNS} columns"
    return f"{title}: no importances were measured when it was trained", remedy


def _told(name: str, record: Record, say: Words) -> str:
    mean, spread = fmean(record.importance[name]), float(np.std(record.importance[name], ddof=1))
    values = (mean, spread)
    shown = [say.significant(each) if record.regression else say.points(each) for each in values]
    return say.alt_column.format(name=name, mean=shown[0], spread=shown[1])


def _draw(
    axes: Axes, names: Sequence[str], drops: Sequence[Sequence[float]], label: str, say: Words, look: Look
) -> None:
    every = [0.0, *(each for row in drops for each in row)]
    edge = 0.04 * (max(every) - min(every)) or 1
    low, high = min(every) - edge, max(every) + edge
    axes.set_xlim(low, high)
    axes.set_ylim(len(names) - 0.5, -0.5)
    rows = range(len(names))
    axes.hlines(rows, low, high, color=style.RULE, linewidth=0.4)
    axes.axvline(0, color=style.MUTED, linewidth=0.8)
    for row, values in zip(rows, drops, strict=True):
        axes.plot(values, [row] * len(values), clip_on=False, zorder=3, **_EACH)
        axes.plot([fmean(values)], [row], clip_on=False, zorder=4, **_MEAN)
    axes.set_yticks(rows, names, fontsize=style.NORMAL)
    axes.tick_params(axis="y", length=0, pad=4)
    axes.spines["left"].set_visible(False)
    ticks = chart.even_ticks(low, high, 4 if look.narrow else 8)
    axes.set_xticks(ticks, say.ticks(ticks))
    axes.set_xlabel(label)
