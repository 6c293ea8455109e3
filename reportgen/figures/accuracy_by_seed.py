"""Draw the test accuracy of every seed, and the differences between models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen.errors import RenderError
from reportgen.figures import chart, style
from reportgen.figures.figure import Figure
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, POINTS, Look
from reportgen.figures.svg import columns, finish
from reportgen.figures.words import Words, words
from reportgen.results.noise import Correct
from reportgen.results.split_facts import SplitFacts
from reportgen.results.statistics import Comparison, compare

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW, _BELOW, _ABOVE = 1.15, 1.05, 0.55  # cm, as all of these
_WIDEST, _GAP, _DIFFERENCE = 5.6, 0.6, 4.9  # names at most so wide
_POINT: dict[str, Any] = {
    "marker": "o",
    "markersize": 4.4,
    "markerfacecolor": style.PAPER,
    "markeredgecolor": style.BLUE,
    "markeredgewidth": 0.9,
    "linestyle": "none",
    "zorder": 4,
}


def accuracy_by_seed(models: Sequence[ShownModel], look: Look = PLAIN) -> Figure:
    """Return each seed's test accuracy as a point, and every model minus the first with its 95 % interval.

    The interval is that of `reportgen.results.statistics.compare`.

    Raises
    ------
    RenderError
        The models were not tested on the same items.
    """
    say = words(look.language, look.pictures, look.items)
    tests = [record.evaluations["test"] for model in models for record in model.records]
    if not all(np.array_equal(tests[0].labels, test.labels) for test in tests):
        raise RenderError("the models were not tested on the same items")
    right = [model.tested(SplitFacts).correct for model in models]
    differences = [compare(each, right[0]) for each in right[1:]]
    rows, names = _ROW * len(models), [_shortened(model.title, look) for model in models]
    left = 0.3 + max(style.text_width(name, style.NORMAL, look.family) for name in names) / POINTS
    left = max(left, 3.0)
    with chart.sheet(look, style.WIDTH, _ABOVE + rows + _BELOW) as sheet:
        width = style.WIDTH - left - _GAP - _DIFFERENCE - 0.3
        points = chart.place(sheet, left, _BELOW, width, rows)
        _draw_points(points, names, right, left / width, say)
        beside = chart.place(sheet, left + width + _GAP, _BELOW, _DIFFERENCE, rows)
        _draw_differences(beside, differences, models[0].title, say, look)
        raw = chart.render(sheet, look)
    told = [_told(model, correct, say) for model, correct in zip(models, right, strict=True)]
    differ = [
        say.alt_differs.format(title=model.title, first=models[0].title, **_numbers(found, say))
        for model, found in zip(models[1:], differences, strict=True)
    ]
    alt = say.alt_by_seed.format(models="; ".join(told), differences="; ".join(differ))
    caption = say.caption_by_seed.format(first=models[0].title)
    if all(len(each) == 1 for each in right):
        caption = f"{caption} {say.caption_one_seed}"
    keys = tuple(key for model in models for key in model.keys)
    cut = (left + width + _GAP / 2) * POINTS
    parts = columns(style.WIDTH * POINTS, (_ABOVE + rows + _BELOW) * POINTS, cut)
    return Figure(finish(raw, alt, look, parts=parts), alt, caption, keys)


def _shortened(title: str, look: Look) -> str:
    return style.shortened(title, _WIDEST * POINTS, style.NORMAL, look.family)


def _draw_points(
    axes: Axes, names: Sequence[str], right: Sequence[Correct], margin: float, say: Words
) -> None:
    """Draw a row for each model, and its name in a margin of this many widths of the axes."""
    shares = [100 * correct.mean(axis=1) for correct in right]
    low, high = min(map(min, shares)), max(map(max, shares))
    reach = max(0.08 * (high - low), 0.3)
    _frame(axes, len(names), low - reach, high + reach, say)
    for row, (name, each) in enumerate(zip(names, shares, strict=True)):
        apart = np.linspace(-0.16, 0.16, len(each)) if len(each) > 1 else np.zeros(1)
        axes.plot([each.mean()] * 2, [row - 0.3, row + 0.3], color=style.INK, linewidth=1.2, zorder=3)
        axes.plot(each, row + apart, clip_on=False, **_POINT)
        about = say.seeds_mean.format(
            seeds=say.counted(say.seeds, len(each)), accuracy=say.percent(float(each.mean()) / 100)
        )
        place: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "ha": "left"}
        axes.text(-margin, row - 0.04, name, va="bottom", fontsize=style.NORMAL, **place)
        axes.text(-margin, row + 0.04, about, va="top", color=style.MUTED, **place)
    axes.set_xlabel(say.test_accuracy_axis)


def _draw_differences(
    axes: Axes, differences: Sequence[Comparison], first: str, say: Words, look: Look
) -> None:
    ends = [
        0.0,
        *(100 * end for found in differences for end in (found.interval.lower, found.interval.upper)),
    ]
    margin = max(0.08 * (max(ends) - min(ends)), 0.2)
    _frame(axes, len(differences) + 1, min(ends) - margin, max(ends) + margin, say)
    axes.axvline(0, color=style.INK, linewidth=0.6)
    middle = sum(axes.get_xlim()) / 2
    for row, found in enumerate(differences, start=1):
        interval = [100 * found.interval.lower, 100 * found.interval.upper]
        axes.plot(interval, [row + 0.12] * 2, color=style.RUST, linewidth=1.6, solid_capstyle="butt")
        axes.plot([100 * found.difference], [row + 0.12], "D", markersize=4.2, color=style.RUST, zorder=4)
        text = say.difference_with_interval.format(**_numbers(found, say))
        paper: dict[str, Any] = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.4}
        axes.text(middle, row - 0.12, text, ha="center", va="bottom", bbox=paper, zorder=3.5)
    around = style.text_width(say.minus_first.format(first=""), style.NORMAL, look.family)
    name = style.shortened(first, (_DIFFERENCE + 0.4) * POINTS - around, style.NORMAL, look.family)
    axes.set_xlabel(say.minus_first.format(first=name))


def _frame(axes: Axes, rows: int, low: float, high: float, say: Words) -> None:
    axes.set_xlim(low, high)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    axes.hlines(np.arange(rows - 1) + 0.5, low, high, color=style.RULE, linewidth=0.4)
    axes.spines["left"].set_visible(False)
    ticks = chart.even_ticks(low, high, 5)
    axes.set_xticks(ticks, say.ticks(ticks))


def _numbers(found: Comparison, say: Words) -> dict[str, str]:
    values = {"difference": found.difference, "lower": found.interval.lower, "upper": found.interval.upper}
    return {name: say.signed(100 * value, 1) for name, value in values.items()}


def _told(model: ShownModel, correct: Correct, say: Words) -> str:
    shares = [say.percent(float(share)) for share in correct.mean(axis=1)]
    if len(shares) == 1:
        return f"{model.title} {shares[0]}"
    return say.alt_seeds.format(
        title=model.title, mean=say.percent(float(correct.mean())), seeds=", ".join(shares)
    )
