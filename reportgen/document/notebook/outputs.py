"""Make the outputs of notebook cells: tables and figures by media type."""

from collections.abc import Mapping
from typing import Any

from reportgen.document.displays import Display, Drawing, Listing, Table, Undrawable
from reportgen.document.table_markup import html, text
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
    """Return the log of a training, an epoch a line; where a number is predicted, without accuracies."""
    epochs = len(history)
    width = len(str(epochs))
    curves = {name: getattr(history, name) for name in ("loss", "accuracy", "val_loss", "val_accuracy")}
    there = {name: values for name, values in {**curves, **history.further}.items() if values}
    return "\n".join(
        f"Epoch {epoch:>{width}}/{epochs}: "
        + ", ".join(f"{name} {values[epoch - 1]:.4f}" for name, values in there.items())
        for epoch in range(1, epochs + 1)
    )
