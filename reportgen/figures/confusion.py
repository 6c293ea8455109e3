"""Draw a confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reportgen.figures import chart, style
from reportgen.figures.style import POINTS, Look
from reportgen.figures.words import Words
from reportgen.results import metrics

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet

Counts = NDArray[np.int64]
Labels = NDArray[Any]

LONGEST = 1.7 * POINTS  # of a class name beside the matrix
_SIZES = (style.SMALL, 7.0, 6.5)  # of counts, the first that fits


MOST = 100  # classes in a matrix; of more, those that are confused most are drawn:
_DRAWN = 30


def top_pairs(labels: Labels, predicted: Labels, most: int) -> tuple[tuple[int, int, int], ...]:
    """Return up to `most` (true, predicted, count) of different classes, most often confused first."""
    wrong = labels != predicted
    pairs = np.stack([labels[wrong], predicted[wrong]], axis=1).astype(np.int64)
    found, counts = np.unique(pairs, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:most]
    return tuple((int(found[at, 0]), int(found[at, 1]), int(counts[at])) for at in order)


def shown(labels: Labels, predicted: Labels, classes: int) -> NDArray[np.intp]:
    """Return the classes that a matrix shows: all or, of very many, those with the most wrong answers."""
    if classes <= MOST:
        return np.arange(classes)
    wrong = labels != predicted
    errors = np.bincount(labels[wrong], minlength=classes) + np.bincount(predicted[wrong], minlength=classes)
    return np.sort(np.argsort(-errors, kind="stable")[:_DRAWN])


def among(labels: Labels, predicted: Labels, chosen: NDArray[np.intp], classes: int) -> Counts:
    """Return the confusion matrix of some classes."""
    place = np.full(classes, -1)
    place[chosen] = np.arange(len(chosen))
    true, taken = place[labels], place[predicted]
    inside = (true >= 0) & (taken >= 0)
    return metrics.counts(true[inside], taken[inside], len(chosen))


def draw_matrix(
    sheet: Sheet,
    counts: Counts,
    classes: Sequence[str],
    title: str,
    say: Words,
    look: Look,
    *,
    box: tuple[float, float, float, float],
) -> bool:
    """Draw the matrix, true class down, predicted class across; tell whether its counts had room.

    It is a square in `box`: left, bottom, right and top of what may be used, in cm. Colour is by the
    square root of the count, or else the hits would leave all confusions equally pale.
    """
    from matplotlib.colors import ListedColormap, PowerNorm

    left, bottom, right, top = box
    names = [style.shortened(name, LONGEST, style.SMALL, look.family) for name in classes]
    widest = max(style.text_width(name, style.SMALL, look.family) for name in names) / POINTS
    most = max(int(counts.max()), 1)
    left += 0.55 + widest
    slanted = widest > 0.95 * (right - left) / len(names)
    bottom += 0.55 + (widest * 0.71 + 0.1 if slanted else 0.3)
    side = min(right - left, top - bottom)
    left = right - side
    axes = chart.place(sheet, left, top - side, side, side)
    colours = style.ramp()
    scale = PowerNorm(0.5, 0, most)
    mesh = axes.pcolormesh(
        counts,
        cmap=ListedColormap(colours),
        norm=scale,
        edgecolors=style.PAPER,
        linewidth=min(0.5, side * POINTS / len(names) / 30),
        rasterized=False,
    )
    axes.invert_yaxis()
    axes.set_title(title, loc="center", pad=5, fontsize=style.LARGE, fontweight="semibold")
    name_axes(axes, names, side, slanted, say)
    cell = side * POINTS / len(names)
    # Thousands are not grouped: a mark more would cost a size of type.
    return write_cells(axes, counts, counts.astype(str), mesh.to_rgba(counts), (cell, cell), look)


def name_axes(axes: Axes, names: Sequence[str], side: float, slanted: bool, say: Words) -> None:
    """Name the rows, which are `side` cm high together, and the columns."""
    step = -(-9 * len(names) // int(side * POINTS))  # some names are left out where lines would touch
    middles = np.arange(len(names))[::step] + 0.5
    turned: dict[str, Any] = (
        {"rotation": 45, "ha": "right", "va": "center", "rotation_mode": "anchor"} if slanted else {}
    )
    axes.set_xticks(middles, names[::step], **turned)
    axes.set_yticks(middles, names[::step])
    axes.tick_params(length=0, pad=3)
    axes.spines[:].set_visible(False)
    axes.set_xlabel(say.predicted_class, labelpad=3)
    axes.set_ylabel(say.true_class, labelpad=3)


def write_cells(
    axes: Axes,
    values: chart.Values | Counts,
    texts: NDArray[np.str_],
    faces: chart.Values,
    cell: tuple[float, float],
    look: Look,
) -> bool:
    """Write every text in black or white, zeros in grey, if the longest fits a `cell` of so many points."""
    width, height = cell

    def widest(size: float) -> float:
        return max(style.text_width(text, size, look.family) for text in set(texts.flat))

    size = next((size for size in _SIZES if size < height and widest(size) <= width - 2), None)
    if size is None:
        return False
    baseline = 0.5 + 0.33 * size / height
    for (row, column), text in np.ndenumerate(texts):
        red, green, blue = (round(255 * float(part)) for part in faces[row, column, :3])
        ink = style.ink_on(f"#{red:02x}{green:02x}{blue:02x}") if values[row, column] else style.MUTED
        where = (column + 0.5, row + baseline)
        axes.text(*where, str(text), fontsize=size, ha="center", va="baseline", color=ink)
    return True
