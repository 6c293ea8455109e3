"""A preview that really runs, of a small report whose results are made up."""

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from reportgen.commands.train import bring_up_to_date
from reportgen.pipeline.project import open_project
from tests.cli.conftest import environment
from tests.pipeline.made_up import made_up
from tests.projects import FIRST, write_project

ENDS = 30  # seconds in which a preview that was interrupted has ended
SENTENCE = "It reaches {{ small.test.accuracy }}"
CLAIM = "{% claim small.test.accuracy > 0.1 %}That is good{% endclaim %}."
SECOND = """\
+++
title = "Comparison"
question = "Compare it with softmax regression."
+++
{% claim linear.epochs == small.epochs %}Both were trained as long{% endclaim %}.
"""
ANSWER = FIRST.replace("parameters.\n", f"parameters.\n{CLAIM}\n")


def write_lab(folder: Path) -> Path:
    """Write a report of two models, with results, into a folder."""
    write_project(folder, **{"01-accuracy__md": ANSWER, "02-comparison__md": SECOND})
    with made_up(), pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        project = open_project(folder)
        bring_up_to_date(project, project.plan(), project.report.models, lambda *_: None)
    return folder


@dataclass(frozen=True)
class Served:
    """A running preview: its process, and how to speak to it."""

    folder: Path
    process: "subprocess.Popen[str]"
    address: str

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    @property
    def token(self) -> str:
        return self.address.partition("token=")[2]

    def headers(self, **more: str) -> dict[str, str]:
        """Return the headers that the user's browser sends."""
        given = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Cookie": f"reportgen-{self.port}={self.token}", **given}

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of an answer; no `headers` stand for the browser's."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, self.headers() if headers is None else headers)
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, told, answer.read()
        finally:
            connection.close()

    def press(self, path: str, **values: Any) -> int:
        """Press a button as the page does; return the status."""
        origin = self.headers(Origin=f"http://127.0.0.1:{self.port}")
        return self.ask(path, "POST", json.dumps(values).encode(), origin)[0]

    def children(self) -> list[int]:
        """Return the numbers of the processes that it has started."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[Served]:
    """Run a preview of the report in a folder."""
    process = subprocess.Popen(
        [sys.executable, "-m", "reportgen", "preview", "--no-open", *arguments],
        cwd=folder,
        env=environment() | {"VISUAL": "code"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr
    try:
        line = process.stderr.readline()
        assert line.startswith("preview: http://127.0.0.1:"), line + process.stderr.read()
        yield Served(folder, process, line.split()[-1])
        if process.poll() is not None:  # the test has ended it
            return
        process.send_signal(signal.SIGINT)
        assert process.wait(ENDS) == 0, process.stderr.read()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        process.stderr.close()
