"""Draw training images beside what augmentation makes of them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reportgen.figures import style
from reportgen.figures.canvas import Canvas
from reportgen.figures.figure import Figure
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, POINTS, Look
from reportgen.figures.svg import finish
from reportgen.figures.words import words

_GAP = 0.14 * POINTS
_APART = 0.6 * POINTS  # the image from its versions
_HEAD = 13.0  # points


def augmented(
    model: ShownModel,
    function: str,
    sheet: tuple[NDArray[np.uint8], Sequence[int]],
    look: Look = PLAIN,
) -> Figure:
    """Return a row for each image: itself, and versions of it by the model's augmentation.

    Parameters
    ----------
    function : str
        Name of the augmentation.
    sheet : (ndarray of uint8, sequence of int)
        Images, shape (images, 1 + versions, height, width, channels), each first as it is; their labels.
    """
    say = words(look.language, look.pictures, look.items)
    images, labels = sheet
    versions = images.shape[1] - 1
    tile = (look.width * POINTS - _APART - _GAP * (versions - 1)) / (versions + 1)
    canvas = Canvas(look, _HEAD + len(images) * (tile + _GAP) - _GAP)
    right = tile + _APART
    canvas.text(0, _HEAD - 4, say.image_itself, size=style.NORMAL)
    room = canvas.width - right
    heading = style.shortened(say.augmented_by.format(name=function), room, style.NORMAL, look.family)
    canvas.text(right, _HEAD - 4, heading, size=style.NORMAL)
    for row, (image, *others) in enumerate(images):
        y = _HEAD + row * (tile + _GAP)
        canvas.image(0, y, tile, image)
        for column, other in enumerate(others):
            canvas.image(right + column * (tile + _GAP), y, tile, other)
    values = {"title": model.title, "function": function, "versions": say.count(versions)}
    names = ", ".join(model.names[label] for label in labels)
    alt = say.alt_augmented.format(images=say.counted(say.images, len(images)), classes=names, **values)
    caption = say.caption_augmented.format(**values)
    return Figure(finish(canvas.render(), alt, look), alt, caption, (model.first.key,))
