"""Reading a figure back: its elements, its texts, its images."""

import base64
import io
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from reportgen.figures import Figure

Element = ElementTree.Element


def tree(figure: Figure) -> Element:
    return ElementTree.fromstring(figure.svg.replace(' xmlns="http://www.w3.org/2000/svg"', ""))


def texts(figure: Figure) -> list[str]:
    return [element.text or "" for element in tree(figure).iter("text")]


def ids(figure: Figure) -> set[str]:
    return {element.attrib["id"] for element in tree(figure).iter() if "id" in element.attrib}


def text_sizes(figure: Figure) -> set[float]:
    return {float(element.attrib["font-size"]) for element in tree(figure).iter("text")}


def pixels(figure: Figure) -> list[NDArray[np.uint8]]:
    """Return the images of a drawing as they are stored in it, in drawing order."""
    return [decoded(element.attrib["href"]) for element in tree(figure).iter("image")]


def decoded(address: str) -> NDArray[np.uint8]:
    """Return the image behind a ``data:`` address."""
    with Image.open(io.BytesIO(base64.b64decode(address.removeprefix("data:image/png;base64,")))) as image:
        return np.asarray(image)
