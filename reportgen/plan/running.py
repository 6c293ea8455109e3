"""Which machine trains what: a small record in the store, kept up to date for as long as a training runs."""

import json
import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.store import Store

_NOTE = "running"
_EVERY = 20.0  # seconds between two records
_SILENT = 90.0  # seconds after which a training is not known to run any more


@dataclass(frozen=True)
class Seen:
    """A training as last heard of: `seconds` ago, in which epoch of how many."""

    machine: str
    seconds: float
    epoch: int
    epochs: int

    @property
    def alive(self) -> bool:
        """Whether it was heard of recently enough to be running."""
        return self.seconds < _SILENT

    def __str__(self) -> str:
        where = f"on {self.machine}, epoch {self.epoch} of {self.epochs}"
        if self.alive:
            return f"is being trained {where}"
        return f"was last trained {where}, {round(self.seconds / 60):,} min ago; it goes on from there"


class Heartbeat:
    """Keeps the record of one training up to date."""

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._key, self._last, self._begun = store, key, 0.0, False

    def __call__(self, event: Mapping[str, Any]) -> None:
        """Take a progress event."""
        now, begun = time.monotonic(), bool(event.get("epoch"))
        if self._last and begun == self._begun and now - self._last < _EVERY:
            return
        self._last, self._begun = now, begun
        values = {"machine": platform.node(), "time": time.time()}
        values |= {name: event.get(name) or 0 for name in ("epoch", "epochs")}
        self._store.note(_NOTE, self._key, json.dumps(values).encode(), shared=self._store.required)

    def end(self) -> None:
        """Take the end of the training."""
        self._store.forget(_NOTE, self._key, shared=self._store.required)


def seen(store: Store, key: str) -> Seen | None:
    """Return what is known of a training; None where there is nothing."""
    found = store.noted(_NOTE, key, shared=True)
    try:
        values = json.loads(found or b"")
        ago = max(time.time() - float(values["time"]), 0.0)
        return Seen(str(values["machine"]), ago, int(values["epoch"]), int(values["epochs"]))
    except (ValueError, TypeError, KeyError):
        return None
