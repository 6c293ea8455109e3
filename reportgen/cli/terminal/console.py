"""Write to the terminal: every line of every command passes through here.

A report may come from a stranger, the console may lack its characters, and the reader may be gone.
"""

import contextlib
import os
import re
import sys
from typing import Literal

import click

from reportgen.errors import CONTROLS, UndecidedError, printable

Form = Literal["text", "json", "xml"]


_FOREIGN = re.compile(r"[^\x00-\x7f]")


class OutputError(UndecidedError):
    """Standard output takes no more."""


class ClosedError(OutputError):
    """The reader of standard output has gone."""


class Styled(str):
    """Text that is printable, with the codes of its looks around it."""

    __slots__ = ()


def styled(text: object, *, fg: str | None = None, bold: bool = False, dim: bool = False) -> Styled:
    """Return text in a colour, or bold or dim; plain where NO_COLOR is set."""
    if os.environ.get("NO_COLOR"):
        return Styled(printable(text))
    return Styled(click.style(printable(text), fg=fg, bold=bold or None, dim=dim or None))


def tell(*parts: object, err: bool = False) -> None:
    """Print a line made of these parts, control characters escaped.

    Raises
    ------
    OutputError
        If it can't be written.
    """
    _write("".join(part if isinstance(part, Styled) else printable(part) for part in parts) + "\n", err=err)


def give(document: str, form: Form) -> None:
    """Print a document for programs; what the console can't encode is escaped as its format does."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    document = CONTROLS.sub(_spelled, document) if form == "json" else printable(document)
    try:
        document.encode(encoding)
    except UnicodeEncodeError:
        if form == "json":
            document = _FOREIGN.sub(_spelled, document)
        elif form == "xml":
            document = document.encode("ascii", "xmlcharrefreplace").decode()
    _write(document)


def prepare() -> None:
    """Escape characters that the console can't encode, so that none of them ends a command."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError, OSError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]


def finish() -> None:
    """Flush standard output, so that nothing is left that could fail at the end of the process.

    Raises
    ------
    OutputError
        If it can't be written.
    """
    with contextlib.suppress(AttributeError, ValueError, OSError):
        sys.stderr.flush()
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OSError, ValueError) as error:
        raise _lost(error) from None


def _write(text: str, *, err: bool = False) -> None:
    try:
        click.echo(text, nl=False, err=err)
    except (OSError, ValueError) as error:  # ValueError: the stream was closed
        if not err:
            raise _lost(error) from None


def size(count: float) -> str:
    """Return a number of bytes in print."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def _lost(error: Exception) -> OutputError:
    """Return the error for a standard output that takes no more, and write nothing to it from now on."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    if isinstance(error, BrokenPipeError):
        return ClosedError("standard output was closed")
    reason = os.strerror(error.errno or 0) if isinstance(error, OSError) else str(error)
    return OutputError(f"can't write to standard output: {reason}")


def _spelled(letter: re.Match[str]) -> str:
    units = letter[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
