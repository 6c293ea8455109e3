"""Templates, sandboxed: they decide how a report looks, and reach nothing else.

Templates come with the project, which may be anybody's: they are read from the project's templates folder and
from the package's themes only, rendered in Jinja's sandbox with escaping on, and see nothing but the values
they are given.
"""

from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reportgen import files as reading
from reportgen import themes
from reportgen.errors import InputError, Problem, shown

NOTEBOOK = "notebook/index.html.j2"
LIMIT = 1_000_000
_FAILURES = (
    jinja2.TemplateError,
    TypeError,
    ValueError,
    LookupError,
    ArithmeticError,
    RecursionError,
    MemoryError,
)


@dataclass(frozen=True)
class Templates:
    """The templates of a project, as they were when they were read.

    Attributes
    ----------
    root : Path
        The project's folder of templates.
    files : mapping of str to bytes
        Every file that really lies below it, by its name, and those of the package that it does not replace.
    own : set of str
        Names of the project's files.
    """

    root: Path
    files: Mapping[str, bytes] = field(repr=False)
    own: Set[str] = field(repr=False)

    @classmethod
    def read_from(cls, root: Path) -> "Templates":
        """Read a project's templates and the package's; links that lead out of their folder are left out."""
        found = {name: path for name, path in themes.walk(root) if path.stat().st_size <= LIMIT}
        own = frozenset(name for name, path in found.items() if path.is_relative_to(root))
        return cls(root, {name: reading.read(path, LIMIT) for name, path in found.items()}, own)

    def place(self, name: str) -> str:
        """Return where the file called `name` stands, for messages."""
        return shown((self.root if name in self.own or name not in self.files else themes.FOLDER) / name)

    def read(self, name: str) -> str:
        """Return the text of the file called `name`.

        Raises
        ------
        InputError
            If there is no such file (a symbolic link may lead out of the folder), if it is too large, or no
            UTF-8.
        """
        try:
            return self.files[name].decode("utf-8")
        except KeyError:
            message = f"there is no template {name!r} of at most {LIMIT:,} bytes in this folder"
            raise InputError(Problem(shown(self.root), 0, message)) from None
        except UnicodeDecodeError as error:
            raise InputError(Problem(self.place(name), 0, f"it is not UTF-8: {error.reason}")) from None

    def styles(self) -> dict[str, bytes]:
        """Return every style sheet by its name below the folder."""
        names = sorted(name for name in self.files if name.count("/") == 1 and name.endswith(".css"))
        return {name: self.read(name).encode() for name in names}

    def source(self, name: str) -> tuple[str, str, None]:
        """Return the text of the file called `name` as Jinja's loaders do: with the name that errors show."""
        return self.read(name), f"{self.root.name}/{name}", None

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """Return the template called `name` filled with `values`.

        Raises
        ------
        InputError
            If the template is wrong, with its file and line.
        """
        with self.blamed(name):
            return self._environment.get_template(name).render(values)

    @property
    def _environment(self) -> jinja2.Environment:
        return _compiling(self.root, tuple(sorted(self.files.items())), frozenset(self.own))

    @contextmanager
    def blamed(self, name: str) -> Iterator[None]:
        """Turn what a template does wrong into an `InputError` that names its file and line."""
        try:
            yield
        except jinja2.TemplateSyntaxError as error:
            raise self._problem(error.name or name, error.lineno, error.message or "syntax error") from None
        except _FAILURES as error:
            file, line = _origin(error, name)
            raise self._problem(file, line, str(error) or type(error).__name__) from None

    def _problem(self, name: str, line: int, message: str) -> InputError:
        return InputError(Problem(self.place(name), line, message))


@lru_cache(maxsize=2)  # a process that renders more than once compiles the same templates once
def _compiling(root: Path, files: tuple[tuple[str, bytes], ...], own: Set[str]) -> jinja2.Environment:
    return Sandbox(
        loader=jinja2.FunctionLoader(Templates(root, dict(files), own).source),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, without arithmetic that fills the memory."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Multiply small numbers; anything else could be made to fill the memory."""
        if operator == "**" or not (_is_small(left) and _is_small(right)):
            raise SecurityError(f"{operator} is for small numbers only")
        return left * right


def _is_small(value: object) -> bool:
    return isinstance(value, int | float) and abs(value) < 1e9


def _origin(error: BaseException, name: str) -> tuple[str, int]:
    """Return the innermost template and line that `error` came through."""
    found = (name, 0)
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith((".j2", ".html", ".css")):
            found = (file.partition("/")[2], trace.tb_lineno)
        trace = trace.tb_next
    return found
