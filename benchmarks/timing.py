"""Commands as their users run them: processes, timed from start to end, one after the other in turn."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Command:
    """A command line; `before` prepares each run of it and is not timed.

    `accepted` are the exit statuses that count as done.
    """

    arguments: Sequence[str]
    folder: Path
    before: Callable[[], None] = lambda: None
    accepted: Sequence[int] = (0,)
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """One run: wall time and processor time in seconds, memory of its largest process in bytes."""

    wall: float
    processor: float
    peak: int


@dataclass(frozen=True)
class Runs:
    """All runs of a command."""

    each: tuple[Run, ...]

    @property
    def wall(self) -> float:
        """Median wall time in seconds."""
        return statistics.median(run.wall for run in self.each)

    @property
    def best(self) -> float:
        """Shortest wall time in seconds."""
        return min(run.wall for run in self.each)

    @property
    def processor(self) -> float:
        """Median processor time in seconds, of the command and of what it started."""
        return statistics.median(run.processor for run in self.each)

    @property
    def peak(self) -> int:
        """Most memory that one process held, in bytes."""
        return max(run.peak for run in self.each)


def reportgen(*arguments: str) -> tuple[str, ...]:
    """Return the command line of this Python's reportgen."""
    script = Path(sys.executable).with_name("reportgen")
    return (str(script), *arguments) if script.exists() else (sys.executable, "-m", "reportgen", *arguments)


def once(command: Command) -> Run:
    """Run a command and time it."""
    command.before()
    with tempfile.TemporaryFile() as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            command.arguments,
            cwd=command.folder,
            env=_environment(command.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in command.accepted:
            log.seek(0)
            told = log.read().decode(errors="replace")[-2000:]
            raise SystemExit(f"{' '.join(command.arguments)} ended with {process.returncode}:\n{told}")
    # What the command has waited for is in here too.
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit)


def in_turn(commands: Mapping[str, Command], repeats: int) -> dict[str, Runs]:
    """Run every command `repeats` times, in turn, so that a busy moment hits all alike; once before that."""
    for command in commands.values():
        once(command)
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            runs[name].append(once(command))
    return {name: Runs(tuple(each)) for name, each in runs.items()}


def machine() -> str:
    """Return what this was measured on, as a sentence."""
    from importlib.metadata import PackageNotFoundError, version

    def installed(names: Iterable[str]) -> Iterable[str]:
        for name in names:
            try:
                yield f"{name} {version(name)}"
            except PackageNotFoundError:
                continue

    names = ("tensorflow", "keras", "torch", "weasyprint", "nbconvert", "matplotlib", "pydantic", "numpy")
    libraries = ", ".join(installed(names))
    python = ".".join(map(str, sys.version_info[:3]))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{_processor()}, {cores} cores; Python {python}; {libraries}."


def busy() -> str:
    """Return a warning if other programs are at work, else nothing."""
    load = os.getloadavg()[0]
    return f"Measured while other programs were running (load {load:.1f}).\n" if load > 0.5 else ""


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a command: compiled modules are kept, as they are where it is installed."""
    left = ("PYTHONDONTWRITEBYTECODE", "REPORTGEN_PROJECT", "REPORTGEN_ANSWERS", "REPORTGEN_STORE")
    kept = {name: value for name, value in os.environ.items() if name not in left}
    cache = {"PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), "reportgen-benchmarks-pycache"))}
    return {**kept, **cache, **more}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        import platform

        return platform.processor() or platform.machine()
