"""The fonts of a file, embedded with the glyphs that any part of it uses."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pydyf

from reportgen.artifacts import Addressed
from reportgen.document.pdf import faces, libraries, packing
from reportgen.document.pdf.press import INTENT, Press, profile
from reportgen.document.pdf.recording import Face, Glyphs
from reportgen.document.pdf.sheets import Sheets, Thing
from reportgen.document.pdf.taking import Things

with libraries.quickly():
    import weasyprint
    from weasyprint.pdf.fonts import build_fonts_dictionary
    from weasyprint.pdf.stream import Stream


@dataclass(frozen=True)
class Fonts:
    """Fonts as objects of a PDF.

    Attributes
    ----------
    things : tuple of Thing
    places : mapping of str to int
        Where each font is among the things, by the short name that operators use.
    """

    things: tuple[Thing, ...]
    places: Mapping[str, int]

    def to_bytes(self) -> bytes:
        """Return the fonts as JSON; they are compressed already."""
        fields = {"things": [each.fields() for each in self.things], "places": self.places}
        return json.dumps(fields, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Fonts":
        """Return the fonts that `to_bytes` wrote."""
        fields = json.loads(data)
        return cls(tuple(Thing.of(*each) for each in fields["things"]), fields["places"])


def embed(parts: Iterable[Sheets], press: Press, html: str) -> Fonts:
    """Embed the fonts of `parts`; what was embedded before is taken from where it is kept.

    Parameters
    ----------
    html : str
        A part whose style sheets declare the fonts.

    Raises
    ------
    RenderError
        If a font is another one than when the parts were laid out.
    """
    used: dict[str, Face] = {}
    found: dict[str, dict[int, tuple[str, int]]] = {}
    for sheets in parts:
        used |= sheets.faces
        for name, more in sheets.glyphs.items():
            found[name] = {**more, **found.get(name, {})}  # the first to use a glyph says what it means
    glyphs = {name: dict(sorted(found[name].items())) for name in sorted(found)}

    def styled() -> Press:
        press.read_styles(html)
        return press

    values = used, glyphs, Addressed(press.recipe(), styled)
    if any(press.borrows(face) for face in used.values()):
        return Fonts.from_bytes(_embedded(*values))
    return Fonts.from_bytes(press.keep(_embedded, *values))


def _embedded(used: Mapping[str, Face], glyphs: Mapping[str, Glyphs], styled: Addressed[Press]) -> bytes:
    press = styled.load()
    file, resources = pydyf.PDF(), pydyf.Dictionary({"ColorSpace": pydyf.Dictionary()})
    for name in ("ExtGState", "XObject", "Pattern", "Shading"):
        resources[name] = pydyf.Dictionary()
    stream = Stream({}, (0, 0, 0, 0), resources, {}, None, {INTENT: profile()}, INTENT)
    faces.use(stream, press.fonts, used, glyphs, press.borrowed)
    options = {**weasyprint.DEFAULT_OPTIONS, "pdf_version": "1.7"}
    fonts = build_fonts_dictionary(file, stream._fonts, True, True, options)
    packing.pack(file)
    things = Things(file)
    places = {name: things.place(reference) for name, reference in sorted(fonts.items())}
    return Fonts(tuple(things), places).to_bytes()
