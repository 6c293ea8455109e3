"""Compare accuracy with training time and number of parameters, one row a model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen.figures import chart, style
from reportgen.figures.figure import Figure
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, POINTS, Look
from reportgen.figures.svg import finish
from reportgen.figures.words import Words, words
from reportgen.results.split_facts import SplitFacts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet

_ROW, _HEAD, _BELOW = 0.66, 0.75, 0.1  # cm, as all of these
_NARROW_ROW = 1.2  # a name above its marks
_WIDEST = 5.4  # of a title
_MARK: dict[str, Any] = {"color": style.BLUE, "markersize": 5, "zorder": 4}


@dataclass(frozen=True)
class _Row:
    model: ShownModel
    accuracy: float
    lower: float
    upper: float
    seconds: float
    parameters: int | None


@dataclass(frozen=True)
class _Column:
    """A measure of all rows; `ends` are intervals, and without them its axis is logarithmic."""

    head: str
    values: Sequence[float]
    ends: Sequence[tuple[float, float]]
    texts: Sequence[str]
    room: float  # of the texts


def efficiency(models: Sequence[ShownModel], look: Look = PLAIN) -> Figure:
    """Return test accuracy with its 95 % interval, training time and parameters of each model.

    A row a model, the most accurate first. Of several seeds accuracy and time are means.
    """
    say = words(look.language, look.pictures, look.items)
    seen = [model.dataset for model in models]
    usual = max(dict.fromkeys(seen), key=seen.count)
    rows = sorted((_row(model) for model in models), key=lambda row: -row.accuracy)
    names = [_label(row, usual, say, look) for row in rows]
    height = _HEAD + (_NARROW_ROW if look.narrow else _ROW) * len(rows) + _BELOW
    with chart.sheet(look, look.width, height) as sheet:
        _draw(sheet, rows, names, say, look)
        raw = chart.render(sheet, look)
    told = "; ".join(_told(row, usual, say) for row in rows)
    alt = say.alt_efficiency.format(count=say.counted(say.models, len(rows)), models=told)
    caption = [say.caption_efficiency]
    if set(seen) != {usual}:
        caption.append(say.caption_dataset.format(dataset=usual))
    if any(len(model.records) > 1 for model in models):
        caption.append(say.caption_means)
    keys = tuple(key for model in models for key in model.keys)
    return Figure(finish(raw, alt, look), alt, " ".join(caption), keys)


def _row(model: ShownModel) -> _Row:
    accuracy = model.tested(SplitFacts).accuracy
    return _Row(
        model,
        accuracy.value,
        *accuracy.interval,
        float(np.mean([record.environment.seconds for record in model.records])),
        model.first.architecture.total if model.first.network else None,
    )


def _label(row: _Row, usual: str, say: Words, look: Look) -> str:
    """Return the title, shortened, and the data set where it isn't the usual one."""
    dataset = row.model.dataset
    around = "" if dataset == usual else say.on_dataset.format(title="", dataset=dataset)
    room = _WIDEST * POINTS - style.text_width(around, style.NORMAL, look.family)
    title = style.shortened(row.model.title, max(room, 40), style.NORMAL, look.family)
    return say.on_dataset.format(title=title, dataset=dataset) if around else title


def _told(row: _Row, usual: str, say: Words) -> str:
    """Return a row in words; what is no network has no parameters."""
    title, dataset = row.model.title, row.model.dataset
    parts = [
        title if dataset == usual else say.on_dataset.format(title=title, dataset=dataset),
        say.percent(row.accuracy),
        say.duration(row.seconds),
    ]
    if row.parameters is not None:
        parts.append(say.counted(say.parameters, row.parameters))
    return ", ".join(parts)


def _size(row: _Row, say: Words) -> str:
    return "–" if row.parameters is None else say.count(row.parameters)


def _columns(rows: Sequence[_Row], say: Words) -> tuple[_Column, ...]:
    seconds, sizes = (
        [row.seconds for row in rows],
        [math.nan if row.parameters is None else float(row.parameters) for row in rows],
    )
    accuracies = _Column(
        say.accuracy,
        [row.accuracy for row in rows],
        [(row.lower, row.upper) for row in rows],
        [say.percent(row.accuracy) for row in rows],
        1.45,
    )
    times = _Column(say.time, seconds, [], [say.duration(value) for value in seconds], 1.55)
    counts = _Column(say.weights, sizes, [], [_size(row, say) for row in rows], 1.95)
    return accuracies, times, counts


def _draw(sheet: Sheet, rows: Sequence[_Row], names: Sequence[str], say: Words, look: Look) -> None:
    """Draw three panels side by side, each with its numbers at the right, and the names of the rows."""
    columns = _columns(rows, say)
    left, row = 0.2, _NARROW_ROW
    if not look.narrow:
        left = 0.25 + max(style.text_width(name, style.NORMAL, look.family) for name in names) / POINTS
        row = _ROW
    width = (look.width - left - sum(column.room for column in columns)) / len(columns)
    for place, column in enumerate(columns):
        axes = chart.place(sheet, left, _BELOW, width, row * len(rows))
        _draw_column(axes, column, width)
        if not place:
            _write_names(axes, names, look)
        left += width + column.room


def _write_names(axes: Axes, names: Sequence[str], look: Look) -> None:
    """Write the names of the rows left of the first panel, on a narrow drawing above their marks."""
    if not look.narrow:
        axes.set_yticks(range(len(names)), names, fontsize=style.NORMAL)
        return
    axes.set_zorder(1)  # names may reach into the next panel
    cell: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "bottom"}
    for row, name in enumerate(names):
        axes.text(0, row - 0.2, name, fontsize=style.NORMAL, **cell)


def _draw_column(axes: Axes, column: _Column, width: float) -> None:
    """Draw the marks of a column, and write its numbers beside the axes, which are `width` wide."""
    values = [max(value, 1e-9) for value in column.values]  # what is no number stays so
    _frame(axes, column.ends or [(value, value) for value in values], logarithmic=not column.ends)
    for row, (low, high) in enumerate(column.ends):
        axes.plot([low, high], [row] * 2, color=style.MUTED, linewidth=1.4, solid_capstyle="butt", zorder=3)
    axes.plot(values, range(len(values)), "o" if column.ends else "D", clip_on=False, **_MARK)
    cell: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "ha": "right"}
    right = 1 + (column.room - 0.15) / width
    for row, text in enumerate(column.texts):
        axes.text(right, row, text, va="center_baseline", **cell)
    axes.text(right, -0.75, column.head, va="bottom", fontsize=style.NORMAL, **cell)


def _frame(axes: Axes, ends: Sequence[tuple[float, float]], *, logarithmic: bool) -> None:
    there = [end for end in ends if not math.isnan(end[0])] or [(1.0, 1.0)]
    low, high = min(low for low, _ in there), max(high for _, high in there)
    if logarithmic:
        low, high = max(low, 1e-9), max(high, 1e-9)
        reach = max((high / low) ** 0.12, 1.2)
        axes.set_xscale("log")
        axes.set_xlim(low / reach, high * reach)
    else:
        reach = max(0.08 * (high - low), 0.005)
        axes.set_xlim(low - reach, high + reach)
    axes.set_ylim(len(ends) - 0.5, -0.5)
    axes.hlines(range(len(ends)), *axes.get_xlim(), color=style.RULE, linewidth=0.4)
    axes.minorticks_off()
    axes.set_xticks([])
    axes.set_yticks([])
    axes.tick_params(axis="y", length=0, pad=4)
    axes.spines[:].set_visible(False)
