"""An SVG canvas for drawings that are not charts: shapes and text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from reportgen.figures import style
from reportgen.figures.pixels import Pixels, address
from reportgen.figures.style import POINTS, Look

Anchor = Literal["start", "middle", "end"]


class Canvas:
    """An empty drawing, as wide as `look` says; lengths are points, and y grows downwards.

    Parameters
    ----------
    look : Look
        For its width, and for measuring text.
    height : float
        Points.
    """

    def __init__(self, look: Look, height: float) -> None:
        self.look = look
        self.width = look.width * POINTS
        self.height = height
        self._elements: list[str] = []
        self.rect(0, 0, self.width, height, fill=style.PAPER)

    def _add(self, tag: str, content: str = "", /, **attributes: str | float) -> None:
        texts = {
            name.replace("_", "-"): value if isinstance(value, str) else _number(value)
            for name, value in attributes.items()
        }
        told = "".join(f" {name}={quoteattr(text)}" for name, text in texts.items())
        self._elements.append(f"<{tag}{told}>{escape(content)}</{tag}>")

    def rect(self, x: float, y: float, width: float, height: float, **attributes: str | float) -> None:
        """Add a rectangle by its upper left corner."""
        self._add("rect", x=x, y=y, width=width, height=height, **attributes)

    def path(self, d: str, **attributes: str | float) -> None:
        """Add a path by its SVG commands."""
        self._add("path", d=d, **attributes)

    def line(self, points: Sequence[tuple[float, float]], **attributes: str | float) -> None:
        """Add a line through points."""
        steps = "L".join(f"{_number(x)} {_number(y)}" for x, y in points)
        self.path(f"M{steps}", **{"fill": "none", "stroke": style.MUTED, "stroke_width": 0.6, **attributes})

    def image(self, x: float, y: float, side: float, image: Pixels) -> None:
        """Add a small image by its upper left corner, its longer side so long, its pixels not smoothed."""
        height, width = image.shape[:2]
        scale = side / max(height, width)
        self._add(
            "image",
            x=x,
            y=y,
            width=width * scale,
            height=height * scale,
            preserveAspectRatio="none",
            href=address(image),
            image_rendering="pixelated",
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = style.SMALL,
        anchor: Anchor = "start",
        fill: str = style.INK,
        bold: bool = False,
    ) -> None:
        """Add a line of text by its baseline."""
        weight = {"font_weight": "600"} if bold else {}
        self._add("text", text, x=x, y=y, font_size=size, text_anchor=anchor, fill=fill, **weight)

    def width_of(self, text: str, size: float = style.SMALL, *, bold: bool = False) -> float:
        """Return the width that a line of text takes."""
        return style.text_width(text, size, self.look.family, bold)

    def render(self) -> str:
        """Return the drawing as raw SVG."""
        size = f"{_number(self.width)} {_number(self.height)}"
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}">{"".join(self._elements)}</svg>'


def _number(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
