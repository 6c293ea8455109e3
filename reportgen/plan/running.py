"""Record in the store which machine trains what, kept up to date for as long as a training runs."""

import contextlib
import json
import platform
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.errors import StoreError
from reportgen.plan.underway import Pace, Row, duration
from reportgen.store import Store

_NOTE = "running"
_EVERY = 20.0  # seconds between two records
_SHARE = 10  # and records take at most a tenth of the time
_SILENT = 90.0  # seconds after which a training is not known to run any more


@dataclass(frozen=True)
class Seen:
    """A training as last heard of.

    Attributes
    ----------
    machine : str
    seconds : float
        How long ago.
    epoch, epochs : int
        In which epoch of how many it was.
    left : float or None
        The seconds that it still needed then, if that could be said.
    """

    machine: str
    seconds: float
    epoch: int
    epochs: int
    left: float | None = None

    @property
    def alive(self) -> bool:
        """Whether it was heard of recently enough to be running."""
        return self.seconds < _SILENT

    def row(self, model: str, seed: int) -> Row:
        """Return its row in the table of trainings."""
        return Row.of(self.machine, model, seed, vars(self), self._left())

    def _left(self) -> float | None:
        return None if self.left is None else max(self.left - self.seconds, 0.0)

    def __str__(self) -> str:
        where = f"on {self.machine}, epoch {self.epoch} of {self.epochs}"
        if self.alive:
            left = self._left()
            return f"is being trained {where}" + ("" if left is None else f", {duration(left)} left")
        return f"was last trained {where}, {round(self.seconds / 60):,} min ago; it will resume from there"


class Heartbeat:
    """Keeps the record of one training up to date; a shared store that is away does not end the training."""

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._key, self._next, self._begun = store, key, 0.0, False
        self._pace = Pace()

    def __call__(self, event: Mapping[str, Any]) -> None:
        """Take a progress event."""
        left, now, begun = self._pace(event), time.monotonic(), bool(event.get("epoch"))
        if now < self._next and begun == self._begun:
            return
        self._begun = begun
        values = {"machine": platform.node(), "time": time.time(), "left": left}
        values |= {name: event.get(name) or 0 for name in ("epoch", "epochs")}
        with contextlib.suppress(StoreError):
            self._store.note(_NOTE, self._key, json.dumps(values).encode(), shared=self._store.required)
        ended = time.monotonic()
        self._next = ended + max(_EVERY, (_SHARE - 1) * (ended - now))

    def end(self) -> None:
        """Take the end of the training."""
        with contextlib.suppress(StoreError):
            self._store.forget(_NOTE, self._key, shared=self._store.required)


def seen(store: Store, keys: Collection[str]) -> dict[str, Seen]:
    """Return what is known of the trainings of some keys, here or on machines that share the store."""
    known = set(keys).intersection(store.notes(_NOTE, shared=True)) if keys else set()
    ages, found = store.ages(_NOTE, known), {}
    for key in known:
        here, there = store.copies(_NOTE, key)
        copies = [each for each in (_read(here), _read(there, ages.get(key))) if each]
        if copies:
            found[key] = min(copies, key=lambda each: each.seconds)
    return found


def _read(data: bytes | None, age: float | None = None) -> Seen | None:
    """Return what a record says, so old or by this machine's clock; None where it is none."""
    try:
        values = json.loads(data or b"")
        ago = max(time.time() - float(values["time"]) if age is None else age, 0.0)
        left = values.get("left")
        return Seen(
            str(values["machine"]),
            ago,
            int(values["epoch"]),
            int(values["epochs"]),
            None if left is None else float(left),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
