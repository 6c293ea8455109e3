"""Collect the source that can change the numbers of one model, and nothing else."""

import ast
import builtins
import sys
from collections.abc import Iterable
from functools import cached_property

from reportgen.plan.key import digest, digest_plain
from reportgen.plan.source import side_effects
from reportgen.plan.source.ast_json import Json, tree
from reportgen.plan.source.custom_layers import is_plain, is_settled
from reportgen.plan.source.known_names import (
    BENEATH,
    BENEATH_NAMES,
    CONSTANTS,
    DESCRIBED,
    DYNAMIC,
    TEXT,
    TEXT_NAMES,
    UNDESCRIBED,
    plain,
)
from reportgen.plan.source.modules import Module, Modules, Unit
from reportgen.plan.source.normalize import Normal
from reportgen.plan.source.projection import Projection
from reportgen.plan.source.snapshot import Snapshot
from reportgen.plan.source.symbols import External, Local, Meaning

_STANDARD = sys.stdlib_module_names


class Projector:
    """Projects functions of one snapshot, each once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.modules = Modules(snapshot)
        side_effects.find(self.modules)
        self._done: dict[str, Projection] = {}

    def defines(self, name: str) -> bool:
        """Tell whether models.py has a top-level name."""
        root = self.modules.by_name[self.modules.root]
        return name in root.bindings or name in root.imports or bool(root.opaque)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names that models.py offers, for hints."""
        root = self.modules.by_name[self.modules.root]
        return tuple(
            sorted(
                [*root.bindings, *(name for name, found in root.imports.items() if isinstance(found, Local))]
            )
        )

    def project(self, name: str) -> Projection:
        """Return the projection of a function of models.py."""
        if name not in self._done:
            start = self.modules.meaning(self.modules.root, name)
            self._done[name] = _Closure(self.modules, {}).project(name, start)
        return self._done[name]


class _Closure:
    """Follows what one function uses, through all modules; it is a `normal.Listener`."""

    def __init__(self, modules: Modules, layers: dict[Unit, str | None]) -> None:
        self._modules = modules
        self._layers = layers
        self._in_layer = False
        self._numbers: dict[Local, int] = {}
        self._queue: dict[Unit, int] = {}
        self._libraries: set[str] = set()
        self._strings: set[str] = set()
        self._undescribed = False
        self._whole = ""
        self._text = False  # comments count, too
        self._beneath = False  # so does every file beside the code

    def project(self, name: str, start: Meaning) -> Projection:
        for module in self._modules.order:
            if module.opaque:
                self.dynamic(module.opaque)
        dumps = self._follow(start)
        snapshot = self._modules.snapshot
        if self._whole:
            trees = {path: digest_plain(tree(node)) for path, node in snapshot.trees.items()}
            code = dict(snapshot.files) if self._text else trees
            value: dict[str, object] = {"name": name, "code": code}
        else:
            order = [ranks for module in self._modules.order if (ranks := self._in_order(module))]
            value = {
                "start": start.name if isinstance(start, External) else "",
                "definitions": digest_plain(dumps),
                "order": order,
            }
        files = self._files()
        return Projection(
            digest({**value, "files": files}),
            tuple(sorted(self._libraries)),
            not self._undescribed and not self._whole,
            {
                f"{unit.module}.{unit.binds[0]}": mark
                for unit in self._queue
                if (mark := self._layers.get(unit))
            },
            self._whole,
            self._modules,
            tuple(self._sorted()),
            files,
        )

    # what `Normal` tells

    def number(self, place: Local) -> int:
        if place not in self._numbers:
            self._numbers[place] = len(self._numbers)
            self._add(self._modules.units(place))
        return self._numbers[place]

    def external(self, name: str, *, called: bool, stored: bool) -> None:
        root = name.partition(".")[0]
        if root not in _STANDARD:
            self._libraries.add(root)
        known = plain(name)
        if known.startswith(DYNAMIC + TEXT + BENEATH):
            self.dynamic(f"{name} is used", name=known)
        # A class, or a function that Keras names itself, shows in the description also where it is passed on.
        shown = (
            called
            or known in CONSTANTS
            or known.rpartition(".")[2][:1].isupper()
            or known.startswith("keras.activations.")
        )
        if stored or not shown or not known.startswith(DESCRIBED) or known.startswith(UNDESCRIBED):
            self.escapes(name)

    def escapes(self, what: str) -> None:
        self._undescribed = self._undescribed or not self._in_layer

    def dynamic(self, why: str, *, name: str = "") -> None:
        self._whole = self._whole or why
        self._text = self._text or name in TEXT_NAMES or name.startswith(TEXT)
        self._beneath = self._beneath or name in BENEATH_NAMES or name.startswith(BENEATH)

    def text(self, value: str) -> None:
        self._strings.add(value)

    # inside

    def _follow(self, start: Meaning) -> list[Json]:
        if isinstance(start, Local):
            self.number(start)
        elif isinstance(start, External):
            self.external(start.name, called=True, stored=False)
        else:
            self.dynamic("it is not a function of models.py")
        for module in self._modules.order:
            self._add(unit for unit in module.units if unit in module.effects)
        dumps: list[Json] = []
        while len(dumps) < len(self._queue):
            unit = list(self._queue)[len(dumps)]
            self._in_layer = self._layer(unit) is not None
            dumps.append(Normal(self._modules, self._modules.by_name[unit.module], self).unit(unit))
            self._in_layer = False
            if len(dumps) == len(self._queue):
                self._add(self._named_by_string())
        return dumps

    def _layer(self, unit: Unit) -> str | None:
        """Return the digest of what defines a layer that can be told from its source; mostly nothing."""
        if unit not in self._layers:
            self._layers[unit] = None  # one that leads back to itself is none
            if is_plain(self._modules, unit):
                place = Local(unit.module, unit.binds[0])
                found = _Closure(self._modules, self._layers).project(place.name, place)
                if not (found.whole or found.files) and all(
                    is_settled(self._modules, each) for each in found.units
                ):
                    self._layers[unit] = found.digest
        return self._layers[unit]

    def _add(self, units: Iterable[Unit]) -> None:
        for unit in units:
            self._queue.setdefault(unit, len(self._queue))

    def _named_by_string(self) -> list[Unit]:
        found = []
        for module in self._modules.order:
            for unit, names in module.registered:
                if any(name in text for text in self._strings for name in names):
                    self._undescribed = True
                    found.append(unit)
        return found

    def _in_order(self, module: Module) -> list[int]:
        """Return the units whose order in the file may matter, in that order."""
        mine = [unit for unit in self._queue if unit.module == module.name]
        used = sorted(mine, key=lambda unit: unit.index)
        rebound = any(len(module.bindings[name]) > 1 for unit in used for name in unit.binds)
        if not rebound and not any(unit in module.effects for unit in used):
            return []
        return [self._queue[unit] for unit in used if not _inert(unit, module)]

    def _sorted(self) -> list[Unit]:
        rank = {module.name: index for index, module in enumerate(self._modules.order)}
        return sorted(self._queue, key=lambda unit: (rank[unit.module], unit.index))

    def _files(self) -> dict[str, str]:
        """Return the files beside models.py that the code may read unseen, with their SHA-256."""
        return dict(self._modules.snapshot.all_files) if self._beneath else {}


def _inert(unit: Unit, module: Module) -> bool:
    node = unit.node
    return (
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.decorator_list
        and not node.args.defaults
        and not node.args.kw_defaults
        # Above the definition of a name that a builtin has, it is the builtin that is meant.
        and all(len(module.bindings[name]) == 1 and not hasattr(builtins, name) for name in unit.binds)
    )
