"""What passes between reportgen and an executor: tasks go in, outcomes come out.

An executor offers machines and runs tasks on them; it knows nothing of models. A task is a request in JSON,
which `node.run` serves on whatever machine; its outcome is one of these:

- ``published``: the result is in the store that all machines share
- ``answered``: the outcome carries the answer
- ``failed``: it would fail again, so it is not retried
- ``lost``: its fate is unknown, as when its machine was switched off; it is retried
- ``cancelled``: it was ended from outside
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, Protocol, get_args

from reportgen.errors import Problem, ReportgenError, kind_of
from reportgen.executors.process import Event
from reportgen.report.types import NOTHING, Needs

Kind = Literal["published", "answered", "failed", "lost", "cancelled"]
TaskObserver = Callable[[str, Event], None]
"""Takes the id of a task and one of its progress events, which names the machine where it is another one."""


@dataclass(frozen=True)
class Machine:
    """What one machine has: `memory` in bytes; `versions` by library, and `processor`, empty if not known."""

    name: str
    cores: int
    gpus: int = 0
    memory: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)
    processor: str = ""

    def has(self, needs: Needs) -> bool:
        """Tell whether a task with such needs can run here; a memory of 0 is one that is not known."""
        enough = self.cores >= needs.cores and self.gpus >= needs.gpus
        return enough and (not self.memory or self.memory >= needs.memory)

    def __str__(self) -> str:
        return f"{self.name} ({Needs(self.gpus, self.cores, self.memory)})"


@dataclass(frozen=True)
class Task:
    """One thing to do.

    Attributes
    ----------
    id : str
        Tells it from the others.
    name : str
        What people call it.
    request : bytes
        See `request`.
    threads : int
        How many compute, if that is known.
    path, line : str, int
        Where its needs are declared, for messages.
    """

    id: str
    name: str
    request: bytes
    needs: Needs = NOTHING
    threads: int = 0
    path: str = ""
    line: int = 0

    @property
    def cores(self) -> int:
        """How many cores to keep for it."""
        return self.needs.cores or self.threads or 1

    @property
    def reserved(self) -> Needs:
        """What an engine keeps for it on a machine: what it needs, and its cores."""
        return replace(self.needs, cores=self.cores)


@dataclass(frozen=True)
class Outcome:
    """How a task ended.

    Attributes
    ----------
    task : str
        Its id.
    machine : str
        Where; empty where it ran nowhere.
    attempts : int
        How often it was started.
    answer : mapping
        JSON values, of what was answered.
    error : str
        The kind of error of what failed, as workers name it.
    problems : tuple of Problem
        What is wrong, of all that was neither published nor answered.
    """

    task: str
    kind: Kind
    machine: str = ""
    attempts: int = 1
    answer: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    problems: tuple[Problem, ...] = ()

    @classmethod
    def failed(cls, task: str, machine: str, error: ReportgenError) -> "Outcome":
        """Return the outcome of a task that ended with an error."""
        return cls(task, "failed", machine, error=kind_of(error), problems=error.problems)

    @classmethod
    def without(cls, task: str, kind: Kind, machine: str, message: str, remedy: str = "") -> "Outcome":
        """Return the outcome of a task that gave nothing."""
        return cls(task, kind, machine, error="training", problems=(Problem("", 0, message, remedy),))

    def to_json(self) -> dict[str, Any]:
        """Return the values as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Outcome":
        """Return the outcome that `to_json` has told; a ValueError where it is none."""
        try:
            problems = tuple(Problem(**each) for each in values["problems"])
            known = {name: values[name] for name in cls.__dataclass_fields__}
        except (TypeError, KeyError) as error:
            raise ValueError(f"no outcome of a task: {error}") from None
        if known["kind"] not in get_args(Kind):
            raise ValueError(f"no outcome of a task: {known['kind']!r}")
        return cls(**{**known, "problems": problems})


class Executor(Protocol):
    """Runs tasks on one machine or several.

    Attributes
    ----------
    shared : bool
        Whether its machines share nothing with this one but a store, so that a task's files have to travel.
    gone : str
        Why nothing can be started any more; mostly empty.
    """

    shared: bool
    gone: str

    def machines(self) -> tuple[Machine, ...]:
        """Return what is offered."""

    def start(self, task: Task, observe: TaskObserver) -> None:
        """Start a task, or let it wait for a machine."""

    def outcome(self) -> Outcome:
        """Wait for the next task that ends."""

    def cancel(self) -> None:
        """End all tasks that were started, wait for that, and forget their outcomes."""

    def close(self) -> None:
        """Let go of what the executor holds; nothing can be started any more."""
