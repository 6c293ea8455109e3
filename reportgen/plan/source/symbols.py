"""Meanings that a name in the model code may have."""

from dataclasses import dataclass


@dataclass(frozen=True)
class External:
    """Something of an installed library, by its dotted name."""

    name: str


@dataclass(frozen=True)
class Local:
    """A name at the top level of a module of the snapshot."""

    module: str
    name: str


@dataclass(frozen=True)
class Package:
    """A module of the snapshot itself."""

    module: str


@dataclass(frozen=True)
class Unresolved:
    """A builtin, or a name that nothing binds."""

    name: str


Meaning = External | Local | Package | Unresolved
