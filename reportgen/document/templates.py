"""Templates: what a report looks like, kept from reaching anything else.

Templates come with the project, which may be anybody's: they are read from the project's templates folder
only, rendered in Jinja's sandbox with escaping on, and see nothing but the values they are given.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reportgen.errors import InputError, Problem, shown

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
    """The templates folder of a project."""

    root: Path

    def path(self, name: str) -> Path:
        """Return the file called `name`, which must really lie in the folder.

        Raises
        ------
        InputError
            If there is no such file, if it lies elsewhere (``..`` or a symbolic link), or if it is too
            large.
        """
        root = self.root.resolve()
        file = (root / name).resolve()
        if not file.is_relative_to(root) or not file.is_file():
            where = shown(self.root)
            raise InputError(Problem(where, 0, f"there is no template {name!r} in this folder"))
        if file.stat().st_size > LIMIT:
            raise InputError(Problem(shown(file), 0, f"the template has more than {LIMIT:,} bytes"))
        return file

    def read(self, name: str) -> str:
        """Return the text of the file called `name`."""
        file = self.path(name)
        try:
            return file.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise InputError(Problem(shown(file), 0, f"it is not UTF-8: {error.reason}")) from None

    def themes(self) -> tuple[str, ...]:
        """Return the names of the themes: folders that hold ``report.html.j2``."""
        return tuple(sorted(file.parent.name for file in self.root.glob("*/report.html.j2")))

    def styles(self) -> dict[str, bytes]:
        """Return every style sheet by its name below the folder."""
        names = sorted(file.relative_to(self.root).as_posix() for file in self.root.glob("*/*.css"))
        return {name: self.read(name).encode() for name in names}

    def files(self) -> dict[str, bytes]:
        """Return every file that a template can read, by its name below the folder."""
        root = self.root.resolve()
        return {
            file.relative_to(self.root).as_posix(): file.read_bytes()
            for file in sorted(self.root.rglob("*"))
            if file.is_file() and file.resolve().is_relative_to(root) and file.stat().st_size <= LIMIT
        }

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
            return _environment(self).get_template(name).render(values)

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
        return InputError(Problem(shown(self.root / name), line, message))


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


@cache
def _environment(templates: Templates) -> jinja2.Environment:
    return Sandbox(
        loader=jinja2.FunctionLoader(templates.source),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


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
