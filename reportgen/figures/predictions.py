"""Draw predicted numbers: against the true ones, and their errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen.figures import chart, curves, style
from reportgen.figures.figure import Figure
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, POINTS, Look
from reportgen.figures.svg import columns, finish
from reportgen.figures.words import Words, words
from reportgen.results.regression.facts import RegressionFacts
from reportgen.training.record import Evaluation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEIGHT, _SIDE = 6.6, 5.4  # cm, as all of these
_LEFT, _BELOW, _GAP, _ENDS = 1.5, 0.95, 1.6, 1.6
_MOST = 1_500  # points; of more every so many is drawn
_POINT: dict[str, Any] = {"color": style.BLUE, "marker": "o", "markersize": 2.6, "linestyle": "none"}
_LINE: dict[str, Any] = {"color": style.MUTED, "linewidth": 0.8}


def predicted(model: ShownModel, look: Look = PLAIN) -> Figure:
    """Return predicted against true numbers of the test items, and their errors against what was predicted.

    Of several seeds the first is shown.
    """
    say = words(look.language, look.pictures, look.items)
    test = model.first.evaluations["test"]
    with chart.sheet(look, style.WIDTH, _HEIGHT) as sheet:
        left = chart.place(sheet, _LEFT, _BELOW, _SIDE, _SIDE)
        draw_predictions(left, test, say)
        right = chart.place(
            sheet, _LEFT + _SIDE + _GAP, _BELOW, style.WIDTH - _LEFT - _SIDE - _GAP - 0.2, _SIDE
        )
        _draw_errors(right, test, say)
        raw = chart.render(sheet, look)
    caption = say.caption_predictions.format(title=model.title, count=say.count(len(test.labels)))
    return _figure(raw, f"{model.title}.", caption, model, say, look, cut=_LEFT + _SIDE + 0.3)


def trained_to_predict(model: ShownModel, look: Look = PLAIN) -> Figure:
    """Return the loss by epoch beside predicted against true numbers; without epochs `predicted`."""
    if not curves.trained_by_epochs(model.records):
        return predicted(model, look)
    say = words(look.language, look.pictures, look.items)
    test = model.first.evaluations["test"]
    with chart.sheet(look, style.WIDTH, _HEIGHT) as sheet:
        across = style.WIDTH - _LEFT - _ENDS - _GAP - _SIDE - 0.2
        left = chart.place(sheet, _LEFT, _BELOW, across, _SIDE)
        curves.draw_losses(left, model, say)
        left.yaxis.set_label_coords(-0.95 / across, 0.5)
        right = chart.place(sheet, style.WIDTH - _SIDE - 0.2, _BELOW, _SIDE, _SIDE)
        draw_predictions(right, test, say)
        raw = chart.render(sheet, look)
    epochs = say.counted(say.epochs, curves.longest([model]))
    course = say.alt_of_model.format(title=model.title, epochs=epochs, curves=curves.told(model, say))
    caption = say.caption_losses.format(title=model.title, count=say.count(len(test.labels)))
    return _figure(raw, course, caption, model, say, look, cut=style.WIDTH - _SIDE - 0.2 - _LEFT + 0.2)


def _figure(
    raw: str, begins: str, caption: str, model: ShownModel, say: Words, look: Look, *, cut: float
) -> Figure:
    """Put a figure of two charts together, which a narrow screen may cut at so many cm from the left."""
    alt = f"{begins} {_told(model, say)}"
    whole = " ".join([caption, *notes(model, say)])
    parts = columns(style.WIDTH * POINTS, _HEIGHT * POINTS, cut * POINTS)
    return Figure(finish(raw, alt, look, parts=parts), alt, whole, model.keys)


def draw_predictions(axes: Axes, test: Evaluation, say: Words, ticks: int = 5) -> None:
    """Draw predicted against true numbers, about so many marked, and the line on which they agree."""
    both = np.concatenate([test.labels, test.predicted])
    low, high = _beyond(float(both.min()), float(both.max()))
    axes.plot([low, high], [low, high], **_LINE)
    chosen = _chosen(len(test.labels))
    axes.plot(test.labels[chosen], test.predicted[chosen], alpha=0.65, markeredgewidth=0, **_POINT)
    _frame(axes, (low, high), (low, high), say, ticks)
    axes.set_xlabel(say.true_value, labelpad=3)
    axes.set_ylabel(say.predicted_value)


def _told(model: ShownModel, say: Words) -> str:
    """Say how large the errors on the test items are, the mean of all seeds."""
    facts, test = model.tested(RegressionFacts), model.first.evaluations["test"]
    first = test.predicted - test.labels
    return say.alt_predictions.format(
        error=say.significant(facts.mae.value),
        baseline=say.significant(facts.baseline.value),
        lowest=say.significant(float(first.min())),
        highest=say.significant(float(first.max())),
    )


def notes(model: ShownModel, say: Words) -> list[str]:
    """Return what a caption adds where not every point, or not every seed, is shown."""
    count = len(model.first.evaluations["test"].labels)
    found = []
    if count > _MOST:
        found.append(say.caption_points.format(shown=say.count(len(range(count)[_chosen(count)]))))
    if len(model.records) > 1:
        found.append(say.caption_predicted_seed.format(runs=len(model.records), seed=model.first.seed))
    return found


def _draw_errors(axes: Axes, test: Evaluation, say: Words) -> None:
    errors = test.predicted - test.labels
    across = _beyond(float(test.predicted.min()), float(test.predicted.max()))
    axes.plot(across, [0, 0], **_LINE)
    chosen = _chosen(len(errors))
    axes.plot(test.predicted[chosen], errors[chosen], alpha=0.65, markeredgewidth=0, **_POINT)
    _frame(axes, across, _beyond(float(errors.min()), float(errors.max())), say)
    axes.set_xlabel(say.predicted_value, labelpad=3)
    axes.set_ylabel(say.error_axis)


def _frame(
    axes: Axes, across: tuple[float, float], up: tuple[float, float], say: Words, ticks: int = 5
) -> None:
    axes.set_xlim(*across)
    axes.set_ylim(*up)
    horizontal, vertical = chart.even_ticks(*across, ticks), chart.even_ticks(*up, ticks + 1)
    axes.set_xticks(horizontal, say.ticks(horizontal))
    axes.set_yticks(vertical, say.ticks(vertical))
    axes.grid(axis="both")


def _beyond(low: float, high: float) -> tuple[float, float]:
    reach = 0.04 * (high - low) or max(abs(low) * 0.1, 0.5)
    return low - reach, high + reach


def _chosen(count: int) -> slice:
    return slice(None, None, -(-count // _MOST))
