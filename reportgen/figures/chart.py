"""Charts: the one door to matplotlib.

Sheets are made without pyplot and under matplotlib's own defaults, so that neither a user's matplotlibrc nor
another figure changes what is drawn.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reportgen.figures import style
from reportgen.figures.style import Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet

Values = NDArray[np.float64]

# Defaults that say how to show, not what to draw; setting some of them has effects of its own.
_ELSEWHERE = ("backend", "interactive", "toolbar", "timezone", "webagg", "tk.", "savefig.directory")
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


@contextmanager
def sheet(look: Look, width: float, height: float) -> Iterator[Sheet]:
    """Give an empty sheet of `width` by `height` cm; all drawing, `render` included, happens within."""
    import matplotlib as mpl
    from matplotlib.figure import Figure as Sheet

    defaults: dict[Any, Any] = {
        key: value for key, value in mpl.rcParamsDefault.items() if not key.startswith(_ELSEWHERE)
    }
    with mpl.rc_context(defaults | _rc(look)):
        yield Sheet(figsize=(width / 2.54, height / 2.54), dpi=72)  # a display unit is a point


def _rc(look: Look) -> dict[str, Any]:
    return {
        "font.family": [look.family],
        "font.size": style.SMALL,
        "text.color": style.INK,
        "text.parse_math": False,
        "axes.edgecolor": style.INK,
        "axes.labelcolor": style.INK,
        "axes.labelsize": style.NORMAL,
        "axes.linewidth": 0.5,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": style.LARGE,
        "axes.axisbelow": True,
        "grid.color": style.RULE,
        "grid.linewidth": 0.4,
        "lines.linewidth": 1.2,
        "xtick.color": style.INK,
        "ytick.color": style.INK,
        "xtick.labelsize": style.SMALL,
        "ytick.labelsize": style.SMALL,
        "xtick.major.width": 0.5,
        "ytick.major.width": 0.5,
        "xtick.major.size": 2.5,
        "ytick.major.size": 2.5,
        "xtick.major.pad": 2.0,
        "ytick.major.pad": 2.0,
        "svg.fonttype": "none",
        "svg.hashsalt": "reportgen",
    }


def place(sheet: Sheet, left: float, bottom: float, width: float, height: float) -> Axes:
    """Return new axes at a place of the sheet, all in cm from its lower left corner."""
    across, up = sheet.get_size_inches() * 2.54
    return sheet.add_axes((left / across, bottom / up, width / across, height / up))


def render(sheet: Sheet, look: Look) -> str:
    """Return the sheet as raw SVG."""
    from matplotlib.text import Text

    for text in sheet.findobj(Text):
        # by file, so that a font of the same name on this machine can't move it
        font = text.get_fontproperties().copy()
        font.set_file(str(style.font_file(look.family, bold=font.get_weight() == "semibold")))
        text.set_fontproperties(font)
    target = io.StringIO()
    sheet.savefig(target, format="svg", metadata=_NO_METADATA)
    return target.getvalue()


def even_ticks(low: float, high: float, most: int, *, whole: bool = False) -> tuple[float, ...]:
    """Return at most about `most` round numbers from `low` to `high`."""
    from matplotlib.ticker import MaxNLocator

    found = MaxNLocator(nbins=most, steps=[1, 2, 5, 10], integer=whole).tick_values(low, high)
    return tuple(float(round(tick, 10)) for tick in found if low <= round(tick, 10) <= high)


def log_ticks(low: float, high: float) -> tuple[float, ...]:
    """Return round numbers from `low` to `high` (both > 0) for a logarithmic axis.

    Decades, where there are enough; else more and more numbers between them.
    """
    exponents = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    for digits in ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 5, 7)):
        values = sorted(float(f"{digit}e{exponent}") for exponent in exponents for digit in digits)
        found = tuple(value for value in values if low <= value <= high)
        if len(found) >= 4:
            return found
    return even_ticks(low, high, 5) if len(found) < 3 else found


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return places for labels near their `wanted` ones, at least `gap` apart and, where they fit, in range.

    Neighbours that would touch form a block around the middle of what they want, as in isotonic regression.
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    blocks: list[tuple[float, int]] = []  # middle, members
    for i in order:
        middle, members = wanted[i], 1
        while blocks and middle - blocks[-1][0] < gap * (members + blocks[-1][1]) / 2:
            other, many = blocks.pop()
            middle, members = (middle * members + other * many) / (members + many), members + many
        blocks.append((middle, members))
    placed = [middle + gap * (k - (members - 1) / 2) for middle, members in blocks for k in range(members)]
    for k, place_of in enumerate(placed):  # up from the floor, then down from the ceiling
        placed[k] = max(place_of, low if k == 0 else placed[k - 1] + gap)
    for k in reversed(range(len(placed))):
        placed[k] = min(placed[k], high if k == len(placed) - 1 else placed[k + 1] - gap)
    result = [0.0] * len(wanted)
    for where, i in zip(placed, order, strict=True):
        result[i] = where
    return result
