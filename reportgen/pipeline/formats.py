"""The formats of a report, by the ending of a file: to add one, add its writer to `FORMATS`."""

import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.errors import InputError, Problem, nearest, shown

if TYPE_CHECKING:
    from reportgen.pipeline.render import Rendering


@dataclass(frozen=True)
class Written:
    """The files of one format by name, and what was noticed on the way."""

    files: Mapping[str, bytes]
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Format:
    """One format.

    Attributes
    ----------
    write : callable
        A report and the name of a file → that file, and what stands beside it.
    beside : tuple of str
        Endings of what is written along with it.
    pictures : bool
        Whether it has pictures in a folder of its own.
    require : callable
        Returns the version of a program that it takes, or raises an error that says how to get it.
    """

    write: Callable[["Rendering", str], Written]
    beside: tuple[str, ...] = ()
    pictures: bool = False
    require: Callable[[], str] = str


def _pdf(rendering: "Rendering", name: str) -> Written:
    from reportgen.pipeline.render import evidence_of, moment

    # WeasyPrint, as it is imported, starts other programs to look for its libraries, and waits for them.
    with ThreadPoolExecutor(1) as meanwhile:
        imported = meanwhile.submit(import_module, "reportgen.document.pdf")
        page, evidence = rendering.page, evidence_of(rendering)
    imported.result()
    from reportgen.document import pdf

    metadata = pdf.Metadata(moment(rendering.gathered))
    data = pdf.write(page.html, page.assets, evidence, metadata=metadata, formulas=page.formulas)
    return Written({name: data})


def _html(rendering: "Rendering", name: str) -> Written:
    from reportgen.artifacts import Artifacts
    from reportgen.document.notebook import web_page

    project = rendering.project
    page = web_page.html(rendering.notebook, project.report.templates, Artifacts(project.store))
    return Written({name: page})


def _ipynb(rendering: "Rendering", name: str) -> Written:
    return Written({name: rendering.notebook.to_bytes()})


def _md(rendering: "Rendering", name: str) -> Written:
    from reportgen.document import as_markdown
    from reportgen.document.labels import labels

    report = rendering.project.report
    folder = pictures_of(Path(name)).name
    syntax = as_markdown.forge(folder)
    made = as_markdown.write(
        report, rendering.page, syntax, made_by=_made_by(rendering), draft=rendering.draft
    )
    text = f"{as_markdown.title(report.title_block, labels(report.language))}\n\n{made.text}"
    pictures = {syntax.address(each): data for each, data in made.pictures.items()}
    return Written({name: text.encode(), **pictures})


def _docx(rendering: "Rendering", name: str) -> Written:
    from reportgen.artifacts import Artifacts
    from reportgen.document import as_docx, as_markdown
    from reportgen.document.pdf import raster
    from reportgen.pipeline.render import moment

    project, page, syntax = rendering.project, rendering.page, as_docx.syntax()
    made = as_markdown.write(project.report, page, syntax, made_by=_made_by(rendering), draft=rendering.draft)
    fonts, keep = page.assets["style/base/fonts.css"], Artifacts(project.store)
    pictures = {
        syntax.address(each): raster.png(data, fonts, keep) if each.endswith(".svg") else data
        for each, data in made.pictures.items()
    }
    data, told = as_docx.write(project.report, made.text, pictures, moment(rendering.gathered))
    return Written({name: data}, told)


def _pandoc() -> str:
    from reportgen.document import as_docx

    return as_docx.require()


def _made_by(rendering: "Rendering") -> str:
    """Return the line that says what a text without evidence inside it was made from."""
    from reportgen import __version__
    from reportgen.document.labels import labels

    digest = hashlib.sha256(rendering.gathered.run.to_json().encode()).hexdigest()
    words = labels(rendering.project.report.language)
    return words.made_by.format(version=__version__, digest=digest)


FORMATS: Mapping[str, Format] = {
    ".pdf": Format(_pdf, beside=(".html", ".ipynb")),
    ".html": Format(_html),
    ".ipynb": Format(_ipynb),
    ".md": Format(_md, pictures=True),
    ".docx": Format(_docx, require=_pandoc),
}


def format_of(path: Path) -> Format:
    """Return the format of a file by its ending.

    Raises
    ------
    InputError
        If there is none of that ending.
    """
    if path.suffix not in FORMATS:
        message = f"no report is written as {path.suffix!r}" if path.suffix else "has no extension"
        raise InputError(Problem(shown(path), 0, message, nearest(path.suffix, FORMATS)))
    return FORMATS[path.suffix]


def pictures_of(path: Path) -> Path:
    """Return the folder of a file's pictures: ``report_files`` beside ``report.md``."""
    return path.with_name(f"{path.stem}_files")
