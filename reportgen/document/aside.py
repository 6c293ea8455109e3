"""The notebook's web page, made in a process of its own while this one lays out the PDF."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from reportgen.document.notebook import Notebook
from reportgen.errors import InputError, Problem, RenderError

_ERRORS = {error.__name__: error for error in (InputError, RenderError)}


def export_aside(notebook: Notebook, templates: Path) -> Callable[[], bytes]:
    """Begin to export `notebook` (see `reportgen.document.export`) and return what waits for the page.

    Raises
    ------
    InputError, RenderError
        When the page is waited for, as `reportgen.document.export.html` would.
    """
    job = {"title": notebook.title, "language": notebook.language, "cells": notebook.cells}
    child = subprocess.Popen(
        [sys.executable, "-m", "reportgen.document.aside", str(templates)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdin is not None
    child.stdin.write(json.dumps(job).encode())
    child.stdin.close()
    child.stdin = None

    def wait() -> bytes:
        page, complaint = child.communicate()
        if child.returncode == 0:
            return page
        try:
            name, problems = json.loads(complaint)
        except ValueError:
            last = complaint.decode(errors="replace").strip().rpartition("\n")[2]
            raise RenderError(f"the notebook's page could not be made: {last or child.returncode}") from None
        raise _ERRORS[name]([Problem(**problem) for problem in problems])

    return wait


def main() -> int:
    """Read a notebook on stdin and write its page on stdout; what is wrong goes to stderr as JSON."""
    from reportgen.document.export import html

    job = json.load(sys.stdin.buffer)
    notebook = Notebook(job["title"], job["language"], tuple(job["cells"]))
    try:
        page = html(notebook, Path(sys.argv[1]))
    except (InputError, RenderError) as error:
        problems = [asdict(problem) for problem in error.problems]
        sys.stderr.write(json.dumps([type(error).__name__, problems]))
        return 1
    sys.stdout.buffer.write(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
