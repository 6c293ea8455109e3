"""Commands as their users run them: processes, timed from start to end, one after the other in turn."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
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


# A small process starts each command: the memory of a large one would be counted as the command's.
_STARTER = """
import json, os, sys, time
result, *command = sys.argv[1:]
began = time.perf_counter()
_, status, used = os.wait4(os.posix_spawnp(command[0], command, os.environ), 0)
wall = time.perf_counter() - began
with open(result, "w") as file:
    json.dump([os.waitstatus_to_exitcode(status), wall, used.ru_utime + used.ru_stime, used.ru_maxrss], file)
"""


def once(command: Command) -> Run:
    """Run a command and time it."""
    command.before()
    with tempfile.TemporaryDirectory() as folder:
        result, log = Path(folder, "result"), Path(folder, "log")
        with log.open("wb") as output:
            subprocess.run(
                [sys.executable, "-I", "-S", "-c", _STARTER, str(result), *command.arguments],
                cwd=command.folder,
                env=_environment(command.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=True,
            )
        status, wall, processor, peak = json.loads(result.read_text())
        if status not in command.accepted:
            said = log.read_text(errors="replace")[-2000:]
            raise SystemExit(f"{' '.join(command.arguments)} ended with {status}:\n{said}")
    return Run(wall, processor, peak * (1 if sys.platform == "darwin" else 1024))


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

    names = (
        "tensorflow",
        "keras",
        "torch",
        "weasyprint",
        "nbconvert",
        "matplotlib",
        "pydantic_core",
        "numpy",
    )
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
