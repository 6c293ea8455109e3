"""Facts by key and facts in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from reportgen.language.values import FactError, MissingError, Namespace

T = TypeVar("T")


class Keyed(Namespace, Generic[T]):
    """Values by key, such as the recall of each class: ``recall["cat"]``, ``recall.cat``.

    Parameters
    ----------
    name, what : str
        Dotted name, and what one entry means.
    values : mapping of str to object
    missing : str
        Why the keys are not known yet; empty where they are.
    """

    def __init__(self, name: str, what: str, values: Mapping[str, T], missing: str = "") -> None:
        self.name = name
        self._what = what
        self._values = dict(values)
        self.missing = missing

    def members(self) -> tuple[str, ...]:
        """Return the keys."""
        return tuple(self._values)

    def member(self, key: object) -> T:
        """Return the value at `key`; ``recall[3]`` is that of the class called ``"3"``."""
        if self.missing and str(key) not in self._values:
            raise MissingError(f"{self.path(key)}: {self.missing}")
        return self._values[str(key)]

    def __getitem__(self, key: str) -> T:
        return self._values[key]

    def __iter__(self) -> Iterator[T]:
        return iter(self._values.values())

    def __len__(self) -> int:
        return len(self._values)

    def describe(self, key: str) -> str:
        """Return what one entry means."""
        return f"{self._what}: {key}"


class Series(Namespace, Generic[T]):
    """Values in order, such as the most frequent confusions: ``confusions[0]``.

    Parameters
    ----------
    name, what : str
    values : sequence of object
    missing : str
        Why there are none yet; empty where there are.
    """

    def __init__(self, name: str, what: str, values: tuple[T, ...], missing: str = "") -> None:
        self.name = name
        self._what = what
        self._values = values
        self.missing = missing

    def members(self) -> tuple[str, ...]:
        """Return nothing: entries are reached by number."""
        return ()

    def member(self, key: object) -> T:
        """Return the entry number `key`, counted from 0."""
        if isinstance(key, bool) or not isinstance(key, int):
            raise KeyError(key)
        if self.missing:
            raise MissingError(f"{self.path(key)}: {self.missing}")
        try:
            return self._values[key]
        except IndexError:
            raise FactError(
                f"{self.name} has {len(self)} entries, counted from 0: there is no {key}"
            ) from None

    def part(self, start: int | None, stop: int | None) -> Series[T]:
        """Return the entries from `start` up to `stop`, which keep their names."""
        name = f"{self.name}[{'' if start is None else start}:{'' if stop is None else stop}]"
        return Series(name, self._what, self._values[start:stop], self.missing)

    def __getitem__(self, key: int) -> T:
        return self._values[key]

    def __iter__(self) -> Iterator[T]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def describe(self, key: str) -> str:
        """Return what one entry means."""
        return self._what
