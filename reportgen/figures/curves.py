"""Learning curves: put together over seeds, drawn, and told in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen.errors import Problem, RenderError
from reportgen.figures import chart, style
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.words import Words
from reportgen.training.record import Record

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Curves = chart.Values  # (seeds, epochs), NaN where a run had ended

_TURN = 0.05  # of a curve's whole way: a fall back from its best is mentioned from here on

_RING: dict[str, Any] = {
    "marker": "o",
    "markersize": 5.5,
    "markerfacecolor": "none",
    "markeredgewidth": 0.9,
    "zorder": 4,
    "clip_on": False,
}
_FINISHED: dict[str, Any] = {
    "markersize": 4.0,
    "markeredgecolor": style.PAPER,
    "markeredgewidth": 0.5,
    "linestyle": "none",
    "zorder": 5,
    "clip_on": False,
}


@dataclass(frozen=True)
class Extent:
    """Lowest and highest value of losses and of accuracies (shares), so that figures can share their axes."""

    loss: tuple[float, float]
    accuracy: tuple[float, float]


def extent(models: Iterable[ShownModel]) -> Extent:
    """Return how far the curves of models, their finished models and their requirements reach."""
    losses, shares = list[float](), list[float]()
    for model in models:
        if model.required is not None:
            shares.append(model.required)
        for record in trained_by_epochs(model.records):
            losses += [*record.history.loss, *record.history.val_loss]
            shares += [*record.history.accuracy, *record.history.val_accuracy]
        if trained_by_epochs(model.records):
            if model.first.network:
                losses += [finished(model, name) for name in ("loss", "val_loss")]
            if by_accuracy(model.first):
                shares += [finished(model, name) / 100 for name in ("accuracy", "val_accuracy")]
    return Extent(_reach([loss for loss in losses if loss > 0], (1.0, 2.0)), _reach(shares, (0.0, 1.0)))


def by_accuracy(record: Record) -> bool:
    """Tell whether it has curves of accuracy: where each item is of one class."""
    return record.task == "classification"


def trained_by_epochs(records: Iterable[Record]) -> list[Record]:
    """Return the records that have curves: a loss or an accuracy, of training or validation."""
    return [record for record in records if len(_untold(record)) < len(_names(record))]


def require_epochs(model: ShownModel) -> None:
    """Raise a RenderError for what has no curves."""
    title = model.title
    for record in model.records:
        if record.function and not trained_by_epochs([record]):
            names = _names(record)
            remedy = f"call epoch({', '.join(f'{name}=...' for name in names)}) in it, or with some of these"
            message = f"{title} has no curves: {record.function}() did not tell of {', '.join(names)}"
            raise RenderError(Problem("", 0, message, remedy))
    if not trained_by_epochs(model.records):
        raise RenderError(f"{title} was fitted by its own method: it has no curves")


def _names(record: Record) -> tuple[str, ...]:
    return ("loss", "val_loss", *(("accuracy", "val_accuracy") if by_accuracy(record) else ()))


def _untold(record: Record) -> list[str]:
    return [name for name in _names(record) if not getattr(record.history, name)]


def _reach(values: Iterable[float], otherwise: tuple[float, float]) -> tuple[float, float]:
    there = [value for value in values if np.isfinite(value)]
    return (min(there), max(there)) if there else otherwise


def finished(model: ShownModel, name: str) -> float:
    """Return what a curve's measure is of the finished model, Dropout and augmentation off."""
    found = model.measured("validation" if name.startswith("val_") else "train")
    measured = found.measure if "accuracy" in name else found.loss
    if not measured.decided:
        return math.nan
    return 100 * measured.value if "accuracy" in name else measured.value


def longest(models: Iterable[ShownModel]) -> int:
    """Return the number of epochs of the longest run."""
    return max(len(record.history) for model in models for record in model.records)


def stacked(model: ShownModel, name: str) -> Curves:
    """Return a curve of several runs as rows, in per cent where it is an accuracy.

    The shorter ones are filled up with NaN; values that aren't finite become NaN. Of what a training function
    did not tell there are no columns.
    """
    runs = [getattr(record.history, name) for record in model.records]
    curves = np.full((len(runs), max(map(len, runs))), np.nan)
    for row, run in zip(curves, runs, strict=True):
        row[: len(run)] = run
    curves[~np.isfinite(curves)] = np.nan
    return 100 * curves if "accuracy" in name else curves


def told_mean(model: ShownModel, name: str) -> chart.Values:
    """Return the mean curve that answers name, as long as the shortest run; accuracies in per cent."""
    line = np.where(np.isfinite(found := model.history.curve(name).mean), found, np.nan)
    return 100 * line if "accuracy" in name else line


def mean(curves: Curves) -> chart.Values:
    """Return the mean over runs of every epoch; NaN only where no run has a value."""
    there = np.isfinite(curves)
    found = np.full(curves.shape[1], np.nan)
    np.divide(np.where(there, curves, 0).sum(axis=0), there.sum(axis=0), out=found, where=there.any(axis=0))
    return found


def _best(line: chart.Values, highest: bool) -> int:
    """Return the place of the lowest or the highest value; -1 where there is no value."""
    if np.isnan(line).all():  # or of no length
        return -1
    return int(np.nanargmax(line) if highest else np.nanargmin(line))


def draw(axes: Axes, model: ShownModel, name: str, **line: Any) -> None:
    """Draw the mean of runs against epoch, and a band from the lowest to the highest of several."""
    curves = _drawable(axes, stacked(model, name))
    if not curves.size:
        return
    epochs, middle = np.arange(1, curves.shape[1] + 1), mean(curves)
    if len(curves) > 1:
        filled = np.where(np.isfinite(curves), curves, middle)
        edges = filled.min(axis=0), filled.max(axis=0)
        axes.fill_between(epochs, *edges, color=line["color"], alpha=0.18, linewidth=0)
    (drawn,) = axes.plot(epochs, middle, **{"linewidth": 1.3, **line})
    if len(epochs) == 1:
        drawn.set(marker="o", markersize=3)


def mark(axes: Axes, model: ShownModel, name: str, colour: str) -> None:
    """Mark the best epoch of a validation curve, and at the last epoch the finished model.

    Which loss a training function reports is its own choice, so that of the finished model is not marked.
    """
    line = _drawable(axes, told_mean(model, name))
    place = _best(line, "accuracy" in name)
    if name.startswith("val_") and place >= 0:
        axes.plot([place + 1], [line[place]], color=colour, **_RING)
    if not model.first.network and "loss" in name:
        return
    value = _drawable(axes, np.array(finished(model, name)))
    shape = "o" if name.startswith("val_") else "s"
    axes.plot([longest([model])], [value], marker=shape, color=colour, **_FINISHED)


def name_ends(axes: Axes, training: Curves, validation: Curves, say: Words) -> None:
    """Write the names right of the lines' ends, moved apart where they would touch."""
    window = axes.get_window_extent()
    bottom, height = window.y0, window.height
    ends, names = [], []
    for runs, named in ((training, (say.training, style.BLUE)), (validation, (say.validation, style.RUST))):
        if not runs.size:
            continue
        names.append(named)
        line = mean(runs)
        there = line[np.isfinite(line) & ((line > 0) | (axes.get_yscale() == "linear"))]
        _, end = (
            axes.transData.transform((1, there[-1])) if len(there) else axes.transAxes.transform((1, 0.5))
        )
        ends.append(float(end) - bottom)
    placed = chart.spread(ends, style.NORMAL + 1, 2, height - 4)
    for (name, colour), where in zip(names, placed, strict=True):
        axes.annotate(
            name,
            (1, where / height),
            (5, -0.3 * style.NORMAL),
            xycoords="axes fraction",
            textcoords="offset points",
            color=colour,
            fontsize=style.NORMAL,
            va="baseline",
            annotation_clip=False,
        )


def draw_losses(axes: Axes, model: ShownModel, say: Words, *, named: bool = True) -> None:
    """Draw the losses by epoch in axes of their own, each named at its end unless the caller names them."""
    frame(axes, "loss", longest([model]), extent([model]).loss, say)
    for name, line in (("val_loss", style.LINES[1]), ("loss", style.LINES[0])):
        draw(axes, model, name, **line)
        mark(axes, model, name, line["color"])
    if named:
        name_ends(axes, stacked(model, "loss"), stacked(model, "val_loss"), say)
    axes.set_xlabel(say.epoch, labelpad=3)


def _drawable(axes: Axes, values: Curves) -> Curves:
    """Return values with NaN for what a logarithmic axis can't show."""
    return np.where(values > 0, values, np.nan) if axes.get_yscale() == "log" else values


def frame(axes: Axes, name: str, epochs: int, reach: tuple[float, float], say: Words) -> None:
    """Set limits, ticks and the name of axes for ``loss`` or ``accuracy``, first epoch to last."""
    if name == "loss":
        axes.set_yscale("log")
        axes.minorticks_off()
        axes.set_ylabel(say.loss)
        low, high = _beyond(*reach, logarithmic=True)
        ticks = chart.log_ticks(low, high)
    else:
        axes.set_ylabel(say.accuracy_axis)
        low, high = _beyond(100 * reach[0], 100 * reach[1])
        ticks = chart.even_ticks(low, high, 6)
    axes.set_ylim(low, high)
    axes.set_yticks(ticks, say.ticks(ticks))
    axes.grid(axis="y")
    frame_epochs(axes, epochs, say)


def frame_epochs(axes: Axes, epochs: int, say: Words) -> None:
    """Let axes go from the first epoch to the last."""
    axes.set_xlim(0.5 if epochs == 1 else 1, max(epochs, 1.5))
    axes.set_xticks(steps := _epoch_ticks(epochs), [say.count(step) for step in steps])


def _beyond(low: float, high: float, logarithmic: bool = False) -> tuple[float, float]:
    """Return limits a little beyond the values, so that no line runs along an edge."""
    if logarithmic:
        reach = max((high / low) ** 0.06, 1.05)
        return low / reach, high * reach
    reach = max(0.05 * (high - low), 0.5)
    return low - reach, high + reach


def _epoch_ticks(epochs: int) -> list[int]:
    """Return the first and the last epoch, and round ones between."""
    inner = [int(tick) for tick in chart.even_ticks(1, epochs, 4, whole=True)]
    apart = epochs / 6
    return sorted({1, epochs} | {tick for tick in inner if tick - 1 > apart and epochs - tick > apart})


def told(model: ShownModel, say: Words) -> str:
    """Say the course of all four curves; without accuracies, of the two losses."""
    names = _names(model.first)
    lines = {name: told_mean(model, name) for name in names}
    losses = {f"{name}_curve": course(lines[name], say, say.significant) for name in names[:2]}
    if not by_accuracy(model.first):
        return say.alt_losses.format(**losses)
    return say.alt_curves.format(
        **losses,
        accuracy_curve=course(lines["accuracy"] / 100, say, say.percent, highest=True),
        val_accuracy_curve=course(lines["val_accuracy"] / 100, say, say.percent, highest=True),
    )


def course(line: chart.Values, say: Words, number: Callable[[float], str], *, highest: bool = False) -> str:
    """Say where a line starts, turns and ends; its best value is the lowest, or the `highest`."""
    if not len(line):
        return say.untold
    if not np.isfinite(line[-1]):
        return say.diverges
    first, last, place = float(line[0]), float(line[-1]), _best(line, highest)
    turning, way = float(line[place]), float(np.nanmax(line) - np.nanmin(line))
    values = {"first": number(first), "last": number(last), "best": number(turning)}
    if 0 < place < len(line) - 1 and abs(last - turning) > _TURN * way and values["best"] != values["last"]:
        turn = say.rises_then_falls if highest else say.falls_then_rises
        return turn.format(**values, epoch=say.count(place + 1))
    if values["first"] == values["last"]:
        return say.stays.format(**values)
    return (say.falls if last < first else say.rises).format(**values)
