"""Values that answers may touch: namespaces that publish their members, words, things to show.

The sandbox is an allow-list. The only objects whose members an expression can reach are
`Namespace`s, and of those only the members that the class publishes with `published`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from reportgen.errors import nearest
from reportgen.language.numbers import NumberStyle

T = TypeVar("T")
_OWNER = re.compile(r'\w+(?:\["[^"]*=[^"]*"\])?')


class FactError(Exception):
    """An expression asks for what its facts can't give; the language adds file and line.

    Parameters
    ----------
    message, remedy : str
        As in `reportgen.errors.Problem`.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class KindError(FactError):
    """Two different kinds of things are compared or added, such as an accuracy and a count."""


class MissingError(FactError):
    """The value is not there: the model was not trained yet, or its training diverged."""


class ExhaustedError(FactError):
    """Rendering takes too many steps or writes too much; it ends at once."""


class published(cached_property[T]):  # noqa: N801 - used as a decorator, as `property` is
    """A computed member that answers may name; computed once, when it is first asked for.

    Its docstring is its entry in the catalogue.
    """

    def describe(self) -> str:
        """Return the first paragraph of the docstring, on one line."""
        return " ".join((self.func.__doc__ or "").strip().partition("\n\n")[0].split())


def owner_of(name: str) -> str:
    """Return the model, or other root, that a dotted name begins with: ``cnn``, ``cnn["rate=0.1"]``."""
    found = _OWNER.match(name)
    return found[0] if found else ""


class Namespace:
    """A read-only thing with members, called by `name` (dotted) in answers.

    Subclasses publish members with `published` and relations (Jinja tests) in `relations`, a mapping
    of the name in answers to the method's name.
    """

    name: str
    relations: ClassVar[Mapping[str, str]] = {}
    _members: ClassVar[Mapping[str, published[Any]]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        found: dict[str, published[Any]] = {}
        for base in reversed(cls.__mro__):
            found.update({key: value for key, value in vars(base).items() if isinstance(value, published)})
        cls._members = found

    def members(self) -> tuple[str, ...]:
        """Return the names of the members, in the catalogue's order."""
        return tuple(self._members)

    def member(self, key: object) -> object:
        """Return the member called `key`.

        Raises
        ------
        KeyError
            If nothing of that name is published.
        FactError
            If it is published but has no value.
        """
        if not isinstance(key, str) or key not in self._members:
            raise KeyError(key)
        return getattr(self, key)

    def describe(self, key: str) -> str:
        """Return what the member called `key` means, in a sentence."""
        return self._members[key].describe() if key in self._members else ""

    def path(self, key: object) -> str:
        """Return the dotted name of a member."""
        if isinstance(key, str) and key.isidentifier():
            return f"{self.name}.{key}" if self.name else key
        quoted = f'"{key}"' if isinstance(key, str) else str(key)
        return f"{self.name}[{quoted}]"

    def called(self) -> str:
        """Return what to call it in a message."""
        return self.name

    def headline(self, relation: str = "") -> tuple[object, ...]:
        """Return the values that stand for the whole where a report must show what was measured.

        `relation` is what is asked of it, such as ``overfitting``; empty where it is just named.
        """
        return ()


class Comparable(Namespace):
    """Something measured that can be compared with another of its kind, as a split of a model can."""

    def difference(self, other: object) -> Namespace:
        """Return what the measurements say about this minus the other.

        Raises
        ------
        KindError
            If the two can't be compared.
        """
        raise KindError(f"{self.name} can't be compared")

    def headline_by(self, by: str) -> tuple[object, ...]:
        """Return what a comparison by another measure rests on."""
        return self.headline()


class Model(Comparable):
    """A model, which may stand in one figure with others; `dataset` is a member of it."""


class Root(Namespace):
    """The names that an expression may begin with; `style` says how numbers print."""

    name = ""
    style: NumberStyle


class Term(str):
    """A word that data or configuration decide, such as the class with the lowest recall.

    Parameters
    ----------
    text : str
    name : str
        Dotted name.
    choices : sequence of str
        What it could have been; comparing it with anything else is a slip of the author.
    missing : str
        Why there is no word yet; empty where there is one.
    """

    __slots__ = ("choices", "missing", "name")

    name: str
    choices: tuple[str, ...]
    missing: str

    def __new__(cls, text: str, name: str = "", choices: tuple[str, ...] = (), missing: str = "") -> Term:
        """Return the word with its name."""
        term = super().__new__(cls, text)
        term.name, term.choices, term.missing = name, choices, missing
        return term

    def require(self, other: str) -> None:
        """Raise where `other` is nothing that this word could be, or where there is no word."""
        if self.choices and other not in self.choices:
            raise FactError(f'{self.name} is never "{other}"', nearest(other, self.choices))
        if self.missing:
            raise MissingError(f"{self.name}: {self.missing}")


@dataclass(frozen=True)
class Show:
    """Something to show in place of its name: a table, a figure or a listing.

    Attributes
    ----------
    kind : str
        What it is, as answers call it: ``evaluation_image``, ``learning_curves``.
    models : tuple of str
        Of which models, in their order; empty where it is of the whole report, or of a data set.
    dataset : str
        Of which data set.
    """

    kind: str
    models: tuple[str, ...]
    dataset: str = ""

    @property
    def name(self) -> str:
        """What answers call it: ``cnn.per_class``, ``learning_curves(fc, cnn)``, ``data.mnist.samples``."""
        if len(self.models) > 1:
            return f"{self.kind}({', '.join(self.models)})"
        if self.dataset:
            plain = self.dataset.isidentifier()
            return f"data.{self.dataset}.{self.kind}" if plain else f'data["{self.dataset}"].{self.kind}'
        return f"{self.models[0] if self.models else 'report'}.{self.kind}"


def described(value: object) -> str:
    """Return what to call a value in a message."""
    match value:
        case Namespace():
            return value.called()
        case Term():
            return value.name
        case Show():
            return value.name
        case str():
            return f'"{value}"'
        case bool() | int() | float():
            return str(value).lower()
        case tuple():
            return "a list"
        case _:
            return "this"
