"""The command: what it needs is said at once, and nothing is left behind when it ends."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import run_in
from tests.preview.served import ENDS, serving


def test_without_a_report(tmp_path: Path) -> None:
    done = run_in(tmp_path, "preview", "--no-open")
    assert done.returncode == 2
    assert "answers/report.toml: there is no such file" in done.stderr
    assert "reportgen new" in done.stderr


def test_a_port_that_is_taken(lab: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_in(lab, "preview", "--no-open", "--port", str(port))
    assert done.returncode == 2
    assert f"port {port} can't be used" in done.stderr


def test_it_ends_with_all_that_it_has_started(lab: Path) -> None:
    with serving(lab) as running:
        assert running.ask("/")[0] == 200
        while not running.children():
            running.ask("/")
        children = running.children()
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(ENDS) == 128 + signal.SIGTERM
        for child in children:
            assert not Path(f"/proc/{child}").exists() or os.waitpid(child, os.WNOHANG)


def test_the_server_loads_nothing_that_renders_or_trains(lab: Path) -> None:
    heavy = "{'tensorflow', 'keras', 'weasyprint', 'matplotlib', 'nbconvert', 'numpy', 'reportgen.document'}"
    code = f"import sys, reportgen.preview.serve; print(*{heavy} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, timeout=60, capture_output=True, text=True
    )
    assert done.stdout == "\n"
