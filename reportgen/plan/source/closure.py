"""Collect the source that can change the numbers of one model, and nothing else.

A model uses a top-level statement if it binds a name that stands in what the model uses already, whatever the
name means there: sometimes too much, never too little. Statements with effects count for every model.
"""

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from reportgen.plan.key import digest
from reportgen.plan.source import known_names as known
from reportgen.plan.source.snapshot import Snapshot
from reportgen.plan.source.statements import Statement, Statements, tree

_INNOCENT = frozenset(["__init__", "__call__", "__file__"])


@dataclass(frozen=True)
class Projection:
    """The part of models.py that decides the behaviour of one of its functions.

    Attributes
    ----------
    digest : str
        SHA-256 of it, without comments, docstrings and formatting.
    libraries : tuple of str
        Top-level packages outside the standard library that it uses.
    described : bool
        Keras's own description of the built model says all that the code does.
    whole : str
        Why all of the code had to be taken; empty where only what is used was.
    statements : tuple of Statement
        In the order in which they run; `named` are those that it uses by name.
    """

    digest: str
    libraries: tuple[str, ...]
    described: bool
    whole: str
    statements: tuple[Statement, ...] = field(repr=False, compare=False)
    named: frozenset[Statement] = field(repr=False, compare=False)
    snapshot: Snapshot = field(repr=False, compare=False)


class Projector:
    """Projects functions of one snapshot, each once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._statements = Statements(snapshot)
        self._done: dict[str, Projection] = {}

    def defines(self, name: str) -> bool:
        """Tell whether models.py has a top-level name, as far as its text says."""
        root = self.snapshot.root
        stars = any(alias.name == "*" for node in self.snapshot.imports[root] for alias in node.names)
        return stars or any(each.path == root for each in self._statements.binders.get(name, ()))

    @property
    def names(self) -> tuple[str, ...]:
        """The names that models.py offers, for hints."""
        root = [each for each in self._statements.all if each.path == self.snapshot.root]
        libraries = self._statements.libraries[self.snapshot.root]
        return tuple(sorted({name for each in root for name in each.binds} - libraries.keys()))

    def project(self, name: str) -> Projection:
        """Return the projection of a function of models.py."""
        if name not in self._done:
            self._done[name] = self._projected(name)
        return self._done[name]

    def _projected(self, name: str) -> Projection:
        named = self._reached([], [name])
        effects = [each for each in self._statements.all if each.effect]
        used = self._reached([*named, *effects], [])
        dotted = [full for each in used for full, _ in self._dotted(each)]
        whole, text = self._dynamic(used, dotted)
        value: dict[str, object] = {"name": name}
        if whole:
            trees = {path: tree(each) for path, each in self.snapshot.trees.items()}
            value["code"] = dict(self.snapshot.files) if text else trees
        else:
            imports = [each for each in used if isinstance(each.node, ast.Import | ast.ImportFrom)]
            code = [[each.path, each.tree] for each in used if each not in imports]
            value["imports"] = sorted(([each.path, each.tree] for each in imports), key=repr)
            value["code"] = code if self._ordered(used) else sorted(code, key=repr)
        roots = {full.partition(".")[0] for full in (*dotted, *self._statements.unclear)}
        return Projection(
            digest(value),
            tuple(sorted(roots - sys.stdlib_module_names)),
            not whole and self._all_described(named, effects),
            whole,
            used,
            frozenset(named),
            self.snapshot,
        )

    def _reached(self, start: Iterable[Statement], names: Iterable[str]) -> tuple[Statement, ...]:
        """Return statements, and all that bind a name which stands in one of them; in the order they run."""
        found = dict.fromkeys(start)
        queue = [*names, *(name for each in found for name in each.uses)]
        seen = set[str]()
        while queue:
            name = queue.pop()
            if name not in seen:
                seen.add(name)
                for each in self._statements.binders.get(name, ()):
                    if each not in found:
                        found[each] = None
                        queue += each.uses
        return tuple(each for each in self._statements.all if each in found)

    def _dotted(self, statement: Statement) -> Iterator[tuple[str, bool]]:
        """Yield the full names of the libraries' things in a statement, and whether each is called."""
        for node in statement.whole:
            if full := self._statements.dotted(statement.path, node):
                yield full, node in statement.called

    def _dynamic(self, used: Sequence[Statement], dotted: Iterable[str]) -> tuple[str, bool]:
        """Return why code reaches what does not stand in it, and whether comments count, too."""
        names = {name: None for each in used for name in sorted(each.uses)}
        hooks = {name for name in names if name.startswith("__") and name.endswith("__")} - _INNOCENT
        special = [name for name in names if name in known.DYNAMIC_NAMES | known.TEXT_NAMES | hooks]
        full = [name for name in dotted if _within(name, known.DYNAMIC + known.TEXT)]
        modules = [name for each in used for name in self._statements.modules_as_values(each)]
        found = [f"{name} is used" for name in (*full, *special, *modules)]
        found += self._statements.unclear.values()
        text = any(_within(name, known.TEXT) for name in full) or not known.TEXT_NAMES.isdisjoint(special)
        return found[0] if found else "", text

    def _ordered(self, used: Sequence[Statement]) -> bool:
        """Tell whether the order of statements may matter."""
        names = [(each.path, name) for each in used for name in each.binds]
        builtins = __builtins__ if isinstance(__builtins__, dict) else vars(__builtins__)
        return (
            any(each.effect for each in used)
            or len(names) > len(set(names))
            or any(name in builtins for _, name in names)
        )

    def _all_described(self, named: Sequence[Statement], effects: Iterable[Statement]) -> bool:
        """Tell whether a built model shows all that a builder and the effects at the top level do.

        Functions and classes that an effect hands on can't get into a model that shares no value with it.
        """
        if not all(self._described(each) for each in named):
            return False
        for effect in effects:
            reached = self._reached([effect], [])
            apart = all(each.fixed for each in reached if each in named)
            if not all(self._described(each, apart=apart) for each in reached):
                return False
        return True

    def _described(self, statement: Statement, *, apart: bool = False) -> bool:
        """Tell whether a built model shows all that a statement does: call functions and Keras, no more."""
        for node in ast.walk(statement.node):
            match node:
                case ast.Global() | ast.Nonlocal():
                    return False
                case ast.ClassDef() | ast.Lambda() if not apart:
                    return False
                case ast.Attribute(attr=attr, ctx=ast.Store() | ast.Del()) if attr != "trainable":
                    return False
                case ast.Subscript(ctx=ast.Store() | ast.Del()):
                    return False
                case ast.Attribute(attr=attr) if attr in known.UNDESCRIBED_ATTRIBUTES:
                    return False
                case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name, ctx=ast.Load()):
                    if name in self._statements.functions and node not in statement.called and not apart:
                        return False
        return all(_shown(full, is_called) for full, is_called in self._dotted(statement))


def shares_values(parts: Sequence[Projection]) -> bool:
    """Tell whether a builder and another function that training uses have a value in common.

    The builder may change it, a list perhaps, which the built model does not show.
    """
    builder, *others = parts
    used = {each for part in others for each in part.named}
    return any(each in used and not each.fixed for each in builder.named)


def _shown(name: str, called: bool) -> bool:
    """Tell whether a built model shows what a library's thing has done in it.

    A class, or a function that Keras names itself, shows also where it is passed on.
    """
    named = (
        name in known.CONSTANTS
        or name.rpartition(".")[2][:1].isupper()
        or name.startswith("keras.activations.")
    )
    return (called or named) and name.startswith(known.DESCRIBED) and not name.startswith(known.UNDESCRIBED)


def _within(name: str, prefixes: Sequence[str]) -> bool:
    return any(name == each or name.startswith(each if each[-1] == "_" else f"{each}.") for each in prefixes)
