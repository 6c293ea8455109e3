"""Draw a reliability diagram: whether a model is right as often as it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import RenderError
from reportgen.figures import chart, style
from reportgen.figures.figure import Figure
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, POINTS, Look
from reportgen.figures.svg import columns, finish
from reportgen.figures.words import Words, words
from reportgen.results.probabilities import BINS, bins
from reportgen.results.split_facts import SplitFacts
from reportgen.results.statistics import wilson

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEIGHT, _LEFT, _BELOW, _SIDE = 7.4, 1.3, 1.05, 6.0  # cm, as all of these
_PARTS = columns(style.WIDTH * POINTS, _HEIGHT * POINTS, (_LEFT + _SIDE + 0.4) * POINTS)


@dataclass(frozen=True)
class _Bins:
    """What was found in each bin of confidence that holds answers: shares of 1, and their number."""

    confidence: chart.Values
    accuracy: chart.Values
    count: chart.Values


def reliability(model: ShownModel, look: Look = PLAIN) -> Figure:
    """Return accuracy against confidence on the test images, in ten bins, and how often each is used.

    Answers of all seeds are put together; the expected calibration error is the mean over seeds.

    Raises
    ------
    RenderError
        A record kept no confidences.
    """
    say = words(look.language, look.pictures, look.items)
    tests = [record.evaluations["test"] for record in model.records]
    if any(len(test.confidence) != len(test.labels) for test in tests):
        raise RenderError("no confidences were kept of its answers")
    sure = np.concatenate([test.confidence for test in tests]).astype(np.float64)
    right = np.concatenate([test.correct for test in tests])
    found = _binned(sure, right)
    facts = model.tested(SplitFacts)
    with chart.sheet(look, style.WIDTH, _HEIGHT) as sheet:
        axes = chart.place(sheet, _LEFT, _BELOW, _SIDE, _SIDE)
        _draw_bins(axes, found, len(model.records), say)
        beside = chart.place(sheet, _LEFT + _SIDE + 1.7, _BELOW, style.WIDTH - _LEFT - _SIDE - 2.0, _SIDE)
        _draw_use(beside, sure, right, say)
        raw = chart.render(sheet, look)
    values = {
        "title": model.title,
        "error": say.points(facts.calibration_error.value),
        "confidence": say.percent(float(sure.mean())),
        "accuracy": say.percent(facts.accuracy.value),
    }
    told = [
        say.alt_bin.format(confidence=say.percent(float(confidence)), accuracy=say.percent(float(accuracy)))
        for confidence, accuracy in zip(found.confidence, found.accuracy, strict=True)
    ]
    alt = say.alt_reliability.format(bins="; ".join(told), **values)
    caption = [say.caption_reliability.format(**values)]
    if len(model.records) > 1:
        caption.append(say.caption_pooled.format(runs=len(model.records)))
    return Figure(finish(raw, alt, look, parts=_PARTS), alt, " ".join(caption), model.keys)


def _binned(sure: chart.Values, right: NDArray[np.bool_]) -> _Bins:
    """Return the bins (0, 0.1], (0.1, 0.2] … that hold answers."""
    place = bins(sure)
    count = np.bincount(place, minlength=BINS).astype(np.float64)
    used = count > 0
    sums = (np.bincount(place, each, minlength=BINS)[used] for each in (sure, right))
    confidence, accuracy = (total / count[used] for total in sums)
    return _Bins(confidence, accuracy, count[used])


def _draw_bins(axes: Axes, found: _Bins, runs: int, say: Words) -> None:
    axes.plot([0, 100], [0, 100], color=style.MUTED, linewidth=0.7, linestyle=(0, (1, 1.5)))
    confidence, accuracy = 100 * found.confidence, 100 * found.accuracy
    for x, share, count in zip(confidence, found.accuracy, found.count, strict=True):
        images = max(round(count / runs), 1)  # seeds answer for the same images
        interval = wilson(round(share * images), images)
        ends = [100 * interval.lower, 100 * interval.upper]
        axes.plot([x, x], ends, color=style.MUTED, linewidth=1.0, solid_capstyle="butt")
    axes.plot(confidence, accuracy, color=style.BLUE, marker="o", markersize=4, linewidth=1.1, zorder=4)
    axes.set(xlim=(0, 100), ylim=(0, 100))
    ticks = chart.even_ticks(0, 100, 5)
    axes.set_xticks(ticks, say.ticks(ticks))
    axes.set_yticks(ticks, say.ticks(ticks))
    axes.set_xlabel(say.confidence_axis)
    axes.set_ylabel(say.right_axis)
    axes.grid()


def _draw_use(axes: Axes, sure: chart.Values, right: NDArray[np.bool_], say: Words) -> None:
    """Draw how many answers fall in each bin, and mean confidence and accuracy as lines."""
    share, edges = np.histogram(sure, bins=BINS, range=(0, 1))
    share = 100 * share / len(sure)
    axes.bar(100 * edges[:-1] + 0.5, share, width=9, align="edge", color=style.ramp()[20])
    axes.set(xlim=(0, 100), ylim=(0, 1.22 * share.max()))
    middle, accuracy = 100 * float(sure.mean()), 100 * float(right.mean())
    lines = (
        (accuracy, say.right_mean, style.BLUE, "solid"),
        (middle, say.sure_mean, style.RUST, (0, (3.2, 1.4))),
    )
    for place, (value, name, colour, dash) in enumerate(lines):
        axes.axvline(value, color=colour, linewidth=1.1, linestyle=dash)
        text = name.format(share=say.percent(value / 100))
        top = (1.21 - 0.085 * place) * share.max()
        side = "right" if value > 50 else "left"
        paper = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.6}
        axes.text(
            value + (-1.5 if value > 50 else 1.5), top, text, color=colour, ha=side, va="top", bbox=paper
        )
    across = chart.even_ticks(0, 100, 5)
    axes.set_xticks(across, say.ticks(across))
    up = chart.even_ticks(0, 1.22 * float(share.max()), 5)
    axes.set_yticks(up, say.ticks(up))
    axes.set_xlabel(say.confidence_axis)
    axes.set_ylabel(say.answers_axis)
    axes.grid(axis="y")
