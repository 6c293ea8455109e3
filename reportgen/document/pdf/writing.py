"""HTML to PDF: tagged, archivable (PDF/UA-1 and PDF/A-3a in one file), and the same bytes every time.

A report comes in parts, each of which begins a new page. They are laid out one by one and then bound
together, so that after an edit only the part that changed is laid out again.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime

import pydyf

from reportgen.artifacts import Keep, directly
from reportgen.document.assets import Assets
from reportgen.document.evidence import Attachment, Metadata
from reportgen.document.limits import limited
from reportgen.document.pdf import binding, embedding, libraries, packing, surroundings, tagging
from reportgen.document.pdf.embedding import Fonts
from reportgen.document.pdf.press import INTENT, VARIANT, Press, profile
from reportgen.document.pdf.sheets import Sheets
from reportgen.errors import RenderError

with libraries.quickly():
    import weasyprint
    from weasyprint.pdf.metadata import DocumentMetadata
    from weasyprint.urls import FatalURLFetchingError

ROUNDS = 5
_LEADING = re.compile(r'href="#([^"]+)" data-page=""')


def write(
    parts: Sequence[str],
    assets: Assets,
    attachments: Sequence[Attachment] = (),
    *,
    metadata: Metadata,
    formulas: Collection[str] = (),
    keep: Keep = directly,
) -> bytes:
    """Lay out a report and return the PDF, with `attachments`: what `lay_out` gives, given these."""
    return lay_out(parts, assets, metadata=metadata, formulas=formulas, keep=keep)(attachments)


def lay_out(
    parts: Sequence[str],
    assets: Assets,
    *,
    metadata: Metadata,
    formulas: Collection[str] = (),
    keep: Keep = directly,
) -> Callable[[Sequence[Attachment]], bytes]:
    """Lay out a report and return what gives the PDF with the files that it is to carry.

    Parameters
    ----------
    parts : sequence of str
        Each a complete page of HTML that refers to nothing but `assets`. A link that gives its ``href`` and
        then an empty ``data-page`` finds there the number of the page that it leads to.
    metadata : Metadata
    formulas : collection of str
        Alternative texts of the images that are formulas.
    keep : callable
        Keeps what laying out a part gave for another time (see `press`).

    Raises
    ------
    RenderError
        If a part asks for anything else, or can't be laid out without loss.
    """
    moment = metadata.moment.astimezone(UTC)
    with limited("laying out the PDF"), surroundings.quietly(moment):
        press = Press(assets, formulas, keep)
        try:
            sheets = _paginated(parts, press)
            fonts = embedding.embed(sheets, press, parts[0])
        except (FatalURLFetchingError, RenderError):
            if press.fetcher.refused:
                raise RenderError(press.fetcher.problems()) from None
            raise

    def written(attachments: Sequence[Attachment]) -> bytes:
        contents = {**assets.files, **{attachment.name: attachment.data for attachment in attachments}}
        with limited("writing the PDF"), surroundings.quietly(moment):
            return _written(sheets, fonts, press, attachments, moment, _identifier(parts, contents))

    return written


def _paginated(parts: Sequence[str], press: Press) -> list[Sheets]:
    """Lay out all parts, until the page numbers that they give are those that they were given."""
    told: dict[str, int] = {}
    for _ in range(ROUNDS):
        sheets: list[Sheets] = []
        found: dict[str, int] = {}
        first = 1
        for html in parts:
            sheets.append(press.sheets(_told(html, told), first))
            found |= {anchor: first + number for anchor, (number, _, _) in sheets[-1].anchors.items()}
            first += len(sheets[-1].pages)
        if found == told:
            return sheets
        told = found
    raise RenderError("the page numbers in the contents move what they lead to, again and again")


def _told(html: str, pages: Mapping[str, int]) -> str:
    """Tell links the number of the page that they lead to, where that is known."""

    def told(link: re.Match[str]) -> str:
        return f'href="#{link[1]}" data-page="{pages.get(link[1], "")}"'

    return _LEADING.sub(told, html)


def _written(
    sheets: Sequence[Sheets],
    fonts: Fonts,
    press: Press,
    attachments: Sequence[Attachment],
    moment: datetime,
    identifier: bytes,
) -> bytes:
    """Bind the sheets and write the file."""
    about = DocumentMetadata(**sheets[0].about)
    about.created = about.modified = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    document = weasyprint.Document([], about, press.fetcher, press.fonts, {INTENT: profile()}, INTENT)

    def finish(_: object, file: pydyf.PDF) -> None:
        binding.bind(file, document, sheets, fonts)
        tagging.declare_universal_access(file)

    carried = [
        weasyprint.Attachment(
            string=attachment.data,
            name=attachment.name,
            description=attachment.description,
            relationship=attachment.relationship,
            created=moment,
            modified=moment,
            url_fetcher=press.fetcher,
        )
        for attachment in attachments
    ]
    with packing.packed():
        data: bytes = document.write_pdf(
            finisher=finish, pdf_identifier=identifier, attachments=carried, **VARIANT
        )
    return data


def _identifier(parts: Sequence[str], contents: Mapping[str, bytes]) -> bytes:
    """Return what tells this file from others: a hash of all that it is made of."""
    digest = hashlib.sha256("".join(parts).encode())
    for name, content in sorted(contents.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()[:32].encode()


def warm_up(language: str) -> None:
    """Have the layout library load what it loads with its first page, such as its own styles."""
    text = "".join(f"<{tag}>Hyphenation takes a dictionary.</{tag}>" for tag in ("h1", "p", "table", "th"))
    head = "<title>-</title><style>* { hyphens: auto; width: 3em }</style>"
    html = f'<html lang="{language}"><head>{head}{text}'
    with surroundings.quietly(datetime(2020, 1, 1, tzinfo=UTC)):
        Press(Assets({}), (), directly).sheets(html, 1)
