"""Figures on a page: drawn once, and replayed ever after."""

from typing import Any

import pydyf

from reportgen.artifacts import Addressed, Keep
from reportgen.document.pdf import faces, libraries, vector
from reportgen.document.pdf.recording import Recording, record
from reportgen.errors import RenderError

with libraries.quickly():
    from weasyprint.text.fonts import FontConfiguration


class Figure:
    """A figure, drawn once and replayed ever after; the layout library asks it for its size and to draw."""

    def __init__(self, svg: str, fonts: Addressed[FontConfiguration], keep: Keep) -> None:
        self._svg, self._fonts, self._keep = svg, fonts, keep
        self._width, self._height = vector.size(svg)

    def get_intrinsic_size(self, resolution: object, font_size: object) -> tuple[float, float, float]:
        """Return width, height and their ratio."""
        return self._width, self._height, self._width / self._height

    def draw(self, stream: Any, width: float, height: float, style: object) -> None:
        """Draw the figure on a page."""
        fonts = self._fonts
        canvas = Addressed(fonts.digest, lambda: (stream, fonts.load()))
        recording = Recording.from_bytes(
            self._keep(_recorded, self._svg, round(width, 3), round(height, 3), canvas)
        )
        for state in recording.states:
            values = {"CA" if state[0] == "A" else "ca": float(state[1:])}
            stream._resources["ExtGState"].setdefault(state, pydyf.Dictionary(values))
        faces.use(stream, self._fonts.load(), recording.faces, recording.glyphs)
        stream.stream.append(recording.operators)


def _recorded(
    svg: str, width: float, height: float, canvas: Addressed[tuple[Any, FontConfiguration]]
) -> bytes:
    stream, fonts = canvas.load()
    resources = pydyf.Dictionary(
        {name: pydyf.Dictionary() for name in ("ExtGState", "XObject", "Pattern", "Shading")}
    )
    resources["ColorSpace"] = stream._resources["ColorSpace"]
    page = stream.clone(fonts={}, resources=resources, tags=None)
    faces.paint(vector.prepared(svg), page, fonts, width, height)
    if resources["XObject"] or resources["Pattern"] or resources["Shading"]:
        raise RenderError("a figure holds groups or gradients, which can't be set")
    operators = [pydyf._to_bytes(each) for each in page.stream]
    return record(operators, {font.hash: font for font in page._fonts.values()}).to_bytes()
