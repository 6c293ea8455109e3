"""Compare all models in one figure: accuracy, interval, size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen.errors import Problem, RenderError
from reportgen.figures import chart, style
from reportgen.figures.figure import Figure
from reportgen.figures.placing import Box, place_labels
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, Look
from reportgen.figures.svg import finish
from reportgen.figures.words import Words, words
from reportgen.results.split_facts import SplitFacts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEIGHT = 8.6  # cm
_MARKS = ("o", "s", "^", "D", "v", "P")  # one a data set, the first filled
_LONGEST = 170.0  # points, of a title
_LONGEST_NARROW = 135.0
_REACH = 2.2  # points from a mark's middle to its edge


@dataclass(frozen=True)
class _Mark:
    label: str
    parameters: int
    accuracy: float  # per cent, like all of these
    lower: float
    upper: float
    runs: tuple[float, ...]
    dataset: int


def comparison(models: Sequence[ShownModel], look: Look = PLAIN) -> Figure:
    """Return test accuracy, with its interval, against the number of parameters.

    The interval is `accuracy_interval`'s: Wilson's for one seed, Student's over several. Every model is
    named beside its mark, with its data set where that isn't the one that most models see.
    """
    for model in models:
        if not model.first.network:
            remedy = "show report.efficiency instead"
            raise RenderError(Problem("", 0, f"{model.title} has no parameters to compare", remedy))
    say = words(look.language, look.pictures, look.items)
    seen = [model.dataset for model in models]
    datasets = sorted(dict.fromkeys(seen), key=lambda dataset: -seen.count(dataset))  # the usual one first
    marks = [_mark(model, datasets, say, look) for model in models]
    with chart.sheet(look, look.width, _HEIGHT) as sheet:
        axes = chart.place(sheet, 1.3, 1.1, look.width - 1.6, _HEIGHT - 1.4)
        _frame(axes, marks, say)
        places = axes.transData.transform([(mark.parameters, mark.accuracy) for mark in marks])
        shifts = _apart(places, [_bar(axes, mark) for mark in marks])
        _draw(axes, marks, places + np.stack([shifts, np.zeros(len(marks))], axis=1), look)
        raw = chart.render(sheet, look)
    alt = _alt(models, marks, say)
    caption = [say.caption_comparison]
    if len(datasets) > 1:
        caption.append(say.caption_dataset.format(dataset=datasets[0]))
    if any(len(model.records) > 1 for model in models):
        caption.append(say.caption_seed_mean)
    if np.any(shifts):
        caption.append(say.caption_side_by_side)
    keys = tuple(key for model in models for key in model.keys)
    return Figure(finish(raw, alt, look), alt, " ".join(caption), keys)


def _mark(model: ShownModel, datasets: list[str], say: Words, look: Look) -> _Mark:
    accuracy = model.tested(SplitFacts).accuracy
    lower, upper = accuracy.interval
    longest = _LONGEST_NARROW if look.narrow else _LONGEST
    title = style.shortened(model.title, longest, _size(look), look.family)
    if model.dataset != datasets[0]:
        title = say.on_dataset.format(title=title, dataset=model.dataset)
    return _Mark(
        f"{title}, {say.percent(accuracy.value)}",
        model.first.architecture.total,
        100 * accuracy.value,
        100 * lower,
        100 * upper,
        tuple(100 * share for share in accuracy.seeds),
        datasets.index(model.dataset),
    )


def _size(look: Look) -> float:
    """Return the size of the labels, in points."""
    return style.SMALL if look.narrow else style.NORMAL


def _frame(axes: Axes, marks: Sequence[_Mark], say: Words) -> None:
    sizes = [max(mark.parameters, 1) for mark in marks]
    span = max(max(sizes) / min(sizes), 10)
    left, right = min(sizes) / span**0.19, max(sizes) * span**0.1  # names of the smallest fit left of them
    low, high = min(mark.lower for mark in marks), max(mark.upper for mark in marks)
    low, high = max(low - 0.08 * (high - low) - 1, 0), min(high + 0.08 * (high - low) + 1, 100)
    axes.set_xscale("log")
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)
    axes.minorticks_off()
    across, up = chart.log_ticks(left, right), chart.even_ticks(low, high, 6)
    axes.set_xticks(across, [say.count(round(tick)) for tick in across])
    axes.set_yticks(up, say.ticks(up))
    axes.grid(axis="y")
    axes.set_xlabel(say.parameters_axis)
    axes.set_ylabel(say.test_accuracy_axis)


def _bar(axes: Axes, mark: _Mark) -> tuple[float, float]:
    """Return where a mark's interval, or the mark itself, begins and ends, in points up the sheet."""
    values = (mark.lower, mark.accuracy, mark.upper)
    low, middle, high = axes.transData.transform([(mark.parameters, value) for value in values])[:, 1]
    return min(low, middle - _REACH), max(high, middle + _REACH)


def _apart(places: chart.Values, bars: Sequence[tuple[float, float]]) -> list[float]:
    """Return how far to move every mark to the right, in points, so that none covers another."""
    groups: list[list[int]] = []
    for i in sorted(range(len(places)), key=lambda i: (places[i][0], i)):
        near = (
            group
            for group in groups
            if any(
                abs(places[i][0] - places[k][0]) < 2 * _REACH + 1 and _overlap(bars[i], bars[k])
                for k in group
            )
        )
        if (group := next(near, None)) is None:
            groups.append([i])
        else:
            group.append(i)
    shifts = [0.0] * len(places)
    for group in groups:
        for position, i in enumerate(group):
            shifts[i] = (2 * _REACH + 1.5) * (position - (len(group) - 1) / 2)
    return shifts


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _draw(axes: Axes, marks: Sequence[_Mark], places: chart.Values, look: Look) -> None:
    from matplotlib.transforms import IdentityTransform

    points: dict[str, Any] = {"transform": IdentityTransform()}
    taken = []
    for mark, (x, y) in zip(marks, places, strict=True):
        _, (low, *runs, high) = axes.transData.transform(
            [(mark.parameters, value) for value in (mark.lower, *mark.runs, mark.upper)]
        ).T
        axes.plot([x, x], [low, high], color=style.MUTED, linewidth=1.0, solid_capstyle="butt", **points)
        for run in runs:
            axes.plot([x - 5, x - _REACH - 0.6], [run, run], color=style.MUTED, linewidth=0.7, **points)
        colour, face = ((style.BLUE, style.BLUE), (style.RUST, style.PAPER))[min(mark.dataset, 1)]
        shape = _MARKS[mark.dataset % len(_MARKS)]
        axes.plot(
            [x], [y], shape, color=colour, markerfacecolor=face, markersize=3.6, markeredgewidth=0.9, **points
        )
        taken.append(
            Box(x - (5 if runs else _REACH), min(low, y - _REACH), x + _REACH, max(high, y + _REACH))
        )
    frame = axes.get_window_extent()
    size = _size(look)
    sizes = [(style.text_width(mark.label, size, look.family), size) for mark in marks]
    anchors = [(float(x), float(y)) for x, y in places]
    area = Box(frame.x0 + 2, frame.y0 + 2, frame.x1, frame.y1)
    for mark, anchor, label in zip(marks, anchors, place_labels(anchors, sizes, taken, area), strict=True):
        if label.leader:
            axes.plot(
                *zip(anchor, label.leader, strict=True),
                color=style.MUTED,
                linewidth=0.4,
                zorder=1.6,
                **points,
            )
        edge = {
            "left": label.box.left,
            "right": label.box.right,
            "center": (label.box.left + label.box.right) / 2,
        }
        paper = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.3}  # stops the rules behind the text
        axes.text(
            edge[label.side],
            label.box.bottom + 0.25 * size,
            mark.label,
            fontsize=size,
            ha=label.side,
            va="baseline",
            bbox=paper,
            zorder=1.5,
            **points,
        )


def _alt(models: Sequence[ShownModel], marks: Sequence[_Mark], say: Words) -> str:
    several = len({model.dataset for model in models}) > 1
    told = [
        say.alt_compared.format(
            title=say.on_dataset.format(title=model.title, dataset=model.dataset) if several else model.title,
            accuracy=say.percent(mark.accuracy / 100),
            lower=say.percent(mark.lower / 100),
            upper=say.percent(mark.upper / 100),
            parameters=say.count(mark.parameters),
        )
        for mark, model in sorted(zip(marks, models, strict=True), key=lambda pair: -pair[0].accuracy)
    ]
    return say.alt_comparison.format(count=say.counted(say.models, len(models)), models="; ".join(told))
