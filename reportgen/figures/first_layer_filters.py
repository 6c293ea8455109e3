"""Draw the filters of a first convolutional layer as images."""

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import RenderError
from reportgen.figures import style
from reportgen.figures.canvas import Canvas
from reportgen.figures.figure import Figure
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, POINTS, Look
from reportgen.figures.svg import columns, finish
from reportgen.figures.words import words

Kernel = NDArray[np.float32]

_ACROSS = 16  # filters in a row
_MOST = 96
_GAP = 0.2 * POINTS


def filters(model: ShownModel, kernel: Kernel | None, look: Look = PLAIN) -> Figure:
    """Return the filters of the first convolution, each scaled to its own largest weight.

    Of several seeds the first is shown, of many filters the first.

    Parameters
    ----------
    kernel : ndarray of float, shape (height, width, channels, filters), or None
        As trained; None where the model has no convolution.

    Raises
    ------
    RenderError
        There is no convolution on an image of one or three channels.
    """
    say = words(look.language, look.pictures, look.items)
    if kernel is None:
        raise RenderError("it has no convolution whose filters could be drawn")
    height, width, channels, count = kernel.shape
    if channels not in (1, 3):
        raise RenderError(f"filters of {channels} channels can't be drawn as images")
    shown = min(count, _MOST)
    tile = (style.WIDTH * POINTS - _GAP * (_ACROSS - 1)) / _ACROSS
    rows = -(-shown // _ACROSS)
    canvas = Canvas(look, rows * (tile + _GAP) - _GAP)
    for place in range(shown):
        row, column = divmod(place, _ACROSS)
        canvas.image(column * (tile + _GAP), row * (tile + _GAP), tile, _pixels(kernel[..., place]))
    values = {
        "title": model.title,
        "count": say.count(count),
        "size": f"{height}\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}{width}",
    }
    alt = say.alt_filters.format(channels=say.count(channels), **values)
    caption = [say.caption_filters.format(**values)]
    if shown < count:
        caption.append(say.caption_first_filters.format(shown=shown, count=say.count(count)))
    if len(model.records) > 1:
        caption.append(say.caption_first_seed.format(runs=len(model.records), seed=model.first.seed))
    parts = columns(canvas.width, canvas.height, canvas.width / 2)
    return Figure(finish(canvas.render(), alt, look, parts=parts), alt, " ".join(caption), (model.first.key,))


def _pixels(weights: Kernel) -> NDArray[np.uint8]:
    """Return weights as an image in which zero is middle grey."""
    most = float(np.abs(weights).max()) or 1.0
    found: NDArray[np.uint8] = np.rint(127.5 + 127.5 * weights / most).astype(np.uint8)
    return found
