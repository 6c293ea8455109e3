"""The executors that the contract is tried on, each with a worker that trains nothing."""

import atexit
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest

from reportgen.executors import names
from reportgen.executors.engine import Engine
from reportgen.executors.interface import Executor
from reportgen.executors.local import Local
from reportgen.executors.names import named
from reportgen.executors.ray.settings import SETTINGS
from reportgen.store import Store

FAKE = "tests.executors.fake_worker"
ROOT = Path(__file__).parent.parent.parent


class Opened(Protocol):
    """Gives an executor for a store and a project."""

    def __call__(self, store: Store, project: Path) -> AbstractContextManager[Executor]: ...


@contextmanager
def local(store: Store, project: Path) -> Iterator[Executor]:
    executor = Local(store, project, 2, FAKE)
    try:
        yield executor
    finally:
        executor.close()


@contextmanager
def made_up(store: Store, project: Path) -> Iterator[Executor]:
    options = {"store": store.url, "module": FAKE}
    with importable():
        engine = Engine("the made-up engine", "tests.executors.fake_engine", options, lambda _: None)
        try:
            yield engine
        finally:
            engine.close()


@contextmanager
def slurm(store: Store, project: Path) -> Iterator[Executor]:
    """Give the client of Slurm with commands that are made up; real ones are tried by `tests/cluster`."""
    folder = project.parent / "bin"
    folder.mkdir()
    made_up_slurm = Path(__file__).with_name("fake_slurm.py").read_text()
    for name in ("sbatch", "squeue", "scancel", "sinfo"):
        path = folder / name
        path.write_text(f"#!{sys.executable} -IS\n{made_up_slurm}")  # which starts in a hundredth of a second
        path.chmod(0o755)
    (project.parent / "jobs").mkdir()
    with importable() as patch:
        quick = replace(names.KINDS["slurm"], module="tests.executors.quick_slurm")
        patch.setitem(names.KINDS, "slurm", quick)  # type: ignore[misc]
        patch.setenv("FAKE_SLURM", str(project.parent / "jobs"))
        patch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        engine = named("slurm", store.url, project, FAKE)
        try:
            yield engine
        finally:
            engine.close()


@contextmanager
def ray(store: Store, project: Path) -> Iterator[Executor]:
    """Give a real Ray on this machine; that on several machines is tried by `tests/cluster`."""
    with importable() as patch:
        for name, value in _ray().items():
            patch.setenv(name, value)
        engine = named("ray:127.0.0.1:6399", store.url, project, FAKE)
        try:
            yield engine
        finally:
            engine.close()


@cache
def _ray() -> dict[str, str]:
    """Start Ray for as long as the tests run, and return what its clients need in their environment."""
    ours = {**SETTINGS, "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "t" * 64, "RAY_USAGE_STATS_ENABLED": "0"}
    start = ["--head", "--port=6399", "--num-cpus=2", "--include-dashboard=false", "--block"]
    log = Path(tempfile.mkdtemp(), "ray")
    with log.open("wb") as stream:
        started = subprocess.Popen(
            [sys.executable, "-m", "ray.scripts.scripts", "start", *start, "--object-store-memory=80000000"],
            stdout=stream,
            stderr=stream,
            env={**os.environ, **ours, "PYTHONPATH": str(ROOT)},
        )
    atexit.register(started.wait, 30)
    atexit.register(started.terminate)
    while "Ray runtime started" not in log.read_text() and started.poll() is None:
        time.sleep(0.1)
    return ours


@contextmanager
def importable() -> Iterator[pytest.MonkeyPatch]:
    """Let workers, which run in other folders, import the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        yield patch


ENGINES: dict[str, Opened] = {"local": local, "made_up": made_up, "slurm": slurm}
if os.environ.get("REPORTGEN_CONTRACT_RAY"):
    ENGINES["ray"] = ray
