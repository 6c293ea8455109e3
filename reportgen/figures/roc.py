"""Draw how well probabilities rank two classes: ROC and precision-recall curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import RenderError
from reportgen.figures import chart, style
from reportgen.figures.figure import Figure
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, POINTS, Look
from reportgen.figures.svg import columns, finish
from reportgen.figures.words import Words, words
from reportgen.results import probabilities
from reportgen.results.split_facts import SplitFacts
from reportgen.training.record import Evaluation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEIGHT, _SIDE, _LEFT, _BELOW, _GAP = 6.9, 5.6, 1.5, 0.95, 2.2  # cm
_PARTS = columns(style.WIDTH * POINTS, _HEIGHT * POINTS, (_LEFT + _SIDE + 0.3) * POINTS)
_MOST = 400  # points of a curve


def roc(model: ShownModel, look: Look = PLAIN) -> Figure:
    """Return the ROC curve and the precision-recall curve of the second of two classes, a line a seed.

    Raises
    ------
    RenderError
        There are more classes, or no probabilities were kept.
    """
    tests = [record.evaluations["test"] for record in model.records]
    if len(model.names) != 2:
        raise RenderError(f"{model.title} tells {len(model.names)} classes apart, and this figure is of two")
    if any(len(test.confidence) != len(test.labels) for test in tests):
        raise RenderError("no confidences were kept of its answers")
    if len(np.unique(tests[0].labels)) < 2:
        raise RenderError("the test examples are all of one class")
    say = words(look.language, look.pictures, look.items)
    with chart.sheet(look, style.WIDTH, _HEIGHT) as sheet:
        left = chart.place(sheet, _LEFT, _BELOW, _SIDE, _SIDE)
        right = chart.place(sheet, _LEFT + _SIDE + _GAP, _BELOW, _SIDE, _SIDE)
        _draw(left, right, tests, say)
        raw = chart.render(sheet, look)
    facts = model.tested(SplitFacts)
    values = {
        "title": model.title,
        "positive": model.names[1],
        "area": say.significant(facts.auc.value),
        "precision": say.significant(facts.average_precision.value),
        "share": say.percent(float(np.mean(tests[0].labels == 1))),
    }
    alt, caption = say.alt_roc.format(**values), say.caption_roc.format(**values)
    if len(model.records) > 1:
        caption = f"{caption} {say.caption_roc_seeds.format(runs=len(model.records))}"
    return Figure(finish(raw, alt, look, parts=_PARTS), alt, caption, model.keys)


def _draw(left: Axes, right: Axes, tests: Sequence[Evaluation], say: Words) -> None:
    base = 100 * float(np.mean(tests[0].labels == 1))
    guess(left, (0, 100))
    guess(right, (base, base))
    for test in tests:
        found = probabilities.precision_recall(test.labels, probabilities.of_second(test))
        precision, recall, false = thinned(100 * np.stack(found))
        line: dict[str, Any] = {"color": style.BLUE, "linewidth": 1.1, "alpha": 1 if len(tests) == 1 else 0.6}
        left.plot([0, *false], [0, *recall], **line)
        right.plot(recall, precision, **line)
    frame(left, right, say)


def thinned(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return at most 400 points of a curve, evenly spread over it; shape (values of a point, points)."""
    return points[:, np.unique(np.linspace(0, points.shape[1] - 1, _MOST).astype(int))]


def guess(axes: Axes, heights: tuple[float, float]) -> None:
    """Draw what guessing would give, from the left edge to the right."""
    axes.plot([0, 100], heights, color=style.MUTED, linewidth=0.7, linestyle=(0, (1, 1.5)))


def frame(left: Axes, right: Axes, say: Words) -> None:
    """Give both axes their range, ticks and names: the ROC left, precision and recall right."""
    for axes, across, up in (
        (left, say.false_positive_axis, say.recall_axis),
        (right, say.recall_axis, say.precision_axis),
    ):
        axes.set(xlim=(0, 100), ylim=(0, 102))
        ticks = chart.even_ticks(0, 100, 5)
        axes.set_xticks(ticks, say.ticks(ticks))
        axes.set_yticks(ticks, say.ticks(ticks))
        axes.set_xlabel(across, labelpad=3)
        axes.set_ylabel(up)
        axes.grid()
