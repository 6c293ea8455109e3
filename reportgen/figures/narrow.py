"""Draw a figure a second time for narrow screens, where its letters would be too small."""

from collections.abc import Callable
from dataclasses import replace

from reportgen.figures import svg
from reportgen.figures.figure import Figure
from reportgen.figures.style import NARROW_WIDTH, Look


def with_narrow(draw: Callable[[Look], Figure], look: Look) -> Figure:
    """Return a figure that holds what a narrow screen shows in its place: its parts, else a narrow drawing.

    Parameters
    ----------
    draw : callable
        Draws the figure as wide as the look says, or gives it parts (`reportgen.figures.svg.finish`).
    """
    figure = draw(look)
    if svg.has_parts(figure.svg):
        return figure
    return replace(figure, svg=svg.with_narrow(figure.svg, draw(replace(look, width=NARROW_WIDTH)).svg))
