"""Lay out the blocks of an architecture drawing: sizes, rows and positions, in points."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reportgen.figures import style
from reportgen.figures.network import Block, Network
from reportgen.figures.style import POINTS, Look
from reportgen.figures.words import Words

LINE = 8.6  # from baseline to baseline
WIDEST_LABEL = 62.0
NARROWEST_GAP = 15.0  # between neighbours: room for an arrow
ARC = 24.0  # room above a row for its arcs

_WIDEST_GAP = 34.0
_TALLEST = 60.0  # the largest image side, or the longest vector
_LOWEST = 4.0
_BAR = 5.0  # the width of a vector
_SLANT = 0.2  # how far a block reaches back, both right and up, as a share of its side
_SHORT_VECTOR = 1024  # no vector up to this length is drawn at full height
_AIR = 14.0  # between rows


@dataclass(frozen=True)
class Measures:
    """A block's front, how far it reaches back, the width of its label, and how many lines that has."""

    width: float
    height: float
    back: float
    label: float
    lines: int

    @property
    def column(self) -> float:
        """The width that it takes in a row."""
        return max(self.label, self.width + self.back)


@dataclass(frozen=True)
class Placed:
    """A block in its place.

    Attributes
    ----------
    left, middle : float
        Left edge of its front; its height above and below is the same.
    row : int
        From 0.
    """

    block: Block
    measures: Measures
    left: float
    middle: float
    row: int

    @property
    def top(self) -> float:
        """The upper edge of its front."""
        return self.middle - self.measures.height / 2

    @property
    def centre(self) -> float:
        """The middle across, of the block as it is seen."""
        return self.left + (self.measures.width + self.measures.back) / 2

    @property
    def far_left(self) -> float:
        """The left edge of the block or its label, whichever is further out."""
        return self.centre - self.measures.column / 2

    @property
    def right(self) -> float:
        """The right edge of the block or its label, whichever is further out."""
        return self.centre + self.measures.column / 2

    @property
    def crown(self) -> float:
        """Its highest point."""
        return self.top - self.measures.back


@dataclass(frozen=True)
class Arrangement:
    """All blocks in order, the heights at which the labels of each row begin, and the height of it all."""

    blocks: tuple[Placed, ...]
    labels: tuple[float, ...]
    height: float


def arrange(net: Network, say: Words, look: Look) -> Arrangement:
    """Put blocks in rows from left to right, no row cutting a connection if that can be.

    Of several inputs each begins a row, so that the branches stand below one another.
    """
    measures = [_measure(block, net.blocks, say, look) for block in net.blocks]
    placed: list[Placed] = []
    labels: list[float] = []
    y = 2.0
    for number, row in enumerate(rows(measures, net.skips, net.branches)):
        arcs = any(start in row or end in row for start, end in net.skips)
        middle = y + max(measures[i].height / 2 + measures[i].back for i in row) + ARC * arcs
        labels.append(middle + max(measures[i].height / 2 for i in row) + 4)
        y = labels[-1] + LINE * max(measures[i].lines for i in row) + _AIR
        lefts = _spread([measures[i] for i in row])
        placed += [
            Placed(net.blocks[i], measures[i], left, middle, number)
            for i, left in zip(row, lefts, strict=True)
        ]
    return Arrangement(tuple(placed), tuple(labels), y - _AIR + 4)


def _measure(block: Block, blocks: Sequence[Block], say: Words, look: Look) -> Measures:
    if block.sides[0]:
        scale = _TALLEST / max(max(other.sides) for other in blocks)
        height = max(scale * block.sides[0], _LOWEST)
        width, back = 2.6 * math.log2(block.units + 1), _SLANT * max(scale * block.sides[1], _LOWEST)
    else:
        longest = max(_SHORT_VECTOR, *(other.units for other in blocks if not other.sides[0]))
        height = max(_TALLEST * math.log(block.units + 1) / math.log(longest + 1), _LOWEST)
        width, back = _BAR, 0.0
    texts = label_of(block, say)
    label = max(style.text_width(text, style.SMALL, look.family) for text in texts)
    return Measures(width, height, back, min(label, WIDEST_LABEL), len(texts))


def label_of(block: Block, say: Words) -> list[str]:
    """Return the lines under a block: its layers, its shape, and its parameters if it has any."""
    shape_and_weights = (block.shape, say.count(block.parameters) if block.parameters else "")
    return [*block.lines, *filter(None, shape_and_weights)]


def rows(
    measures: Sequence[Measures], skips: Sequence[tuple[int, int]], branches: Sequence[int] = ()
) -> list[range]:
    """Break blocks into rows that fit: few rows, evenly filled, and few skips from row to row.

    `branches` are places at which a row has to begin.
    """
    room = style.WIDTH * POINTS - 2 * NARROWEST_GAP
    best: list[tuple[float, int]] = [
        (0.0, 0)
    ]  # for the first n blocks: the cost, and where their last row begins
    for end in range(1, len(measures) + 1):
        choices = []
        for start in range(end - 1, -1, -1):
            width = sum(each.column for each in measures[start:end]) + NARROWEST_GAP * (end - start - 1)
            if (width > room and end - start > 1) or any(start < place < end for place in branches):
                break
            cut = sum(a < start <= b for a, b in skips)
            choices.append((best[start][0] + 3 + 4 * cut + (max(room - width, 0) / room) ** 2, start))
        best.append(min(choices))
    breaks = [len(measures)]
    while breaks[-1]:
        breaks.append(best[breaks[-1]][1])
    return [range(start, end) for start, end in pairwise(reversed(breaks))]


def _spread(row: Sequence[Measures]) -> list[float]:
    """Return the left edges of the fronts of a row's blocks, columns spread evenly and centred."""
    taken, room = sum(each.column for each in row), style.WIDTH * POINTS
    gap = min((room - 2 * NARROWEST_GAP - taken) / max(len(row) - 1, 1), _WIDEST_GAP)
    x = (room - taken - gap * (len(row) - 1)) / 2
    lefts = []
    for each in row:
        lefts.append(x + (each.column - each.width - each.back) / 2)
        x += each.column + gap
    return lefts
