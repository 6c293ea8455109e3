"""Pages made in processes of their own, so that a PDF and a web page take the time of the longer one.

A helper is started before there is anything to do: it loads the libraries that lay out pages while this
process still reads results and fills in answers. What it reads comes from this process; what comes back is
the bytes of the page, or what is wrong.
"""

import json
import pickle
import subprocess
import sys
from collections.abc import Collection, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any

from reportgen.document.assets import Assets
from reportgen.document.evidence import Attachment, Metadata
from reportgen.document.notebook import Notebook
from reportgen.errors import InputError, Problem, RenderError

_ERRORS = {error.__name__: error for error in (InputError, RenderError)}


class Aside:
    """A process that makes one page.

    Use it as a context manager: a process that is not waited for is ended.

    Parameters
    ----------
    kind : {"pdf", "export"}
        Whether it makes the PDF (`begin_pdf`) or the notebook's web page (`begin_export`).
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._child = subprocess.Popen(
            [sys.executable, "-m", "reportgen.document.aside", kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._talk: Thread | None = None
        self._page = self._complaint = b""

    def begin_pdf(
        self,
        html: str,
        assets: Assets,
        attachments: Sequence[Attachment] = (),
        *,
        metadata: Metadata,
        formulas: Collection[str] = (),
        drawings: Path | None = None,
    ) -> None:
        """Begin what `reportgen.document.pdf.write` does.

        Parameters
        ----------
        drawings : Path, optional
            Root of a store that keeps what drawing a figure gave.
        """
        self._begin((html, assets, tuple(attachments), metadata, frozenset(formulas), drawings))

    def begin_export(self, notebook: Notebook, templates: Path) -> None:
        """Begin what `reportgen.document.export.html` does."""
        self._begin((notebook, templates))

    def _begin(self, job: tuple[object, ...]) -> None:
        data = pickle.dumps(job)

        def talk() -> None:
            self._page, self._complaint = self._child.communicate(data)

        self._talk = Thread(target=talk, daemon=True)
        self._talk.start()

    def wait(self) -> bytes:
        """Return the page.

        Raises
        ------
        InputError, RenderError
            As the function that makes it would.
        """
        assert self._talk is not None, "nothing was begun"
        self._talk.join()
        if self._child.returncode == 0:
            return self._page
        try:
            name, problems = json.loads(self._complaint)
        except ValueError:
            last = self._complaint.decode(errors="replace").strip().rpartition("\n")[2]
            raise RenderError(
                f"the {self._kind} could not be made: {last or self._child.returncode}"
            ) from None
        raise _ERRORS[name]([Problem(**problem) for problem in problems])

    def __enter__(self) -> "Aside":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child.poll() is None:
            self._child.kill()
        if self._talk is None:
            self._child.communicate()
        else:
            self._talk.join()


def _make(kind: str) -> bytes:
    """Load what a page needs, then read the job and do it."""
    if kind == "export":
        from reportgen.document.export import html

        notebook, templates = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
        return html(notebook, templates)
    from reportgen.document import pdf
    from reportgen.store import Store

    page, assets, attachments, metadata, formulas, drawings = pickle.load(sys.stdin.buffer)  # noqa: S301
    keep: Any = lambda key, make: make()  # noqa: E731
    if drawings is not None:
        keep = partial(Store.open(drawings).artifact, "drawings")
    return pdf.write(page, assets, attachments, metadata=metadata, formulas=formulas, keep=keep)


def main() -> int:
    """Read a job on stdin and write the page on stdout; what is wrong goes to stderr as JSON."""
    try:
        page = _make(sys.argv[1])
    except EOFError:
        return 0
    except (InputError, RenderError) as error:
        problems = [asdict(problem) for problem in error.problems]
        sys.stderr.write(json.dumps([type(error).__name__, problems]))
        return 1
    sys.stdout.buffer.write(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
