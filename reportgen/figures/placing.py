"""Place labels beside what they name, never on each other: pure geometry, in points."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
Side = Literal["left", "center", "right"]

_DIRECTIONS = (0, 180, 30, 330, 150, 210, 90, 270, 60, 300, 120, 240)  # degrees, the likeable ones first
_RINGS = (4.0, 8.0, *(14.0 + 8.0 * ring for ring in range(30)))


@dataclass(frozen=True)
class Box:
    """A rectangle, upright."""

    left: float
    bottom: float
    right: float
    top: float

    def touches(self, other: "Box") -> bool:
        """Tell whether the two share any area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def within(self, other: "Box") -> bool:
        """Tell whether this lies inside the other."""
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.bottom <= self.bottom
            and self.top <= other.top
        )

    def grown(self, by: float) -> "Box":
        """Return the box with a margin."""
        return Box(self.left - by, self.bottom - by, self.right + by, self.top + by)


@dataclass(frozen=True)
class Label:
    """A placed label: its box, the side of it that faces its point, and the end of any leader line."""

    box: Box
    side: Side
    leader: Point | None


def place_labels(
    points: Sequence[Point],
    sizes: Sequence[tuple[float, float]],
    marks: Sequence[Box],
    frame: Box,
) -> tuple[Label, ...]:
    """Place a label of every size beside its point.

    Labels never touch each other; as far as there is room they also stay in the frame and clear of all
    `marks` and leader lines, and one above the other in the order of their points. Greedy, from the most
    crowded point to the loneliest, over rings of places around each; the same input always gives the same
    places.
    """
    crowding = [sum(1 / (1 + math.dist(point, other)) for other in points) for point in points]
    placed: dict[int, Label] = {}
    for i in sorted(range(len(points)), key=lambda i: (-crowding[i], i)):
        boxes = [label.box for label in placed.values()]
        lines = [_line(points[k], label.leader) for k, label in placed.items() if label.leader]
        others = [mark for k, mark in enumerate(marks) if k != i]
        chosen, least = None, math.inf
        for label in _candidates(points[i], sizes[i]):
            far = math.dist(points[i], label.leader or points[i]) / 20
            if chosen and far >= least:
                break  # candidates come nearest first
            body = label.box.grown(1.2)
            if chosen and any(body.touches(box) for box in boxes):
                continue
            leader = _line(points[i], label.leader) if label.leader else []
            cost = (
                far
                + abs((label.leader or points[i])[1] - points[i][1]) / 8  # best at the height of its point
                + 1000 * sum(body.touches(box) for box in boxes)
                + 50 * (not label.box.within(frame))
                + 9 * sum(body.touches(mark) for mark in marks)
                + 4 * sum(_hits(line, body) for line in lines)
                + 6 * sum(_swapped(points[i], label, points[k], other) for k, other in placed.items())
                + 8 * sum(_hits(leader, box.grown(1)) for box in boxes)
                + 3 * sum(_hits(leader, mark.grown(1)) for mark in others)
                + 3 * _nearer_to_another(label, i, points)
            )
            if cost < least:
                chosen, least = label, cost
        assert chosen is not None
        placed[i] = chosen
    return tuple(placed[i] for i in range(len(points)))


def _candidates(point: Point, size: tuple[float, float]) -> Iterator[Label]:
    (x, y), (width, height) = point, size
    for ring in _RINGS:
        for degrees in _DIRECTIONS:
            across, up = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
            near_x, near_y = x + ring * across, y + ring * up
            side: Side = "left" if across > 0.2 else "right" if across < -0.2 else "center"
            left = near_x - {"left": 0, "center": width / 2, "right": width}[side]
            bottom = near_y if up > 0.8 else near_y - height if up < -0.8 else near_y - height / 2
            leader = (near_x, near_y) if ring > 8 else None
            yield Label(Box(left, bottom, left + width, bottom + height), side, leader)


def _swapped(point: Point, label: Label, other_point: Point, other: Label) -> bool:
    """Tell whether of two labels, one above the other, the lower one is that of the higher point."""
    one, two = label.box, other.box
    above = one.left < two.right and two.left < one.right
    return above and (point[1] - other_point[1]) * (one.bottom - two.bottom) < 0


def _nearer_to_another(label: Label, own: int, points: Sequence[Point]) -> bool:
    """Tell whether a label at the end of a leader would be taken for that of another point."""
    end = label.leader
    return end is not None and min(range(len(points)), key=lambda k: math.dist(points[k], end)) != own


def _line(start: Point, end: Point) -> list[Point]:
    """Return points along a line, close enough that no label slips through."""
    steps = max(int(math.dist(start, end) / 2), 1)
    return [
        (start[0] + (end[0] - start[0]) * k / steps, start[1] + (end[1] - start[1]) * k / steps)
        for k in range(steps + 1)
    ]


def _hits(line: Sequence[Point], box: Box) -> bool:
    return any(box.left < x < box.right and box.bottom < y < box.top for x, y in line)
