"""Progress of long work on stderr: live bars on a terminal, plain lines elsewhere."""

import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from reportgen.cli.terminal import console
from reportgen.errors import printable
from reportgen.plan.underway import COLUMNS


class Progress(Protocol):
    """Receives the progress of long work."""

    def trained(self, model: str, event: Mapping[str, Any]) -> None:
        """Take one event of a worker that trains `model`."""

    def fetched(self, label: str, done: int, total: int | None) -> None:
        """Take the state of a download or check, in bytes."""

    def step(self, message: str) -> None:
        """Take a step of the work, such as "drawing figures"."""


@contextmanager
def progress() -> Iterator[Progress]:
    """Give the progress display that fits stderr."""
    if sys.stderr.isatty():
        with _live() as display:
            yield display
    else:
        yield _Lines()


class _Lines:
    """One line an epoch and a step; for logs."""

    def __init__(self) -> None:
        self._told: dict[str, object] = {}

    def trained(self, model: str, event: Mapping[str, Any]) -> None:
        epoch, phase = event.get("epoch"), event.get("phase", "")
        if event.get("note"):
            console.tell(f"{model}: {event['note']}", err=True)
        whole = event.get("step") == event.get("steps")
        if phase == "training" and not whole:
            return
        if self._told.get(model) != (epoch, phase):
            self._told[model] = (epoch, phase)
            console.tell(f"{model}{_where(event)}: {_state(event)}", err=True)

    def fetched(self, label: str, done: int, total: int | None) -> None:
        tenth = done * 10 // total if total else done >> 25
        if self._told.get(label) != tenth:
            self._told[label] = tenth
            size = f": {done / total:.0%} of {total / 1e6:.1f} MB" if total else f": {done / 1e6:.1f} MB"
            console.tell(label + size * bool(done or total), err=True)

    def step(self, message: str) -> None:
        console.tell(message, err=True)


def _where(event: Mapping[str, Any]) -> str:
    """Return the machine that trains, where it is another one."""
    return f" on {event['machine']}" if event.get("machine") else ""


def _state(event: Mapping[str, Any]) -> str:
    if event.get("phase") != "training":
        return str(event.get("phase", ""))
    if not event["epochs"]:
        return "fitting"  # an estimator, which has no epochs
    resumed = " (resumed)" * bool(event.get("resumed"))
    return f"epoch {event['epoch']}/{event['epochs']}{resumed}" + "".join(
        f", {each}" for each in _measures(event)
    )


def _measured(event: Mapping[str, Any]) -> str:
    """Return what was measured last, beside the table's own columns."""
    return ", ".join([*(["resumed"] if event.get("resumed") else []), *_measures(event)])


def _measures(event: Mapping[str, Any]) -> list[str]:
    parts = []
    if event.get("loss") is not None:
        parts.append(f"loss {event['loss']:.3f}")
    if event.get("accuracy") is not None:
        parts.append(f"accuracy {event['accuracy']:.1%}")
    if event.get("val_accuracy") is not None:
        parts.append(f"validation {event['val_accuracy']:.1%}")
    return parts


@contextmanager
def _live() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, ProgressColumn, TextColumn
    from rich.progress import Progress as Bars
    from rich.table import Column, Table

    def column(place: int, title: str) -> ProgressColumn:
        head = Column(header=title, header_style="dim", no_wrap=True)
        return TextColumn(f"{{task.fields[cells][{place}]}}", markup=False, table_column=head)

    class Headed(Bars):
        """Bars below the titles of their columns."""

        def make_tasks_table(self, tasks: Any) -> Table:
            table = super().make_tasks_table(tasks)
            table.show_header = bool(tasks)
            return table

    columns = [column(place, title) for place, title in enumerate(COLUMNS)]
    bar = BarColumn(10, table_column=Column(min_width=10, no_wrap=True))
    state = TextColumn("{task.fields[state]}", markup=False, table_column=Column())  # gives way first
    with Headed(*columns, bar, state, console=Console(stderr=True), transient=True) as bars:

        class Live:
            """The table of what is under way; thread-safe, as rich's own bars are."""

            def __init__(self) -> None:
                self._tasks: dict[str, Any] = {}
                self._lock = threading.Lock()

            def _task(self, name: str, total: float | None) -> Any:
                with self._lock:
                    if name not in self._tasks:
                        cells = _alone(name)
                        self._tasks[name] = bars.add_task("", total=total, state="", cells=cells)
                    return self._tasks[name]

            def trained(self, model: str, event: Mapping[str, Any]) -> None:
                epochs = event.get("epochs") or 1
                epoch, steps = event.get("epoch") or 1, event.get("steps") or 1
                done = (
                    epoch - 1 + (event.get("step") or 0) / steps if event.get("phase") == "training" else None
                )
                if event.get("note"):
                    bars.console.print(f"{model}: {event['note']}", markup=False, highlight=False)
                cells = tuple(map(printable, event["row"])) if "row" in event else _alone(model)
                task = self._task(model, epochs)
                bars.update(task, total=epochs, completed=done, state=_measured(event), cells=cells)

            def fetched(self, label: str, done: int, total: int | None) -> None:
                bars.update(self._task(label, total), completed=done, total=total)

            def step(self, message: str) -> None:
                line = f"{time.strftime('%H:%M:%S')} {printable(message)}"
                bars.console.print(line, style="dim", markup=False)

        yield Live()


def _alone(name: str) -> tuple[str, ...]:
    """Return the cells of what is no training."""
    return tuple(printable(name) if title == "model" else "" for title in COLUMNS)
