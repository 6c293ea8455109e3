"""The report as a notebook that a reader can run, and its execution by a real kernel."""

import hashlib
import json
import re
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportgen.document import images, markdown
from reportgen.document.labels import Labels, labels
from reportgen.document.numbering import Numbering
from reportgen.document.page import Answered
from reportgen.errors import RenderError
from reportgen.errors import shown as named
from reportgen.language.outcome import TOKEN, Rendered
from reportgen.language.values import Show
from reportgen.report.model import Report

SETUP = "from reportgen.lab import Lab\n\nlab = Lab()"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_SHOW = re.compile("\ue000show:([0-9]+)\ue001")
_CODE = re.compile(
    r"(^ {0,3}(`{3,}|~{3,}).*?^ {0,3}\2[`~]*\s*$|(`+)(?!`).+?(?<!`)\3(?!`))", re.MULTILINE | re.DOTALL
)
_TAG = re.compile(r"<(?=[A-Za-z/!?])(?!https?://|mailto:)")


@dataclass(frozen=True)
class Notebook:
    """A notebook in the format nbformat 4.5, as a value; `cells` are plain dictionaries of that format."""

    title: str
    language: str
    cells: tuple[Mapping[str, Any], ...]

    def to_bytes(self) -> bytes:
        """Return the file: sorted, indented JSON, the same bytes for the same notebook."""
        return (json.dumps(self._document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    def _document(self) -> dict[str, Any]:
        metadata = {
            "kernelspec": KERNEL,
            "language_info": {"name": "python"},
            "title": self.title,
            "lang": self.language,
        }
        return {"cells": list(self.cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}

    @property
    def code_digest(self) -> str:
        """SHA-256 over the code cells: what the kernel would run, whatever the prose says."""
        codes = [[cell["id"], cell["source"]] for cell in self.cells if cell["cell_type"] == "code"]
        return hashlib.sha256(json.dumps(codes).encode()).hexdigest()

    def outputs(self) -> bytes:
        """Return the outputs of the code cells as JSON, for a store."""
        kept = {
            cell["id"]: [cell["execution_count"], cell["outputs"]]
            for cell in self.cells
            if cell["cell_type"] == "code"
        }
        return json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()

    def filled(self, outputs: bytes) -> "Notebook":
        """Return this notebook with outputs that `outputs` gave for the same code."""
        kept = json.loads(outputs)
        cells = tuple(
            {**cell, "execution_count": kept[cell["id"]][0], "outputs": kept[cell["id"]][1]}
            if cell["cell_type"] == "code"
            else cell
            for cell in self.cells
        )
        return Notebook(self.title, self.language, cells)


def make(
    report: Report,
    answers: Sequence[Answered],
    code: Mapping[str, str],
    numbering: Numbering,
    *,
    imports: str = "",
) -> Notebook:
    """Write the notebook of `report`: for each question its text, and what it says of each model as running code.

    Parameters
    ----------
    answers : sequence of Answered
    code : mapping of str to str
        Source of each model's builder and what it uses, by model.
    numbering : Numbering
        Of the page, so that "Figure 3" means the same in both.
    imports : str
        Import statements that `code` needs; may be empty.
    """
    shown = {
        model
        for answer in answers
        if answer.rendered
        for show in answer.rendered.shows
        for model in show.models
    }
    writer = _Writer(report, labels(report.language), code, numbering, shown=shown)
    writer.title()
    writer.code("setup", SETUP)
    if imports:
        writer.code("imports", imports)
    for answer in answers:
        writer.section(answer)
    return Notebook(report.title_block.title, report.language, tuple(writer.cells))


@dataclass
class _Writer:
    """Writes cells in order. `shown` are the models that some answer shows, where they are introduced."""

    report: Report
    words: Labels
    sources: Mapping[str, str]
    numbering: Numbering
    cells: list[Mapping[str, Any]] = field(default_factory=list)
    shown: Collection[str] = ()
    _introduced: set[str] = field(default_factory=set)
    _logged: set[str] = field(default_factory=set)

    def title(self) -> None:
        block = self.report.title_block
        lines = [f"# {_escaped(block.title)}", *map(_escaped, filter(None, (block.course, block.assignment)))]
        lines.append(_escaped(", ".join(block.authors)))
        if block.deadline:
            lines.append(f"{self.words.deadline}: {_escaped(block.deadline)}")
        if block.abstract:
            lines.append(f"> {_escaped(block.abstract)}")
        self.text("title", "\n\n".join(lines))

    def text(self, name: str, source: str, attachments: Mapping[str, Any] | None = None) -> None:
        cell: dict[str, Any] = {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}
        if attachments:
            cell["attachments"] = attachments
        self.cells.append(cell)

    def code(self, name: str, source: str, **metadata: str) -> None:
        self.cells.append(
            {
                "cell_type": "code",
                "id": name,
                "metadata": {"reportgen": metadata} if metadata else {},
                "source": source,
                "execution_count": None,
                "outputs": [],
            }
        )

    def section(self, answer: Answered) -> None:
        section, rendered = answer.section, answer.rendered
        question = "\n".join(f"> {line}".rstrip() for line in neutral(section.question).strip().splitlines())
        heading = f"## {section.number} {_escaped(section.title)}"
        self.text(f"{section.id}-question", f"{heading}\n\n**{self.words.question}**\n\n{question}")
        if rendered is None:
            self.text(f"{section.id}-answer-0", f"*{self.words.not_built}*")
            return
        wanted = set(rendered.shows)
        for place, (prose, show) in enumerate(_split(rendered)):
            if prose.strip():
                self._prose(answer, f"{section.id}-answer-{place}", prose)
            if show is not None:
                self._introduce(section.id, show.models, wanted)
                self._display(section.id, show)
        self._introduce(section.id, (model for model in section.models if model not in self.shown), wanted)

    def _introduce(self, section: str, models: Iterable[str], wanted: Collection[Show]) -> None:
        """Give the code of models that are new, and what `wanted` leaves out of layers, log and image."""
        for model in models:
            if model in self._introduced:
                continue
            self._introduced.add(model)
            if model in self.sources:
                self.code(f"{model}-code", self.sources[model].rstrip())
            self.code(f"{model}-model", f'{model} = lab.model("{model}")')
            for kind in ("summary", "evaluation_image"):
                if Show(kind, (model,)) not in wanted:
                    self._display(section, Show(kind, (model,)))

    def _display(self, section: str, show: Show) -> None:
        owner = show.models[0] if show.models else "lab"
        name = f"{section}-{owner}-{show.kind.replace('_', '-')}"
        if show.kind == "code" or any(cell["id"] == name for cell in self.cells):
            return
        if show.kind == "evaluation_image" and owner not in self._logged:
            self._logged.add(owner)
            self._display(section, Show("log", show.models))
        entry = self.numbering.find(show)
        about = {"label": entry.label, "caption": entry.caption} if entry else {}
        self.code(name, f"{owner}.{show.kind}()", **about)

    def _prose(self, answer: Answered, name: str, prose: str) -> None:
        rendered = answer.rendered
        assert rendered is not None

        def plain(match: re.Match[str]) -> str:
            kind, index = match[1], int(match[2])
            if kind == "fact":
                return rendered.facts[index].text
            if kind == "ref":
                entry = self.numbering.find(rendered.refs[index])
                return entry.label if entry else ""
            return ""

        text = TOKEN.sub(plain, prose).strip()
        attachments: dict[str, Any] = {}
        path = named(answer.section.path)
        for image in markdown.render(text, path=path, first_line=answer.section.body_line).images:
            label, kind, data = images.attachment(self.report.answers, image, path)
            attachments[label] = {kind: data}
            text = text.replace(f"]({image.source}", f"](attachment:{label}")
        self.text(name, neutral(markdown.levelled(text, top=3)), attachments)


def _split(rendered: Rendered) -> Iterator[tuple[str, Show | None]]:
    """Yield the prose before each show, with the show; at last the prose after."""
    end = 0
    for found in _SHOW.finditer(rendered.markdown):
        yield rendered.markdown[end : found.start()], rendered.shows[int(found[1])]
        end = found.end()
    yield rendered.markdown[end:], None


def _escaped(text: str) -> str:
    """Return plain text as Markdown."""
    return re.sub(r"([\\`*_\[\]<>#$])", r"\\\1", text)


def neutral(text: str) -> str:
    """Return Markdown in which no tag is one, whoever renders it; code stays as it is."""
    pieces: list[str] = []
    end = 0
    for found in _CODE.finditer(text):
        pieces += [_TAG.sub("&lt;", text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*pieces, _TAG.sub("&lt;", text[end:])])


def execute(
    notebook: Notebook, *, folder: Path, environment: Mapping[str, str], timeout: float = 600
) -> Notebook:
    """Run every code cell in a kernel of this Python and return the notebook with its outputs.

    Parameters
    ----------
    folder : Path
        Where the kernel works.
    environment : mapping of str to str
        The kernel's whole environment.
    timeout : float
        Seconds that one cell may take.

    Raises
    ------
    RenderError
        If a cell fails, names the cell and the error.
    """
    import nbformat
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    class Manager(AsyncKernelManager):  # type: ignore[misc]
        """Starts this very Python, whatever kernels are installed."""

        @property
        def kernel_spec(self) -> KernelSpec:
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=[*command, "--HistoryManager.enabled=False"], language="python")

    node = nbformat.from_dict(notebook._document())
    try:
        with tempfile.TemporaryDirectory(prefix="reportgen-") as private:
            # Sockets in a private folder: nobody else on the machine can read or drive the kernel.
            manager = Manager(
                transport="ipc", ip=f"{private}/kernel", connection_file=f"{private}/connection.json"
            )
            resources = {"metadata": {"path": str(folder)}}
            client = NotebookClient(
                node, km=manager, timeout=timeout, record_timing=False, resources=resources
            )
            own = {"IPYTHONDIR": private, "JUPYTER_RUNTIME_DIR": private}
            client.execute(env={**environment, **own}, cwd=str(folder), cleanup_kc=True)
    except CellExecutionError as error:
        raise RenderError(f"the notebook fails at {_failing(node)}: {error.ename}: {error.evalue}") from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise RenderError(f"the notebook fails at {_failing(node)}: {str(error).splitlines()[0]}") from None
    cells = []
    for cell in json.loads(nbformat.writes(node, version=4))["cells"]:
        cell["source"] = _joined(cell["source"])
        cell["metadata"].pop("execution", None)
        cells.append(_tidied(cell))
    return Notebook(notebook.title, notebook.language, tuple(cells))


def _failing(node: Any) -> str:
    cells = [cell for cell in node.cells if cell.cell_type == "code"]
    tried = [cell for cell in cells if cell.outputs or cell.execution_count]
    last = (tried or cells)[-1]
    return f"cell {last.id} ({last.source.splitlines()[0]})"


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _tidied(cell: dict[str, Any]) -> dict[str, Any]:
    """Return an executed cell without what differs from run to run."""
    for output in cell.get("outputs", ()):
        if "text" in output:
            output["text"] = _joined(output["text"])
        for kind, value in output.get("data", {}).items():
            if isinstance(value, list):
                output["data"][kind] = "".join(value)
    return cell
