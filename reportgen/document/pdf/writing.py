"""HTML to PDF: tagged, archivable (PDF/UA-1 and PDF/A-3a in one file), and the same bytes every time."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import unescape
from importlib.resources import files
from io import BytesIO

import pydyf
import weasyprint
import weasyprint.layout.inline
import weasyprint.pdf.tags
from weasyprint.css import ColorProfile
from weasyprint.urls import FatalURLFetchingError

from reportgen.document.assets import SCHEME, Assets
from reportgen.document.evidence import Attachment, Metadata
from reportgen.document.limits import limited
from reportgen.document.pdf import edges, math
from reportgen.document.pdf.fetching import Fetcher
from reportgen.document.pdf.settings import clock, strictly, temporary
from reportgen.document.pdf.weasyprint_fixes import line_breaks, split_tags, tag_tree
from reportgen.errors import Problem, RenderError

INTENT = "sRGB2014"
VARIANT = {"pdf_variant": "pdf/a-3a", "output_intent": INTENT}
_LINK = re.compile(r'<a[^>]* href="#([^"]+)"[^>]*>([^<]+)</a>')
_HEADING = re.compile(r"<h[12][^>]*>(.*?)</h[12]>", re.DOTALL)
_LIST = re.compile(r"<(ol|ul)\b")
_TAG = re.compile(r"<[^>]*>")


def write(
    html: str,
    assets: Assets,
    attachments: Sequence[Attachment] = (),
    *,
    metadata: Metadata,
    formulas: Mapping[str, str] | None = None,
) -> bytes:
    """Lay out a report and return the PDF.

    Parameters
    ----------
    html : str
        A complete page that refers to nothing but `assets`.
    attachments : sequence of Attachment
        Files that the PDF is to carry.
    metadata : Metadata
    formulas : mapping of str to str
        MathML of the images that are formulas, by their alternative texts.

    Raises
    ------
    RenderError
        If the page asks for anything else, or can't be laid out without loss: a letter that no font has, a
        table wider than the paper.
    """
    moment, fetcher = metadata.moment.astimezone(UTC), Fetcher(assets)
    try:
        with limited("laying out the PDF"), strictly(), clock(moment), temporary():
            document = _laid_out(html, fetcher)
            data = _written(document, html, fetcher, attachments, moment, formulas or {})
        edges.check(data)
        return data
    except (FatalURLFetchingError, RenderError):
        if fetcher.refused:
            raise RenderError(fetcher.problems()) from None
        raise


def _laid_out(html: str, fetcher: Fetcher) -> weasyprint.Document:
    page = weasyprint.HTML(string=html, base_url=f"{SCHEME}:", url_fetcher=fetcher)
    with line_breaks.full(weasyprint.layout.inline):
        document = page.render(color_profiles={INTENT: _profile()}, presentational_hints=True, **VARIANT)
    wanted = {element.get("id") for element in page.etree_element.iter() if element.get("id")}
    lost = wanted - {name for sheet in document.pages for name in sheet.anchors}
    if lost:
        raise RenderError(f"the layout lost {', '.join(sorted(lost))}")
    return document


def _written(
    document: weasyprint.Document,
    html: str,
    fetcher: Fetcher,
    attachments: Sequence[Attachment],
    moment: datetime,
    formulas: Mapping[str, str],
) -> bytes:
    document.metadata.created = document.metadata.modified = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    carried = [
        weasyprint.Attachment(
            string=attachment.data,
            name=attachment.name,
            description=attachment.description,
            relationship=attachment.relationship,
            created=moment,
            modified=moment,
            url_fetcher=fetcher,
        )
        for attachment in attachments
    ]
    names = {anchor: unescape(name) for anchor, name in _LINK.findall(html)}

    def finish(_: object, file: pydyf.PDF) -> None:
        split_tags.join(file, sources)
        tag_tree.mend(file, formulas, names, _LIST.findall(html))
        math.associate(file, formulas)
        tag_tree.declare_universal_access(file)
        _check_glyphs(document, html)

    contents = {**fetcher.served, **{attachment.name: attachment.data for attachment in attachments}}
    with split_tags.traced(weasyprint.pdf.tags) as sources:
        data: bytes = document.write_pdf(
            finisher=finish, pdf_identifier=_identifier(html, contents), attachments=carried, **VARIANT
        )
    return data


def _profile() -> ColorProfile:
    """Return the colours that the archive says it is in."""
    data = (files("weasyprint.pdf") / f"{INTENT}.icc").read_bytes()
    return ColorProfile(BytesIO(data), f"{INTENT}.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


def _check_glyphs(document: weasyprint.Document, html: str) -> None:
    """See that every letter has a shape: an archive may not hold boxes in place of text."""
    missing = sorted({point for font in document.fonts.values() for point in font.missing})
    if missing:
        letters = ", ".join(f"{chr(point)!r} (U+{point:04X})" for point in missing)
        headings = _HEADING.findall(unescape(html).partition(chr(missing[0]))[0])
        where = f"“{' '.join(_TAG.sub('', headings[-1]).split())}”: " if headings else ""
        remedy = "write something else, or install a font that has it"
        raise RenderError(Problem("the PDF", 0, f"{where}no font here has {letters}", remedy))


def _identifier(html: str, contents: Mapping[str, bytes]) -> bytes:
    """Return what tells this file from others: a hash of all that it is made of."""
    digest = hashlib.sha256(html.encode())
    for name, content in sorted(contents.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()[:32].encode()
