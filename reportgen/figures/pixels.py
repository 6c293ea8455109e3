"""Small images as vectors: a rectangle for every run of equal colour.

A report holds no raster, so that any zoom and any printer shows the same. An image of 32 by 32 pixels is a
raster by nature; drawn as rectangles it stays what it is, pixel for pixel, and no viewer smooths it. Its
colours are reduced first, or each pixel would be a rectangle of its own.
"""

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import Problem, RenderError

Pixels = NDArray[np.uint8]

COLOURS = 20
_LAP = 0.12  # of a pixel: so far a rectangle reaches into its neighbours, or hairlines of paper would show


def reduced(image: Pixels, colours: int = COLOURS) -> tuple[Pixels, NDArray[np.intp]]:
    """Return a palette, shape (k <= colours, 3), and every pixel's place in it, shape (height, width).

    Median cut: the box of colours with the widest range is halved at its median until there are
    enough, then each is replaced by its mean. Whole numbers only, so the same on every machine.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, channels)
        One channel is grey, three are red, green and blue; of four, the fourth is left out.

    Raises
    ------
    RenderError
        For another number of channels.
    """
    height, width, channels = image.shape
    if channels not in (1, 3, 4):
        message = f"images of {channels} channels can't be drawn"
        remedy = "leave out what shows images; 1 channel is drawn as grey, 3 as red, green and blue"
        raise RenderError(Problem("a figure", 0, message, remedy))
    flat = np.repeat(image, 3, axis=2) if channels == 1 else image[:, :, :3]
    flat = flat.reshape(-1, 3).astype(np.int64)
    boxes = [np.arange(len(flat))]
    while len(boxes) < colours:
        ranges = [np.ptp(flat[box], axis=0) * len(box) ** 0.5 for box in boxes]
        widest = max(range(len(boxes)), key=lambda i: (float(ranges[i].max()), -i))
        if not ranges[widest].max():
            break
        box = boxes.pop(widest)
        values = flat[box, int(ranges[widest].argmax())]
        cut = int(np.median(values))
        low = values <= cut if cut < values.max() else values < cut
        boxes += [box[low], box[~low]]
    index = np.empty(len(flat), np.intp)
    palette = np.empty((len(boxes), 3), np.uint8)
    for i, box in enumerate(boxes):
        index[box] = i
        palette[i] = (flat[box].sum(axis=0) * 2 + len(box)) // (2 * len(box))
    return palette, index.reshape(height, width)


def paths(image: Pixels, colours: int = COLOURS) -> tuple[tuple[str, str], ...]:
    """Return (colour, SVG path) for each of an image's reduced colours; one unit is a pixel."""
    palette, index = reduced(image, colours)
    height, width = index.shape
    shapes: dict[int, list[str]] = {}
    open_runs: dict[tuple[int, int, int], int] = {}  # (colour, start, length): first row
    for row in range(height + 1):
        runs = _runs(index[row]) if row < height else []
        for run in [run for run in open_runs if run not in runs]:
            colour, start, length = run
            top = open_runs.pop(run)
            across = length + _LAP * (start + length < width)
            down = row - top + _LAP * (row < height)
            shapes.setdefault(colour, []).append(f"M{start} {top}h{across:g}v{down:g}h-{across:g}z")
        for run in runs:
            open_runs.setdefault(run, row)
    names = ["#" + bytes(colour).hex() for colour in palette]
    return tuple((names[colour], "".join(shapes[colour])) for colour in sorted(shapes))


def _runs(row: NDArray[np.intp]) -> list[tuple[int, int, int]]:
    """Return (colour, start, length) of every stretch of equal colour."""
    starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    lengths = np.diff(np.r_[starts, len(row)])
    return [(int(row[start]), int(start), int(length)) for start, length in zip(starts, lengths, strict=True)]
