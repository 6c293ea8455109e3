"""The report as a Word document: its Markdown, converted by pandoc.

pandoc runs in a folder of its own, which holds the text and its pictures and nothing else; the text names no
other file and no address of a picture, so there is nothing for it to fetch.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from reportgen import files
from reportgen.document.as_markdown import Syntax
from reportgen.document.labels import labels
from reportgen.errors import Problem, RenderError, UndecidedError
from reportgen.report.types import Report

OLDEST = (2, 11)
"""The first pandoc that reads these extensions and dates what it writes by SOURCE_DATE_EPOCH."""
SECONDS = 120.0
_STYLES = {"figure": "Image Caption", "table": "Table Caption", "listing": "Table Caption"}
_EXTENSIONS = (
    "pipe_tables",
    "footnotes",
    "tex_math_dollars",
    "strikeout",
    "bracketed_spans",
    "fenced_divs",
)
_PROGRAM = "pandoc"


def syntax() -> Syntax:
    """Return the Markdown that pandoc reads, for pictures that are no vectors."""
    return Syntax(
        anchor=lambda name: f"[]{{#{name}}}",
        caption=lambda kind, text: f'::: {{custom-style="{_STYLES[kind]}"}}\n{text}\n:::',
        address=lambda name: re.sub(r"\.svg$", ".png", name),
    )


def require() -> str:
    """Return the version of pandoc.

    Raises
    ------
    UndecidedError
        If it is not installed or too old, with how to get it.
    """
    remedy = "install it (https://pandoc.org/installing.html; on Debian: apt install pandoc)"
    if shutil.which(_PROGRAM) is None:
        raise UndecidedError(Problem("", 0, "a .docx is written by pandoc, which is not installed", remedy))
    found = re.search(r"pandoc\S* ((\d+)\.(\d+)\S*)", _run(["--version"], Path(), {}).stdout)
    if found is None or (int(found[2]), int(found[3])) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise UndecidedError(Problem("", 0, f"pandoc {oldest} or newer is needed for a .docx", remedy))
    return f"pandoc {found[1]}"


def write(
    report: Report, text: str, pictures: Mapping[str, bytes], moment: datetime
) -> tuple[bytes, tuple[str, ...]]:
    """Return a report as a Word document, with what pandoc warns of.

    Parameters
    ----------
    text : str
        Markdown in this module's `syntax`; `pictures` by the addresses that it has.
    moment : datetime
        The date of the document.

    Raises
    ------
    RenderError
        If pandoc fails or takes too long.
    """
    block, words = report.title_block, labels(report.language)
    about = {
        "title": [block.title],
        "subtitle": [" – ".join(filter(None, (block.course, block.assignment)))],
        "author": list(block.authors),
        "date": [f"{words.deadline}: {block.deadline}" if block.deadline else ""],
        "abstract": [block.abstract],
        "abstract-title": [words.abstract],
        "lang": [str(report.language)],
    }
    given = [f"--metadata={name}={value}" for name, found in about.items() for value in found if value]
    with tempfile.TemporaryDirectory(prefix="reportgen-") as name:
        folder = Path(name)
        for address, data in {**pictures, "report.md": text.encode()}.items():
            (folder / address).write_bytes(data)
        read = "+".join(("--from=commonmark", *_EXTENSIONS))
        options = [read, "--to=docx", "--columns=10000", "--output=report.docx", *given, "report.md"]
        # Not --sandbox: Debian's pandoc, whose data files are not embedded, writes no .docx in it.
        environment = {"SOURCE_DATE_EPOCH": str(int(moment.timestamp()))}
        try:
            done = _run(options, folder, environment)
        except subprocess.TimeoutExpired:
            raise RenderError(f"pandoc takes longer than {SECONDS:g} s") from None
        made = folder / "report.docx"
        if done.returncode or not made.is_file():
            said = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
            raise RenderError(f"pandoc can't write the .docx: {said[-1][:200]}")
        return files.read(made), tuple(f"pandoc: {line}" for line in done.stderr.strip().splitlines())


def _run(
    options: list[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run pandoc with bounds on time and memory, and without what a user has set up for it."""
    program = shutil.which(_PROGRAM) or _PROGRAM
    return subprocess.run(
        [program, "+RTS", "-M2g", "-RTS", f"--data-dir={folder.absolute()}", *options],
        cwd=folder,
        env={"PATH": "", "HOME": str(folder.absolute()), "LANG": "C.UTF-8", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=SECONDS,
    )
