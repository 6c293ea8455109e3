"""The layout library, set up once for a report: it makes the sheets of one part after the other."""

import hashlib
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from html import escape, unescape
from importlib.resources import files
from io import BytesIO

import pydyf

from reportgen.artifacts import Addressed, Keep, digest
from reportgen.document.assets import SCHEME, Assets, address
from reportgen.document.pdf import breaking, joining, libraries, packing, surroundings, tagging, taking
from reportgen.document.pdf.fetching import Fetcher
from reportgen.document.pdf.recording import Face, face
from reportgen.document.pdf.replay import Figure
from reportgen.document.pdf.sheets import Sheets
from reportgen.errors import Problem, RenderError

with libraries.quickly():
    import weasyprint
    import weasyprint.layout.inline
    import weasyprint.pdf
    import weasyprint.pdf.tags
    from weasyprint.css import ColorProfile
    from weasyprint.css.counters import CounterStyle
    from weasyprint.pdf.fonts import Font
    from weasyprint.text.ffi import harfbuzz, pango
    from weasyprint.text.fonts import FontConfiguration

INTENT = "sRGB2014"
VARIANT = {"pdf_variant": "pdf/a-3a", "output_intent": INTENT}
_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)">\n?')
_LINK = re.compile(r'<a[^>]* href="#([^"]+)"[^>]*>([^<]+)</a>')
_ASSET = re.compile(rf'{SCHEME}:([^"\')\s]+)')
_HEADING = re.compile(r"<h[12][^>]*>(.*?)</h[12]>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_FAMILY = re.compile(r'@font-face\s*\{[^}]*font-family:\s*"([^"]+)"')


class Press:
    """Lays out parts of a report, which share style sheets, fonts and images.

    A style sheet that a part links with ``<link rel="stylesheet" href="...">`` is read once for all of them.

    Parameters
    ----------
    formulas : collection of str
        Alternative texts of the images that are formulas.
    keep : callable
        Keeps the sheets of a part, and the drawing of a figure, for another time.

    Attributes
    ----------
    fonts : FontConfiguration
        The layout library's, with the fonts that the style sheets declare.
    borrowed : dict of str to Font
        Fonts of the machine that were used, by the short names that operators use.
    fetcher : Fetcher
    """

    def __init__(self, assets: Assets, formulas: Collection[str], keep: Keep) -> None:
        self.fonts, self.fetcher = FontConfiguration(), Fetcher(assets)
        self.borrowed: dict[str, Font] = {}
        self._assets, self._formulas, self.keep = assets, formulas, keep
        self._counters = CounterStyle()
        self._styles: dict[str, weasyprint.CSS] = {}
        self._done: dict[tuple[str, int], Sheets] = {}
        self._digests: dict[str, str] = {}
        sheets = {name: data for name, data in assets.files.items() if name.startswith("style/")}
        styles = b"".join(sheets.values()).decode("utf-8", "replace")
        self._shared = (*sheets, *_ASSET.findall(styles))
        self._families = frozenset(_FAMILY.findall(styles))
        recipe = self.recipe()
        self._images = {
            address(name): Figure(data.decode(), Addressed(recipe, lambda: self.fonts), keep)
            for name, data in assets.files.items()
            if name.startswith("figures/")
        }

    def sheets(self, html: str, first: int) -> Sheets:
        """Lay out a part; what was laid out before is taken from where it is kept.

        Parameters
        ----------
        html : str
            A complete page that refers to nothing but the assets.
        first : int
            The number of its first page.

        Raises
        ------
        RenderError
            If something can't be laid out without loss.
        FatalURLFetchingError
            If it asks for anything else; `fetcher` knows for what.
        """
        if (html, first) not in self._done:
            made: list[Press] = []

            def loaded() -> Press:
                made.append(self)
                return self

            values = (html, first, self._formulas_in(html), Addressed(self._assets_of(html), loaded))
            sheets = Sheets.from_bytes(self.keep(_laid_out, *values))
            if not made and any(map(self.borrows, sheets.faces.values())):
                sheets = Sheets.from_bytes(_laid_out(*values))  # the machine may have other fonts now
            self._done[html, first] = sheets
        return self._done[html, first]

    def borrows(self, face: Face) -> bool:
        """Tell whether a face is one of the machine's, which may be another one next time."""
        return face[0] not in self._families

    def recipe(self) -> str:
        """Return a hash of what decides how fonts come out: what lays out, the style sheets and the fonts."""
        return digest(_libraries(), [self._digest(name) for name in sorted(self._shared)])

    def read_styles(self, html: str) -> list[weasyprint.CSS]:
        """Return the style sheets that a part links, and have `fonts` know the fonts that they declare."""
        found = [unescape(href) for href in _STYLE.findall(html)]
        for href in found:
            if href not in self._styles:
                self._styles[href] = weasyprint.CSS(
                    url=href, url_fetcher=self.fetcher, font_config=self.fonts, counter_style=self._counters
                )
        return [self._styles[href] for href in found]

    def _formulas_in(self, html: str) -> list[str]:
        return sorted(each for each in self._formulas if escape(each) in html)

    def _assets_of(self, html: str) -> str:
        """Return a hash of all that a part can show, and of what is installed to lay it out."""
        shown = (name for name in self._assets if name.rpartition("/")[2] in html)
        return digest(_libraries(), {name: self._digest(name) for name in {*shown, *self._shared}})

    def _digest(self, name: str) -> str:
        """Return the hash of an asset, or of nothing where there is none of this name."""
        if name not in self._digests:
            data = self._assets.get(name, b"")
            self._digests[name] = hashlib.sha256(data).hexdigest()
        return self._digests[name]

    def lay_out(self, html: str, first: int, formulas: Collection[str]) -> Sheets:
        """Lay out a part as `sheets` does, whatever is kept."""
        page = weasyprint.HTML(string=_STYLE.sub("", html), base_url=f"{SCHEME}:", url_fetcher=self.fetcher)
        numbered = weasyprint.CSS(
            string=f"@page:first {{ counter-reset: page {first} }}", url_fetcher=self.fetcher
        )
        with breaking.full(weasyprint.layout.inline):
            document = page.render(
                font_config=self.fonts,
                counter_style=self._counters,
                color_profiles={INTENT: profile()},
                stylesheets=[*self.read_styles(html), numbered],
                cache=dict(self._images),
                **VARIANT,
            )
        _check_complete(page, document)
        names = {anchor: unescape(name) for anchor, name in _LINK.findall(html)}
        _lead_anywhere(document)
        with joining.traced(weasyprint.pdf.tags) as sources, _without_fonts():
            options = {**weasyprint.DEFAULT_OPTIONS, **VARIANT, "pdf_version": "1.7"}
            file = weasyprint.pdf.generate_pdf(document, None, 1, **options)
        joining.join(file, sources)
        tagging.mend(file, formulas, names)
        tagging.tell_cells_apart(file, f"{first}-")
        packing.pack(file)
        _check_glyphs(document, html)
        self.borrowed |= {font.hash: font for font in document.fonts.values() if self.borrows(face(font))}
        return taking.take(file, document.pages, document.fonts.values(), _about(document))


def _laid_out(html: str, first: int, formulas: Collection[str], press: Addressed[Press]) -> bytes:
    with surroundings.strictly():
        return press.load().lay_out(html, first, formulas).to_bytes()


@cache
def _libraries() -> tuple[int, tuple[int, int]]:
    """Return the versions of the machine's libraries that lay out; those of Python's are in every key."""
    return pango.pango_version(), _harfbuzz()


def _harfbuzz() -> tuple[int, int]:
    """Return the version of HarfBuzz, which tells only whether it is at least some version."""
    major = max(number for number in range(100) if harfbuzz.hb_version_atleast(number, 0, 0))
    return major, max(number for number in range(100) if harfbuzz.hb_version_atleast(major, number, 0))


def profile() -> ColorProfile:
    """Return the colours that the archive says it is in."""
    data = (files("weasyprint.pdf") / f"{INTENT}.icc").read_bytes()
    return ColorProfile(BytesIO(data), f"{INTENT}.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


def _check_complete(page: weasyprint.HTML, document: weasyprint.Document) -> None:
    """See that everything that can be referred to has come out."""
    wanted = {element.get("id") for element in page.etree_element.iter() if element.get("id")}
    lost = wanted - {name for sheet in document.pages for name in sheet.anchors}
    if lost:
        raise RenderError(f"the layout lost {', '.join(sorted(lost))}")


def _check_glyphs(document: weasyprint.Document, html: str) -> None:
    """See that every letter has a shape: an archive may not hold boxes in place of text."""
    missing = sorted({point for font in document.fonts.values() for point in font.missing})
    if missing:
        letters = ", ".join(f"{chr(point)!r} (U+{point:04X})" for point in missing)
        heading = _HEADING.search(html)
        where = f"“{' '.join(_TAG.sub('', heading[1]).split())}”: " if heading else ""
        remedy = "write something else, or install a font that has it"
        raise RenderError(Problem("the PDF", 0, f"{where}no font here has {letters}", remedy))


def _lead_anywhere(document: weasyprint.Document) -> None:
    """Make links into the report addresses, which `tagging.mend` undoes: they may lead to other parts."""
    for sheet in document.pages:
        sheet.links = [
            ("external", f"#{target}", rectangle, box)
            if kind == "internal"
            else (kind, target, rectangle, box)
            for kind, target, rectangle, box in sheet.links
        ]


@contextmanager
def _without_fonts() -> Iterator[None]:
    """Have the layout library leave the fonts out: a file embeds those of all its parts at once."""
    build = weasyprint.pdf.build_fonts_dictionary
    weasyprint.pdf.build_fonts_dictionary = lambda *arguments: pydyf.Dictionary()
    try:
        yield
    finally:
        weasyprint.pdf.build_fonts_dictionary = build


def _about(document: weasyprint.Document) -> dict[str, object]:
    """Return what the page says of itself."""
    names = ("title", "authors", "description", "keywords", "generator", "lang")
    return {name: getattr(document.metadata, name) for name in names}
