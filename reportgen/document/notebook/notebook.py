"""The report as a notebook that a reader can run, and its execution by a real kernel."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from reportgen.document.notebook import cells
from reportgen.document.page import Page
from reportgen.errors import RenderError
from reportgen.language.values import Show
from reportgen.locales import Locale
from reportgen.report.types import Report

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Notebook:
    """A notebook in the format nbformat 4.5, as a value; `cells` are plain dictionaries of that format.

    `html` holds the Markdown cells as a page of our own shows them, by their ids, `shows` what code cells
    show, and `contents` the anchor and title of every section; they are in no file.
    """

    title: str
    language: Locale | str
    cells: tuple[Mapping[str, Any], ...]
    html: Mapping[str, str] = field(default_factory=dict)
    contents: tuple[tuple[str, str], ...] = ()
    shows: Mapping[str, Show] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return the file: sorted, indented JSON, the same bytes for the same notebook."""
        return (json.dumps(self.document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    def document(self) -> dict[str, Any]:
        """Return the notebook as the format's nested dictionaries."""
        metadata: dict[str, Any] = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
        metadata |= {"title": self.title, "lang": str(self.language)}
        return {"cells": list(self.cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}

    @property
    def prose(self) -> list[Mapping[str, Any]]:
        """The Markdown cells."""
        return [cell for cell in self.cells if cell["cell_type"] == "markdown"]

    def without_prose(self) -> "Notebook":
        """Return this notebook with nothing in its Markdown cells."""
        cells = (
            {**cell, "source": "", "attachments": {}} if cell["cell_type"] == "markdown" else cell
            for cell in self.cells
        )
        return replace(self, cells=tuple(cells), html={})

    def only_code(self) -> "Notebook":
        """Return the code cells without what pages say of them: what a kernel runs."""
        cells = ({**cell, "metadata": {}} for cell in self.cells if cell["cell_type"] == "code")
        return Notebook("", "", tuple(cells))

    def outputs(self) -> bytes:
        """Return the outputs of the code cells as JSON, for a store."""
        code = (cell for cell in self.cells if cell["cell_type"] == "code")
        kept = {cell["id"]: [cell["execution_count"], cell["outputs"]] for cell in code}
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
        return replace(self, cells=cells)


def make(
    report: Report,
    page: Page,
    code: Mapping[str, Sequence[str]],
    *,
    imports: str = "",
    unlogged: Collection[str] = (),
) -> Notebook:
    """Write the notebook of `report`.

    For each question it has the text and, where a model first appears, its own code, that of the functions
    its training uses, its layers, how it was trained, its training log and its evaluation image. A function
    that several models use is printed once.

    Parameters
    ----------
    page : Page
        So that "Figure 3" means the same in both.
    code : mapping of str to sequence of str
        By model, a text for each function, class or constant that it uses.
    imports : str
        Import statements that `code` needs; may be empty.
    unlogged : collection of str
        Models that were not trained by epochs: they have no log.
    """
    written, html, shows = cells.write(report, page, code, imports, unlogged)
    block = report.title_block
    title = " – ".join(filter(None, (block.title, block.assignment, block.course)))
    contents = tuple((each.id, f"{each.number} {each.title}") for each in page.sections)
    return Notebook(title, report.language, written, html, contents, shows)


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

    class Manager(AsyncKernelManager):
        """Starts this very Python, whatever kernels are installed."""

        @property
        def kernel_spec(self) -> KernelSpec:
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=[*command, "--HistoryManager.enabled=False"], language="python")

    node = nbformat.from_dict(notebook.document())  # type: ignore[no-untyped-call]
    try:
        with tempfile.TemporaryDirectory(prefix="reportgen-") as private:
            # Sockets in a private folder: nobody else on the machine can read or drive the kernel.
            connection = f"{private}/connection.json"
            manager = Manager(transport="ipc", ip=f"{private}/kernel", connection_file=connection)
            client = NotebookClient(node, km=manager, timeout=timeout, record_timing=False)
            own = {"IPYTHONDIR": private, "JUPYTER_RUNTIME_DIR": private}
            client.execute(
                env={**environment, **own},
                cwd=str(folder),
                stdout=subprocess.DEVNULL,  # what libraries say as they start; cells' output comes otherwise
                stderr=subprocess.DEVNULL,
                cleanup_kc=True,
            )
    except CellExecutionError as error:
        raise RenderError(f"the notebook fails at {_failing(node)}: {error.ename}: {error.evalue}") from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise RenderError(f"the notebook fails at {_failing(node)}: {str(error).splitlines()[0]}") from None
    executed = []
    text = nbformat.writes(node, version=4)  # type: ignore[no-untyped-call]
    for cell in json.loads(text)["cells"]:
        cell["source"] = _joined(cell["source"])
        cell["metadata"].pop("execution", None)
        executed.append(_tidied(cell))
    return replace(notebook, cells=tuple(executed))


def _failing(node: Any) -> str:
    cells = [cell for cell in node.cells if cell.cell_type == "code"]
    tried = [cell for cell in cells if cell.outputs or cell.execution_count]
    last = (tried or cells)[-1]
    return f"cell {last.id} ({last.source.splitlines()[0]})"


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _tidied(cell: dict[str, Any]) -> dict[str, Any]:
    """Return an executed cell without what differs from run to run, such as what libraries log."""
    if "outputs" in cell:
        cell["outputs"] = [output for output in cell["outputs"] if output.get("name") != "stderr"]
    for output in cell.get("outputs", ()):
        if "text" in output:
            output["text"] = _joined(output["text"])
        for kind, value in output.get("data", {}).items():
            if isinstance(value, list):
                output["data"][kind] = "".join(value)
    return cell
