"""Images of a data set, with their classes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.types import Split
from reportgen.errors import RenderError
from reportgen.figures import style
from reportgen.figures.canvas import Canvas
from reportgen.figures.figure import Figure
from reportgen.figures.style import PLAIN, POINTS, Look
from reportgen.figures.svg import columns, finish
from reportgen.figures.words import words

_ACROSS = 10  # images in a row
_CLASSES = 30  # at most
_GAP = 0.14 * POINTS
_TILE = (style.WIDTH * POINTS - _GAP * (_ACROSS - 1)) / _ACROSS
_LINE = 12.0  # points, for the name of a class
_BETWEEN = 6.0  # points, from one row of classes to the next


def samples(title: str, classes: Sequence[str], split: Split, look: Look = PLAIN) -> Figure:
    """Return the first images of every class, below its name; of many classes the first thirty.

    Parameters
    ----------
    title : str
        What the report calls the data set.
    classes : sequence of str
        Class names in label order.
    split : Split
        The training images, of several inputs the first that is images; only those drawn are read.
    """
    images = split.images
    if images is None:
        raise RenderError(f"{title} has no images")
    say = words(look.language, look.pictures, look.items)
    names = classes[:_CLASSES]
    across = max(_ACROSS // len(names), 1)
    down = 2 if len(names) <= _ACROSS else 1
    row = _LINE + down * (_TILE + _GAP) + _BETWEEN
    in_row = _ACROSS // across  # classes
    canvas = Canvas(look, -(-len(names) // in_row) * row - _BETWEEN)
    for label, name in enumerate(names):
        x, y = (label % in_row) * across * (_TILE + _GAP), (label // in_row) * row
        width = across * (_TILE + _GAP) - _GAP
        shown = style.shortened(name, width + _GAP - 1, style.SMALL, look.family)
        canvas.text(x + width / 2, y + _LINE - 4, shown, anchor="middle")
        for place, index in enumerate(_first(split, label, across * down)):
            left, top = x + (place % across) * (_TILE + _GAP), y + _LINE + (place // across) * (_TILE + _GAP)
            canvas.image(left, top, _TILE, images[index])
    each = say.counted(say.images, across * down)
    alt = say.alt_samples.format(title=title, each=each, classes=", ".join(names))
    caption = say.caption_samples.format(title=title, each=each)
    if len(names) < len(classes):
        caption = f"{caption} {say.caption_first_classes.format(shown=len(names), classes=len(classes))}"
    cut = (in_row // 2 * across or _ACROSS // 2) * (_TILE + _GAP) - _GAP / 2
    parts = columns(canvas.width, canvas.height, cut)
    return Figure(finish(canvas.render(), alt, look, parts=parts), alt, caption, ())


def _first(split: Split, label: int, count: int) -> NDArray[np.intp]:
    return np.flatnonzero(split.labels == label)[:count]
