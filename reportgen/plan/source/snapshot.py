"""Read the model code at one moment: models.py and the modules beside it that it imports."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from reportgen.errors import InputError, Problem, shown
from reportgen.files import reading

Import = ast.Import | ast.ImportFrom
DEEPEST = 150  # levels of nesting; code that people write has far fewer


@dataclass(frozen=True)
class Snapshot:
    """Texts that were read once; what is trained and what is recorded both come from here.

    Attributes
    ----------
    folder : Path
        Where models.py stands.
    root : str
        File name of models.py.
    files : mapping of str to str
        Text of each module by its path below `folder`, with ``/``.
    trees, imports : mapping
        The parsed modules, and the import statements anywhere in them.
    """

    folder: Path
    root: str
    files: Mapping[str, str]
    trees: Mapping[str, ast.Module] = field(repr=False, compare=False)
    imports: Mapping[str, tuple[Import, ...]] = field(repr=False, compare=False)

    @classmethod
    def read(cls, models_path: Path) -> "Snapshot":
        """Read models.py and, from text alone, every module beside it that it imports.

        Raises
        ------
        InputError
            If a file can't be read or is not Python; all such problems at once.
        """
        folder = models_path.parent
        files: dict[str, str] = {}
        trees: dict[str, ast.Module] = {}
        imports: dict[str, tuple[Import, ...]] = {}
        problems: list[Problem] = []
        queue = [models_path.name]
        while queue:
            path = queue.pop(0)
            if path in files:
                continue
            files[path] = ""
            try:
                files[path] = reading.text(folder / path)
                trees[path], imports[path] = _parsed(files[path])
            except InputError as error:
                problems += error.problems
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                problems.append(_problem(folder / path, error))
            else:
                for wanted in sorted({name for node in imports[path] for name in targets(node, path)}):
                    queue.extend(_find(folder, wanted))
        if problems:
            raise InputError(problems)
        return cls(folder, models_path.name, files, trees, imports)

    @cached_property
    def modules(self) -> Mapping[str, str]:
        """Path of each module by its dotted name; the folder of a package without ``__init__`` has none."""
        return {module_name(path): path for path in self.files}

    @cached_property
    def lines(self) -> Mapping[str, list[str]]:
        """The lines of each module."""
        return {path: text.splitlines() for path, text in self.files.items()}


def _parsed(text: str) -> tuple[ast.Module, tuple[Import, ...]]:
    tree = ast.parse(text)
    imports: list[Import] = []
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST):
        imports += [node for node in level if isinstance(node, Import)]
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return tree, tuple(imports)
    raise ValueError(f"it is nested more than {DEEPEST} levels deep")


def module_name(path: str) -> str:
    """Return the dotted name under which a file is imported."""
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def targets(node: Import, path: str) -> list[str]:
    """Return the dotted names that an import in the file `path` names, possible submodules included."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = absolute(node, path)
    return [base, *(f"{base}.{alias.name}" for alias in node.names if alias.name != "*")]


def absolute(node: ast.ImportFrom, path: str) -> str:
    """Return the dotted name of the module that a ``from … import`` in the file `path` takes from."""
    if not node.level:
        return node.module or ""
    package = list(PurePosixPath(path).parent.parts)
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def _find(folder: Path, dotted: str) -> Iterator[str]:
    parts = dotted.split(".")
    for length in range(1, len(parts) + 1):
        place = "/".join(parts[:length])
        if not place:
            continue
        for path in (f"{place}/__init__.py", f"{place}.py"):
            if (folder / path).is_file():
                yield path
                break


def _problem(path: Path, error: Exception) -> Problem:
    if isinstance(error, SyntaxError):
        return Problem(shown(path), error.lineno or 0, f"not valid Python: {error.msg}")
    return Problem(shown(path), 0, f"can't be parsed: {error}")
