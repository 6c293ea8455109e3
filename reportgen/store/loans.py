"""Results on loan: a shared place keeps them for as long as somebody asks for them.

A note tells when that was. Who lends a result writes the note first and then looks whether the result is
there; who prunes hides the result first and then looks whether the note is new. So one of the two notices.
"""

from datetime import UTC, datetime, timedelta

from reportgen.errors import StoreError
from reportgen.store.attempts import Attempts
from reportgen.store.manifest import sealed, unsealed
from reportgen.store.names import is_key
from reportgen.store.notes import place
from reportgen.store.remote import Remote

_KIND = "lent"


class Loans:
    """The loans of a remote."""

    def __init__(self, remote: Remote, attempts: Attempts) -> None:
        self._remote, self._attempts = remote, attempts

    def lend(self, key: str) -> None:
        """Note that a result, which may not be there yet, is needed from now on."""
        path = place(_KIND, key)
        self._remote.write(path, sealed(datetime.now(UTC).isoformat().encode(), path))

    def prune(self, age: timedelta, *, dry_run: bool) -> tuple[str, ...]:
        """Remove results that were lent, the last time longer ago than `age`; return their paths."""
        before = datetime.now(UTC) - age
        old = [
            key
            for key in self._remote.names(f"notes/{_KIND}") or ()
            if is_key(key) and (when := self._lent(key)) is not None and when < before
        ]
        gone = old if dry_run else [key for key in old if self._removed(key, before)]
        return tuple(f"results/{key[:2]}/{key}" for key in gone)

    def _removed(self, key: str, before: datetime) -> bool:
        hidden = self._attempts.hide(key)
        when = self._lent(key)
        if self._remote.away or when is None or when >= before:
            if hidden is not None:
                self._attempts.show(hidden)
            return False
        self._remote.remove(place(_KIND, key))
        return hidden is None or self._attempts.discard(hidden)

    def _lent(self, key: str) -> datetime | None:
        """Return when a result was lent the last time; None where that can't be read."""
        path = place(_KIND, key)
        data = self._remote.read(path)
        try:
            return None if data is None else datetime.fromisoformat(unsealed(data, path).decode())
        except (StoreError, ValueError):
            return None
