"""Write images of a data set for use in a drawing: every pixel as it is, as PNG inside the SVG."""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from reportgen.errors import Problem, RenderError

Pixels = NDArray[np.uint8]


def address(image: Pixels) -> str:
    """Return an image as a ``data:`` address; see `png`."""
    return f"data:image/png;base64,{base64.b64encode(png(image)).decode()}"


def png(image: Pixels) -> bytes:
    """Return an image as PNG.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, channels)
        One channel is grey, three are red, green and blue; of four, the fourth is left out.

    Raises
    ------
    RenderError
        For another number of channels.
    """
    channels = image.shape[2]
    if channels not in (1, 3, 4):
        message = f"images of {channels} channels can't be drawn"
        remedy = "leave out what shows images; 1 channel is drawn as grey, 3 as red, green and blue"
        raise RenderError(Problem("a figure", 0, message, remedy))
    data = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(image[:, :, 0] if channels == 1 else image[:, :, :3])).save(
        data, "PNG"
    )
    return data.getvalue()
