"""Fonts of a document that something drawn earlier names: by the short names that its operators use."""

import copy
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from reportgen.document.pdf import libraries
from reportgen.document.pdf.recording import Face, Glyphs
from reportgen.errors import RenderError

with libraries.quickly():
    from weasyprint.pdf.fonts import Font
    from weasyprint.svg import SVG
    from weasyprint.text.fonts import FontConfiguration

_SVG = "http://www.w3.org/2000/svg"


def use(
    stream: Any,
    fonts: FontConfiguration,
    faces: Mapping[str, Face],
    glyphs: Mapping[str, Glyphs],
    borrowed: Mapping[str, Font] = MappingProxyType({}),
) -> None:
    """Have the document of `stream` carry glyphs that were drawn elsewhere.

    Parameters
    ----------
    stream : weasyprint.pdf.stream.Stream
    fonts : FontConfiguration
        Knows the fonts that the style sheets declare.
    faces : mapping of str to Face
    glyphs : mapping of str to Glyphs
    borrowed : mapping of str to Font
        Fonts of the machine, which a face may not be enough to find again.

    Raises
    ------
    RenderError
        If a face is another font now than when its glyphs were drawn.
    """
    for name, used in glyphs.items():
        if name in borrowed and not any(font.hash == name for font in stream._fonts.values()):
            stream._fonts[name] = _unused(borrowed[name])
        letter = next((text for text, _ in used.values() if text.strip()), "x")
        font = _font(stream, fonts, name, faces[name], letter)
        for glyph, (text, advance) in used.items():
            font.to_unicode.setdefault(glyph, text)
            font.widths.setdefault(glyph, advance)


def paint(tree: Element, stream: Any, fonts: FontConfiguration, width: float, height: float) -> None:
    """Draw an SVG image on a page."""
    SVG(tree, None, fonts, None).draw(stream, width, height, None, None)


def _unused(font: Font) -> Font:
    """Return a font as if it had just been opened."""
    again = copy.copy(font)
    again.widths, again.to_unicode = {}, {}
    return again


def _font(stream: Any, fonts: FontConfiguration, name: str, face: Face, text: str) -> Any:
    """Return the document's font of a face; where nothing used it yet, have it opened by a letter."""
    for font in stream._fonts.values():
        if font.hash == name:
            return font
    family, weight, slant = face
    letter = Element(f"{{{_SVG}}}svg", {"viewBox": "0 0 9 9"})
    styles = {
        "font-family": family,
        "font-weight": str(weight),
        "font-style": ("normal", "oblique", "italic")[slant],
    }
    SubElement(letter, f"{{{_SVG}}}text", styles).text = text
    paint(letter, stream.clone(tags=None), fonts, 9, 9)
    for font in stream._fonts.values():
        if font.hash == name:
            return font
    raise RenderError(f"the font {family!r} is another one than before")
