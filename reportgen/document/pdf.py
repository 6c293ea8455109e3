"""HTML to PDF: tagged, archivable (PDF/UA-1 and PDF/A-3a in one file), and the same bytes every time."""

import hashlib
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from html import unescape
from importlib.resources import files
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import pydyf

from reportgen.document import joining, libraries, packing, surroundings, tagging, vector
from reportgen.document.assets import SCHEME, Assets, address, media_type
from reportgen.document.evidence import Attachment, Metadata
from reportgen.document.limits import limited
from reportgen.document.recording import Face, Keep, Recording, record
from reportgen.errors import Problem, RenderError

with libraries.by_name():
    import weasyprint
    import weasyprint.document
    import weasyprint.pdf.tags
    from weasyprint.css import ColorProfile
    from weasyprint.svg import SVG
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

__all__ = ["Metadata", "warm_up", "write"]

_LINK = re.compile(r'<a[^>]* href="#([^"]+)"[^>]*>([^<]+)</a>')
_SVG = "http://www.w3.org/2000/svg"
_INTENT = "sRGB2014"
_VARIANT = {"pdf_variant": "pdf/a-3a", "output_intent": _INTENT}


class _Fetcher(URLFetcher):  # type: ignore[misc]
    """Serves the page's own assets; everything else stops the rendering."""

    def __init__(self, assets: Assets) -> None:
        super().__init__(allowed_protocols={SCHEME}, allow_redirects=False, fail_on_errors=True)
        self._assets = assets
        self.refused: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        if scheme != SCHEME or name not in self._assets:
            self.refused.append(url)
            raise FatalURLFetchingError(url)
        return URLFetcherResponse(url, self._assets[name], {"Content-Type": media_type(name)})


def _blamed(url: str, assets: Assets) -> Problem:
    """Say that the page asks for what is no part of it, and which line of which style sheet does."""
    message = f"asks for {url[:120]!r}, which is no part of the report"
    wanted = url.removeprefix(f"{SCHEME}:").rpartition("/")[2]
    for name, data in assets.files.items():
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            if name.startswith("style/") and wanted in line:
                return Problem(f"templates/{name.removeprefix('style/')}", number, message)
    return Problem("templates", 0, f"the page {message}")


class _Figure:
    """A figure, drawn once and replayed ever after; the layout library asks it for its size and to draw."""

    def __init__(self, svg: str, fonts: FontConfiguration, keep: Keep) -> None:
        self._svg, self._fonts, self._keep = svg, fonts, keep
        self._width, self._height = vector.size(svg)

    def get_intrinsic_size(self, resolution: object, font_size: object) -> tuple[float, float, float]:
        return self._width, self._height, self._width / self._height

    def draw(self, stream: Any, width: float, height: float, style: object) -> None:
        recipe = f"{weasyprint.__version__} {pydyf.__version__} {width:.3f} {height:.3f} {self._svg}"
        key = hashlib.sha256(recipe.encode()).hexdigest()
        recording = Recording.from_bytes(
            self._keep(key, lambda: self._record(stream, width, height).to_bytes())
        )
        for state in recording.states:
            values = {"CA" if state[0] == "A" else "ca": float(state[1:])}
            stream._resources["ExtGState"].setdefault(state, pydyf.Dictionary(values))
        for name, used in recording.glyphs.items():
            font = self._font(stream, name, recording.faces[name], next(iter(used.values()))[0])
            for glyph, (text, advance) in used.items():
                font.to_unicode.setdefault(glyph, text)
                font.widths.setdefault(glyph, advance)
        stream.stream.append(recording.operators)

    def _record(self, stream: Any, width: float, height: float) -> Recording:
        resources = pydyf.Dictionary(
            {name: pydyf.Dictionary() for name in ("ExtGState", "XObject", "Pattern", "Shading")}
        )
        resources["ColorSpace"] = stream._resources["ColorSpace"]
        page = stream.clone(fonts={}, resources=resources, tags=None)
        self._paint(vector.prepared(self._svg), page, width, height)
        if resources["XObject"] or resources["Pattern"] or resources["Shading"]:
            raise RenderError("a figure holds groups or gradients, which can't be set")
        return record(
            [pydyf._to_bytes(each) for each in page.stream], {f.hash: f for f in page._fonts.values()}
        )

    def _paint(self, tree: Element, stream: Any, width: float, height: float) -> None:
        SVG(tree, None, self._fonts, None).draw(stream, width, height, None, None)

    def _font(self, stream: Any, name: str, face: Face, text: str) -> Any:
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
        self._paint(letter, stream.clone(tags=None), 9, 9)
        return next(font for font in stream._fonts.values() if font.hash == name)


def write(
    html: str,
    assets: Assets,
    attachments: Sequence[Attachment] = (),
    *,
    metadata: Metadata,
    formulas: Collection[str] = (),
    keep: Keep = lambda key, make: make(),
) -> bytes:
    """Lay out `html` and return the PDF.

    Parameters
    ----------
    html : str
        A complete page that refers to nothing but `assets`.
    attachments : sequence of Attachment
        Files to carry.
    metadata : Metadata
    formulas : collection of str
        Alternative texts of the images that are formulas.
    keep : callable
        ``keep(key, make)`` keeps what drawing a figure gave for another time (see `recording`).

    Raises
    ------
    RenderError
        If the page asks for anything else, or can't be laid out without loss.
    """
    moment = metadata.moment.astimezone(UTC)
    identifier = hashlib.sha256(html.encode())
    contents = {**assets.files, **{attachment.name: attachment.data for attachment in attachments}}
    for name, content in sorted(contents.items()):
        identifier.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    carried = [
        weasyprint.Attachment(
            string=attachment.data,
            name=attachment.name,
            description=attachment.description,
            relationship=attachment.relationship,
            created=moment,
            modified=moment,
        )
        for attachment in attachments
    ]

    def finish(_: object, file: pydyf.PDF) -> None:
        joining.join(file, sources)
        tagging.mend(file, formulas, {anchor: unescape(name) for anchor, name in _LINK.findall(html)})
        tagging.declare_universal_access(file)
        packing.pack(file)

    with limited("laying out the PDF"), surroundings.quietly(moment) as complaints:
        fetcher = _Fetcher(assets)
        data = b""
        with suppress(FatalURLFetchingError):
            document = _render(html, assets, fetcher, keep)
            stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
            document.metadata.created = document.metadata.modified = stamp
            with joining.traced(weasyprint.pdf.tags) as sources:
                data = document.write_pdf(
                    finisher=finish,
                    pdf_identifier=identifier.hexdigest()[:32].encode(),
                    attachments=carried,
                    **_VARIANT,
                )
    if fetcher.refused:
        raise RenderError([_blamed(url, assets) for url in fetcher.refused])
    if complaints:
        raise RenderError(complaints[0])
    return data


def warm_up(language: str) -> None:
    """Have the layout library load what it loads with its first page, such as its own styles."""
    text = "".join(f"<{tag}>Hyphenation takes a dictionary.</{tag}>" for tag in ("h1", "p", "table", "th"))
    head = "<title>-</title><style>* { hyphens: auto; width: 3em }</style>"
    html = f'<html lang="{language}"><head>{head}{text}'
    write(html, Assets({}), metadata=Metadata(datetime(2020, 1, 1, tzinfo=UTC)))


def _figures(assets: Assets, fonts: FontConfiguration, keep: Keep) -> dict[str, _Figure]:
    """Return the images that the layout library need not fetch or read."""
    return {
        address(name): _Figure(data.decode(), fonts, keep)
        for name, data in assets.files.items()
        if name.startswith("figures/")
    }


def _render(html: str, assets: Assets, fetcher: _Fetcher, keep: Keep) -> weasyprint.Document:
    """Lay out the page, and see that everything that can be referred to has come out."""
    fonts = FontConfiguration()
    page = weasyprint.HTML(string=html, base_url=f"{SCHEME}:", url_fetcher=fetcher)
    document = page.render(
        font_config=fonts,
        color_profiles={_INTENT: _profile()},
        cache=dict(_figures(assets, fonts, keep)),
        **_VARIANT,
    )
    wanted = {element.get("id") for element in page.etree_element.iter() if element.get("id")}
    lost = wanted - {name for sheet in document.pages for name in sheet.anchors}
    if lost:
        raise RenderError(f"the layout lost {', '.join(sorted(lost))}")
    return document


def _profile() -> ColorProfile:
    """Return the colours that the archive says it is in."""
    data = (files("weasyprint.pdf") / f"{_INTENT}.icc").read_bytes()
    return ColorProfile(BytesIO(data), f"{_INTENT}.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))
