"""Share a training's checkpoints, so that another machine can go on where this one was lost."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from reportgen.errors import StoreError
from reportgen.store import Store
from reportgen.training.job import CHECKPOINT

_SHARE = 10  # sharing takes at most a tenth of the time


class Checkpoints:
    """Sends the checkpoint of one training after its epochs, as often as that is worth its time.

    Parameters
    ----------
    tell : callable
        Takes a sentence for the user.
    """

    def __init__(self, store: Store, key: str, tell: Callable[[str], None]) -> None:
        self._store, self._key, self._tell = store, key, tell
        self._epoch, self._next = 0, 0.0

    def take(self) -> bool:
        """Fetch the checkpoint that another machine has left; tell whether there was one."""
        return self._store.take_partial(self._key, CHECKPOINT)

    def __call__(self, event: Mapping[str, Any]) -> None:
        """Take a progress event: what goes on in a new epoch has a checkpoint of the one before."""
        epoch = int(event.get("epoch") or 0)
        if event.get("phase") != "training" or epoch == self._epoch:
            return
        first, self._epoch = not self._epoch, epoch
        if first or time.monotonic() < self._next:
            return
        began = time.monotonic()
        try:
            self._store.share_partial(self._key, CHECKPOINT)
        except StoreError as error:
            self._tell(f"the checkpoint could not be shared: {error.problems[0].message}")
        ended = time.monotonic()
        self._next = ended + (_SHARE - 1) * (ended - began)
