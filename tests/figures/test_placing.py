"""Labels never cover each other."""

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.figures.placing import Box, Label, place_labels

FRAME = Box(0, 0, 400, 200)
POINTS = st.lists(st.tuples(st.floats(5, 395), st.floats(5, 195)), min_size=1, max_size=10)


def place(points: list[tuple[float, float]], width: float = 60) -> tuple[Label, ...]:
    marks = [Box(x - 2, y - 2, x + 2, y + 2) for x, y in points]
    return place_labels(points, [(width, 8.0)] * len(points), marks, FRAME)


@settings(max_examples=60, deadline=None)
@given(POINTS)
def test_labels_never_touch(points: list[tuple[float, float]]) -> None:
    boxes = [label.box for label in place(points)]
    assert not any(one.touches(other) for one, other in combinations(boxes, 2))


@settings(max_examples=40, deadline=None)
@given(POINTS)
def test_labels_stay_in_the_frame_and_off_the_marks_while_there_is_room(
    points: list[tuple[float, float]],
) -> None:
    apart = [p for i, p in enumerate(points) if all(abs(p[1] - q[1]) > 20 for q in points[:i])]
    for label in place(apart):
        assert label.box.within(FRAME)
        assert not any(label.box.touches(Box(x - 2, y - 2, x + 2, y + 2)) for x, y in apart)


def test_a_lonely_label_stands_right_of_its_point() -> None:
    (label,) = place([(100.0, 100.0)])
    assert label == Label(Box(104.0, 96.0, 164.0, 104.0), "left", None)


def test_at_the_right_edge_it_stands_left() -> None:
    (label,) = place([(390.0, 100.0)])
    assert label.side == "right"
    assert label.box.right == 386.0


def test_a_label_that_stands_off_has_a_leader() -> None:
    labels = place([(200.0, 100.0 + i) for i in range(6)])
    far = [label for label in labels if label.leader]
    assert far
    assert all(
        label.box.grown(0.01).touches(Box(*label.leader, *label.leader).grown(0.01))
        for label in far
        if label.leader
    )


@pytest.mark.parametrize("seed", range(60))
def test_labels_one_above_the_other_stand_in_the_order_of_their_points(seed: int) -> None:
    generator = random.Random(seed)
    points = [(200.0, 100.0), (200 + generator.uniform(-12, 12), 100 + generator.uniform(-8, 8))]
    marks = [Box(x - 5, y - generator.uniform(3, 20), x + 2, y + generator.uniform(3, 20)) for x, y in points]
    one, other = (label.box for label in place_labels(points, [(150.0, 8.0), (190.0, 8.0)], marks, FRAME))
    if one.left < other.right and other.left < one.right:
        assert (one.bottom > other.bottom) == (points[0][1] > points[1][1])


def test_same_points_same_places() -> None:
    generator = random.Random(3)
    points = [(generator.uniform(5, 395), generator.uniform(5, 195)) for _ in range(14)]
    assert place(points, 90) == place(points, 90)
