"""Read a finished PDF: the text on its pages, and the files attached to it.

A PDF of a stranger is read in a process of its own, with limits on its time and memory: what reads PDFs is a
library in C, and neither of these has a bound in a PDF.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic_core import CoreSchema

from reportgen import files
from reportgen.decoding import Decoder, UndecodableError
from reportgen.decoding import documents as of
from reportgen.errors import InputError, Problem, shown

LARGEST = 1 << 29  # bytes of a PDF
MOST_PAGES, MOST_TEXT = 5_000, 20 << 20
MOST_FILES, MOST_BYTES = 10_000, 1 << 28
SECONDS, MEMORY = 60, 3 << 30


@dataclass(frozen=True)
class Opened:
    """What a PDF says and what it carries; `pages` are the texts of its pages."""

    pages: tuple[str, ...]
    attachments: Mapping[str, bytes]


def open_pdf(data: bytes, path: Path) -> Opened:
    """Read text and attachments of a PDF that was written here.

    Parameters
    ----------
    path : Path
        What to call the file in errors.

    Raises
    ------
    InputError
        If it is no PDF, carries more than a report would, or a file whose name leads out of a folder.
    """
    try:
        return _read(data)
    except UndecodableError as error:
        raise InputError(Problem(shown(path), 0, str(error))) from None


def open_foreign(path: Path) -> Opened:
    """Read text and attachments of any file that claims to be a PDF, in bounded time and memory.

    Raises
    ------
    InputError
        As `open_pdf`; also if it is no file, or reading it takes more time or memory than a report would.
    """
    done = subprocess.run(
        [sys.executable, "-m", "reportgen.document.pdf.reader"],
        input=files.read(path, LARGEST),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    try:
        return _received(done.stdout, done.returncode)
    except UndecodableError as error:
        raise InputError(Problem(shown(path), 0, str(error))) from None


def unpack(opened: Opened, folder: Path) -> None:
    """Write the attachments below a folder."""
    for name, data in opened.attachments.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _read(data: bytes) -> Opened:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
        if len(pdf) > MOST_PAGES or pdf.count_attachments() > MOST_FILES:
            raise UndecodableError("carries more than a report would")
        pages, letters = [], 0
        for page in pdf:
            pages.append(page.get_textpage().get_text_range())
            letters += len(pages[-1])
            if letters > MOST_TEXT:
                raise UndecodableError("says more than a report would")
        attachments: dict[str, bytes] = {}
        size = 0
        for index in range(pdf.count_attachments()):
            attachment = pdf.get_attachment(index)
            name = _safe(attachment.get_name(), attachments)
            attachments[name] = bytes(attachment.get_data())
            size += len(attachments[name])
            if size > MOST_BYTES:
                raise UndecodableError("carries more than a report would")
    except (UndecodableError, ImportError):
        raise
    except Exception as error:  # what damaged PDFs make the library raise is written nowhere
        said = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise UndecodableError(f"can't be read as a PDF: {said}") from None
    return Opened(tuple(pages), attachments)


def _safe(name: str, others: Mapping[str, bytes]) -> str:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
        raise UndecodableError(f"carries a file with the name {name[:200]!r}, which is not a safe name")
    if name in others:
        raise UndecodableError(f"carries two files with the name {name[:200]!r}")
    return name


# Between the two processes: a line of JSON, and behind it the attachments, one after the other.


def _serve() -> None:
    """Read the PDF on standard input and write what is in it to standard output."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    head: dict[str, Any] = {"wrong": "", "pages": [], "files": {}}
    content: list[bytes] = []
    try:
        found = _read(sys.stdin.buffer.read())
        head["pages"] = [page.encode("utf-8", "replace").decode() for page in found.pages]
        head["files"] = {name: len(data) for name, data in found.attachments.items()}
        content = list(found.attachments.values())
    except UndecodableError as error:
        head["wrong"] = str(error).encode("utf-8", "backslashreplace").decode()
    except MemoryError:
        head["wrong"] = _TOO_MUCH
    except ImportError as error:
        head["missing"] = error.name or ""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    sys.stdout.buffer.writelines(content)


def _received(said: bytes, status: int) -> Opened:
    line, _, content = said.partition(b"\n")
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        raise UndecodableError(f"takes more than {SECONDS} seconds to read, or too much memory")
    if status or not line:
        raise UndecodableError(f"can't be read as a PDF: its reader ended with status {status}")
    head = _HEAD(line)
    if missing := head.get("missing"):
        raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
    if head["wrong"]:
        raise UndecodableError(head["wrong"])
    attachments, at = {}, 0
    for name, size in head["files"].items():
        attachments[name] = content[at : at + size]
        at += size
    return Opened(head["pages"], attachments)


def _schema() -> CoreSchema:
    return of.made(
        dict,
        wrong=of.text(),
        missing=of.optional(of.text()),
        pages=of.several(of.text(MOST_TEXT), MOST_PAGES),
        files=of.named(of.count(), MOST_FILES),
    )


_TOO_MUCH = "takes more memory to read than a report would"
_HEAD = Decoder[dict[str, Any]](_schema, 8 * MOST_TEXT)

if __name__ == "__main__":
    _serve()
