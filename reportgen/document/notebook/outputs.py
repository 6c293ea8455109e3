"""What a cell that shows something puts out: the forms of a table or figure by their media types."""

from collections.abc import Mapping
from typing import Any

from reportgen.document.displays import Display, Drawing, Listing, Table, Undrawable
from reportgen.document.tables import html, text
from reportgen.errors import Problem, UndecidedError
from reportgen.training.record import History

PLAIN, HTML, SVG = "text/plain", "text/html", "image/svg+xml"


def forms(display: Display) -> tuple[Mapping[str, str], Mapping[str, Any]]:
    """Return a display in every form that a notebook keeps, and what is noted of the forms.

    Raises
    ------
    UndecidedError
        If there is nothing to draw.
    """
    match display:
        case Drawing(svg, alt):
            return {SVG: svg, PLAIN: alt}, {SVG: {"alt": alt}}
        case Table():
            return {HTML: html(display), PLAIN: text(display)}, {}
        case Listing(code):
            return {PLAIN: code}, {}
        case Undrawable(reason, remedy):
            raise UndecidedError(Problem("", 0, reason, remedy))


def log(history: History) -> str:
    """Return the log of a training, an epoch a line."""
    epochs = len(history)
    width = len(str(epochs))
    return "\n".join(
        f"Epoch {epoch:>{width}}/{epochs}: loss {loss:.4f}, accuracy {accuracy:.4f}, "
        f"val_loss {val_loss:.4f}, val_accuracy {val_accuracy:.4f}"
        for epoch, (loss, accuracy, val_loss, val_accuracy) in enumerate(
            zip(history.loss, history.accuracy, history.val_loss, history.val_accuracy, strict=True), 1
        )
    )
