"""Several reportgens on one store at once, and a store that nobody may write to."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run, environment
from tests.cli.processes import Started
from tests.projects import REPORT

WAITS = "small: waiting for another process that trains it"
ReadOnly = Callable[..., subprocess.CompletedProcess[str]]


def trainings(said: str) -> list[str]:
    """Return the models whose training began, from what a process said."""
    return [line.partition(":")[0] for line in said.splitlines() if line.endswith(": building")]


def test_what_two_need_is_trained_once_whatever_runs_beside(project: Path, run: Run) -> None:
    shutil.rmtree(project / ".reportgen/store/results")
    building = Started(project, "build", "--out", "together.pdf")
    building.until("small: loading data")
    training = Started(project, "train")
    training.until(WAITS)
    impatient = Started(project, "train", "small")
    impatient.until(WAITS)
    pruning = Started(project, "store", "prune", "--builds", "0")
    pruning.until("waiting until no build uses the store")
    checked = run("check")
    assert checked.returncode == 2
    assert "Traceback" not in checked.stderr
    assert "damaged" not in checked.stderr
    impatient.signal(signal.SIGINT)
    assert impatient.end()[0] == 130
    ends = [process.end() for process in (building, training, pruning)]
    assert [status for status, _, _ in ends] == [0, 0, 0], ends
    begun = [name for _, _, said in ends for name in trainings(said)]
    assert sorted(begun) == ["linear", "small"]
    assert "removed result" not in ends[2][1]
    assert run("check").returncode == 0
    assert run("store", "list").stdout.splitlines()[-1].startswith("2 results")
    assert run("build", "--out", "together.pdf").stdout == "nothing to do: everything is up to date\n"


def test_prune_spares_what_was_trained_while_it_waited(project: Path, run: Run) -> None:
    """What was needed when the prune was asked for is not what is needed when it may begin."""
    report = project / "answers/report.toml"
    report.write_text(REPORT.replace("[models.linear]", "[models.linear]\nepochs = 1"))
    first = Started(project, "train", "linear")
    first.until("linear: loading data")
    pruning = Started(project, "store", "prune", "--builds", "0")
    pruning.until("waiting until no build uses the store")
    report.write_text(REPORT.replace("epochs = 2", "epochs = 1"))
    second = Started(project, "train", "small")
    second.until("small: loading data")
    assert first.end()[:2] == (0, "linear: trained\n")
    assert second.end()[:2] == (0, "small: trained\n")
    status, out, _ = pruning.end()
    assert status == 0
    assert out.count("removed result") == 2  # those with two epochs
    assert run("check").returncode == 0


@pytest.fixture
def read_only(project: Path) -> ReadOnly:
    """Run reportgen where the whole project can't be written to; as root by a mount, else by permissions."""
    prefix: list[str] = []
    if os.geteuid() == 0:
        script = 'mount --bind . . && mount -o remount,bind,ro . && cd "$PWD" && exec "$@"'
        prefix = ["unshare", "--mount", "sh", "-c", script, "sh"]
        probe = subprocess.run([*prefix, "touch", "probe"], cwd=project, capture_output=True, text=True)
        if "ead-only" not in probe.stderr:
            pytest.skip(f"NOT TESTED: this root can't mount a folder read-only: {probe.stderr}")
    else:
        for path in [project, *project.rglob("*")]:
            path.chmod(path.stat().st_mode & ~0o222)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*prefix, sys.executable, "-m", "reportgen", *arguments]
        return subprocess.run(
            command, cwd=project, env=environment(), capture_output=True, text=True, check=False
        )

    return run


def test_a_read_only_store_serves_all_that_reads(project: Path, read_only: ReadOnly) -> None:
    before = sorted(path for path in project.rglob("*"))
    for command, told in [
        (["check"], "3 of 3 hold"),
        (["status"], "fresh"),
        (["facts", "small.test.accuracy"], "small.test.accuracy"),
        (["store", "verify"], "none damaged"),
        (["store", "list"], "2 results"),
        (["verify", "report.pdf"], "verdicts agree"),
    ]:
        done = read_only(*command)
        assert done.returncode == 0, (command, done.stderr)
        assert told in done.stdout
        assert done.stderr == ""
    assert read_only("build").returncode == 2  # report.pdf can't be written to, and that is said first
    for command in (["train", "--seeds", "2"], ["store", "prune"]):
        done = read_only(*command)
        assert done.returncode == 2
        assert "the store is read-only" in done.stderr
        assert "Traceback" not in done.stderr
    assert sorted(path for path in project.rglob("*")) == before
