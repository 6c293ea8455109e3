"""Prepare drawings for print."""

from xml.etree import ElementTree

_SVG = "http://www.w3.org/2000/svg"


def prepared(svg: bytes) -> bytes:
    """Return the drawing `svg` without what is for browsers only, and with its pictures as PDF/A wants them.

    A drawing says how long each text is, for browsers that lack its font. The PDF carries the font, and the
    layout library would set such a text letter by letter. No viewer may smooth a picture.
    """
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)  # noqa: S314 - the figures' own
    for text in root.iter(f"{{{_SVG}}}text"):
        for name in ("textLength", "lengthAdjust"):
            text.attrib.pop(name, None)
    for image in root.iter(f"{{{_SVG}}}image"):
        image.set("image-rendering", "pixelated")
    return ElementTree.tostring(root)
