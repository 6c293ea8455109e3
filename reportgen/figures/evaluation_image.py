"""Draw the evaluation image: learning curves and confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from reportgen.figures import chart, style
from reportgen.figures.confusion import Counts, draw_matrix, matrix, top_pairs
from reportgen.figures.figure import Figure
from reportgen.figures.labels import words
from reportgen.figures.style import PLAIN, Look
from reportgen.figures.svg import finish
from reportgen.figures.words import Words
from reportgen.training.record import Record

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Curves = chart.Values  # (seeds, epochs), NaN where a run had ended

_HEIGHT = 8.2  # cm, as all of these
_LEFT, _ACROSS, _DOWN = 1.1, 4.25, 3.05
_TOP = 0.65


def evaluation_image(
    title: str, records: Sequence[Record], classes: Sequence[str], look: Look = PLAIN
) -> Figure:
    """Return learning curves and the confusion matrix on the test images.

    Parameters
    ----------
    title : str
        What the report calls the model.
    records : sequence of Record
        One for every seed; the confusion matrix is the first one's.
    classes : sequence of str
        Class names in label order.
    """
    say = words(look.language)
    test = records[0].evaluations["test"]
    accuracy = say.percent(test.accuracy)
    curves = {
        name: _stack([getattr(record.history, name) for record in records])
        for name in ("loss", "val_loss", "accuracy", "val_accuracy")
    }
    counts = matrix(test.labels, test.predicted, len(classes))
    with chart.sheet(look, style.WIDTH, _HEIGHT) as sheet:
        upper = chart.place(sheet, _LEFT, _HEIGHT - _TOP - _DOWN, _ACROSS, _DOWN)
        lower = chart.place(sheet, _LEFT, 0.95, _ACROSS, _DOWN)
        _draw_curves(upper, curves["loss"], curves["val_loss"], say, look, logarithmic=True)
        _draw_curves(lower, 100 * curves["accuracy"], 100 * curves["val_accuracy"], say, look)
        upper.set_ylabel(say.loss)
        upper.tick_params(labelbottom=False)
        lower.set_ylabel(say.accuracy_axis)
        lower.set_xlabel(say.epoch, labelpad=3)
        for axes in (upper, lower):
            axes.yaxis.set_label_coords(-0.72 / _ACROSS, 0.5)
        box = (_LEFT + _ACROSS + 1.3, 0.0, style.WIDTH, _HEIGHT - _TOP)
        heading = say.test_accuracy.format(accuracy=accuracy)
        counted = draw_matrix(sheet, counts, classes, heading, say, look, box=box)
        raw = chart.render(sheet, look)
    alt = _alt(title, curves, counts, classes, accuracy, say)
    caption = [say.caption_evaluation.format(title=title, count=say.count(len(test.labels)))]
    if len(records) > 1:
        caption.append(say.caption_seeds.format(runs=len(records), seed=records[0].seed))
    if not counted:
        caption.append(say.caption_no_counts.format(classes=len(classes)))
    return Figure(finish(raw, alt, look), alt, " ".join(caption), tuple(record.key for record in records))


def _stack(runs: Sequence[Sequence[float]]) -> Curves:
    """Return the runs as rows, the shorter ones filled up with NaN; values that aren't finite become NaN."""
    curves = np.full((len(runs), max(map(len, runs))), np.nan)
    for row, run in zip(curves, runs, strict=True):
        row[: len(run)] = run
    curves[~np.isfinite(curves)] = np.nan
    return curves


def _mean(curves: Curves) -> chart.Values:
    """Return the mean over runs of every epoch; NaN only where no run has a value."""
    there = np.isfinite(curves)
    mean = np.full(curves.shape[1], np.nan)
    np.divide(np.where(there, curves, 0).sum(axis=0), there.sum(axis=0), out=mean, where=there.any(axis=0))
    return mean


def _draw_curves(
    axes: Axes, training: Curves, validation: Curves, say: Words, look: Look, *, logarithmic: bool = False
) -> None:
    """Draw two curves (and their bands over seeds) against epoch, each named at its end."""
    epochs = np.arange(1, training.shape[1] + 1)
    if logarithmic:
        training, validation = (np.where(curves > 0, curves, np.nan) for curves in (training, validation))
        axes.set_yscale("log")
        axes.minorticks_off()
    values = np.concatenate([training, validation])
    values = values[np.isfinite(values)]
    low, high = _range(float(values.min()), float(values.max()), logarithmic) if values.size else (1.0, 2.0)
    for curves, colour, dash in ((validation, style.RUST, (0, (3.2, 1.4))), (training, style.BLUE, "solid")):
        if len(curves) > 1:
            filled = np.where(np.isfinite(curves), curves, _mean(curves))
            low_edge, high_edge = filled.min(axis=0), filled.max(axis=0)
            axes.fill_between(epochs, low_edge, high_edge, color=colour, alpha=0.18, linewidth=0)
        line = axes.plot(epochs, _mean(curves), color=colour, linestyle=dash, linewidth=1.3)
        if len(epochs) == 1:
            line[0].set(marker="o", markersize=3)
    axes.set_xlim(0.5 if len(epochs) == 1 else 1, max(len(epochs), 1.5))
    axes.set_ylim(low, high)
    ticks = chart.log_ticks(low, high) if logarithmic else chart.even_ticks(low, high, 6)
    axes.set_yticks(ticks, say.ticks(ticks))
    axes.set_xticks(steps := _epoch_ticks(len(epochs)), [say.count(step) for step in steps])
    axes.grid(axis="y")
    _name_curves(axes, training, validation, say, look)


def _range(low: float, high: float, logarithmic: bool) -> tuple[float, float]:
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


def _name_curves(axes: Axes, training: Curves, validation: Curves, say: Words, look: Look) -> None:
    """Write the names right of the lines' ends, moved apart where they would touch."""
    frame = axes.get_window_extent()
    bottom, height = frame.y0, frame.height
    ends = []
    for curves in (training, validation):
        line = _mean(curves)
        there = line[np.isfinite(line)]
        _, end = (
            axes.transData.transform((1, there[-1])) if len(there) else axes.transAxes.transform((1, 0.5))
        )
        ends.append(float(end) - bottom)
    placed = chart.spread(ends, style.NORMAL + 1, 2, height - 4)
    names = ((say.training, style.BLUE), (say.validation, style.RUST))
    for (name, colour), where in zip(names, placed, strict=True):
        axes.annotate(
            name,
            (1, where / height),
            (3, -0.3 * style.NORMAL),
            xycoords="axes fraction",
            textcoords="offset points",
            color=colour,
            fontsize=style.NORMAL,
            va="baseline",
            annotation_clip=False,
        )


def _alt(
    title: str, curves: dict[str, Curves], counts: Counts, classes: Sequence[str], accuracy: str, say: Words
) -> str:
    lines = {name: _course(_mean(values), say, share="accuracy" in name) for name, values in curves.items()}
    pairs = [
        say.confused.format(true=classes[true], predicted=classes[taken], count=say.count(count))
        for true, taken, count in top_pairs(counts, 3)
    ]
    lines["accuracy_curve"] = lines.pop("accuracy")
    epochs = say.counted(say.epochs, curves["loss"].shape[1])
    told = say.alt_evaluation.format(title=title, epochs=epochs, accuracy=accuracy, **lines)
    return f"{told} {say.alt_confused.format(pairs='; '.join(pairs)) if pairs else say.alt_flawless}"


def _course(line: chart.Values, say: Words, *, share: bool) -> str:
    """Say where a line starts and ends."""
    first, last = (
        say.percent(float(value)) if share else say.significant(float(value)) for value in line[[0, -1]]
    )
    if not np.isfinite(line[-1]):
        return say.diverges
    if len(line) == 1 or first == last:
        return say.stays.format(last=last)
    return (say.falls if line[-1] < line[0] else say.rises).format(first=first, last=last)
