"""A finished PDF read again: the text on its pages and the files that it carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from reportgen.errors import InputError, Problem, shown

MOST_FILES, MOST_BYTES = 10_000, 1 << 30


@dataclass(frozen=True)
class Opened:
    """What a PDF says and what it carries; `pages` are the texts of its pages."""

    pages: tuple[str, ...]
    attachments: Mapping[str, bytes]


def open_pdf(data: bytes, path: Path) -> Opened:
    """Read text and attachments.

    Parameters
    ----------
    path : Path
        What to call the file in errors.

    Raises
    ------
    InputError
        If it is no PDF, or carries a file whose name leads out of a folder.
    """
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
        pages = tuple(page.get_textpage().get_text_range() for page in pdf)
        attachments: dict[str, bytes] = {}
        for index in range(min(pdf.count_attachments(), MOST_FILES)):
            attachment = pdf.get_attachment(index)
            name = attachment.get_name()
            attachments[_safe(name, path)] = bytes(attachment.get_data())
            if sum(map(len, attachments.values())) > MOST_BYTES:
                raise InputError(Problem(shown(path), 0, "carries more than a report would"))
    except pypdfium2.PdfiumError as error:
        raise InputError(Problem(shown(path), 0, f"can't be read as a PDF: {error}")) from None
    return Opened(pages, attachments)


def unpack(opened: Opened, folder: Path) -> None:
    """Write the attachments below a folder."""
    for name, data in opened.attachments.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _safe(name: str, path: Path) -> str:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
        raise InputError(
            Problem(shown(path), 0, f"carries a file with the name {name!r}, which is no safe name")
        )
    return name
