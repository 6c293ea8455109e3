"""The table of running trainings: the same columns and words in the terminal and in the preview."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

COLUMNS = ("machine", "model", "seed", "epoch", "time left")
_ENOUGH = 0.02  # of a training, before anything is said of how long the rest takes


@dataclass(frozen=True)
class Row:
    """One training in the table, its cells as they are printed."""

    machine: str
    model: str
    seed: str
    epoch: str
    left: str

    @classmethod
    def of(
        cls,
        machine: str,
        model: str,
        seed: int | str,
        state: Mapping[str, Any],
        left: float | None = None,
    ) -> "Row":
        """Return the row of a training.

        Parameters
        ----------
        state : mapping
            ``epoch``, ``epochs`` and, where it is known, ``phase``: a progress event.
        left : float, optional
            Seconds.
        """
        return cls(
            machine, model.replace('"', ""), str(seed), _epoch(state), "" if left is None else duration(left)
        )

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells, in the order of `COLUMNS`."""
        return self.machine, self.model, self.seed, self.epoch, self.left


class Pace:
    """Estimates from the progress events of one training how long the rest takes."""

    def __init__(self) -> None:
        self._since: tuple[float, float] | None = None  # when it was first heard of, and what was done then

    def __call__(self, event: Mapping[str, Any]) -> float | None:
        """Take an event and return the seconds that are left; None while that can't be said."""
        if event.get("phase") != "training" or not event.get("epochs") or not event.get("epoch"):
            return None
        now = time.monotonic()
        share = (event.get("step") or 0) / (event.get("steps") or 1)
        done: float = (event["epoch"] - 1 + share) / event["epochs"]
        self._since = self._since or (now, done)
        began, before = self._since
        if done - before < _ENOUGH:
            return None
        return (now - began) / (done - before) * (1 - done)


def duration(seconds: float) -> str:
    """Return a time for people: ``40 s``, ``12 min``, ``3.5 h``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"


def _epoch(state: Mapping[str, Any]) -> str:
    phase = str(state.get("phase", "training"))
    if phase != "training":
        return phase
    if not state.get("epochs"):
        return "fitting"  # an estimator, which has no epochs
    return f"{state['epoch']} of {state['epochs']}" if state.get("epoch") else "starting"
