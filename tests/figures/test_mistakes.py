"""The gallery shows the right images, and shows them as they are."""

import dataclasses
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from reportgen.errors import RenderError
from reportgen.figures import mistakes
from reportgen.figures.pixels import paths, reduced
from reportgen.training.record import Evaluation, Record
from tests.factories import CIFAR10, make_record
from tests.figures.reading import texts, tree

CLASSES = ("cat", "dog")
COMMAND = re.compile(r"M(\d+) (\d+)h([\d.]+)v([\d.]+)h-([\d.]+)z")


def record(labels: list[int], predicted: list[int], confidence: list[float]) -> Record:
    labelled, answered = np.array(labels, np.uint8), np.array(predicted, np.uint8)
    test = Evaluation(1.0, labelled, answered, np.array(confidence, np.float16), {})
    return make_record(evaluations={"test": test})


def images(count: int) -> NDArray[np.uint8]:
    return np.arange(count, dtype=np.uint8)[:, None, None, None] * np.ones((1, 4, 4, 3), np.uint8)


def painted(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Paint an image's paths pixel by pixel, in order."""
    canvas = np.zeros((*image.shape[:2], 3), np.uint8)
    for colour, path in paths(image):
        assert COMMAND.sub("", path) == ""
        for x, y, width, height, _ in COMMAND.findall(path):
            right, below = int(x) + int(float(width)), int(y) + int(float(height))
            canvas[int(y) : below, int(x) : right] = list(bytes.fromhex(colour[1:]))
    return canvas


def test_the_surest_come_first_and_ties_in_order() -> None:
    made = record([0, 0, 0, 1, 1], [1, 1, 0, 0, 0], [0.5, 0.75, 0.99, 0.75, 0.9375])
    figure = mistakes("Net", (made,), CLASSES, images(5))
    assert figure.alt == (
        "Net, the 4 wrong answers on test images that the model is surest of: "
        "dog taken for cat (93.8\u00a0%); cat taken for dog (75.0\u00a0%); "
        "dog taken for cat (75.0\u00a0%); cat taken for dog (50.0\u00a0%)."
    )
    fills = [e.attrib["fill"] for e in tree(figure).iter("path")]
    assert fills == ["#040404", "#010101", "#030303", "#000000"]
    assert "true: dog" in texts(figure)


def test_twelve_at_most() -> None:
    made = record([0] * 20, [1] * 20, [0.5] * 20)
    figure = mistakes("Net", (made,), CLASSES, images(20))
    assert "The 12 most confident of 20 wrong answers" in figure.caption
    assert texts(figure).count("dog") == 12


def test_half_precision_never_claims_certainty() -> None:
    figure = mistakes("Net", (record([0], [1], [1.0]),), CLASSES, images(1))
    assert ">\u00a099.9\u00a0%" in texts(figure)
    assert "100" not in figure.alt


def test_no_mistake_at_all() -> None:
    figure = mistakes("Net", (record([0, 1], [0, 1], [0.9, 0.9]),), CLASSES, images(2))
    assert figure.alt == "Net: no test image is classified wrongly."
    assert texts(figure) == ["no mistakes"]


def test_without_confidences_there_is_no_order() -> None:
    made = record([0, 1], [1, 0], [])
    with pytest.raises(RenderError, match="no confidences were kept"):
        mistakes("Net", (made,), CLASSES, images(2))


def test_images_must_be_those_predicted() -> None:
    with pytest.raises(RenderError, match="3 test images but 2 predictions"):
        mistakes("Net", (record([0, 1], [1, 0], [0.5, 0.5]),), CLASSES, images(3))


def test_a_page_of_noise_stays_small() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1000, 32, 32, 3), np.uint8)
    figure = mistakes("CNN", (make_record("cnn"),), CIFAR10, noise)
    assert len(figure.svg) < 350_000


def test_long_names_are_shortened() -> None:
    figure = mistakes("Net", (record([0], [1], [0.5]),), ("cat", "a very long name of a class"), images(1))
    assert any(text.endswith("…") for text in texts(figure))
    assert "a very long name of a class" in figure.alt


@settings(max_examples=50, deadline=None)
@given(arrays.arrays(np.uint8, (5, 6, 3), elements=st.sampled_from([0, 90, 255])))
def test_few_colours_are_painted_exactly(image: NDArray[np.uint8]) -> None:
    if len(np.unique(image.reshape(-1, 3), axis=0)) <= 20:
        assert np.array_equal(painted(image), image)


@settings(max_examples=30, deadline=None)
@given(arrays.arrays(np.uint8, (8, 7, 3)))
def test_reduction_keeps_to_its_palette(image: NDArray[np.uint8]) -> None:
    palette, index = reduced(image, 6)
    assert len(palette) <= 6
    assert np.array_equal(painted_with(palette, index), palette[index])
    worst = np.abs(palette[index].astype(int) - image).mean()
    assert worst <= np.abs(image.astype(int) - image.reshape(-1, 3).mean(axis=0)).mean() + 1


def painted_with(palette: NDArray[np.uint8], index: NDArray[np.intp]) -> NDArray[np.uint8]:
    return np.stack([palette[i] for i in index.ravel()]).reshape(*index.shape, 3)


def test_grey_images_are_painted_grey() -> None:
    image = np.array([[[0], [128]], [[255], [128]]], np.uint8)
    assert painted(image).tolist() == [[[0] * 3, [128] * 3], [[255] * 3, [128] * 3]]


def test_read_only_maps_will_do(tmp_path: object) -> None:
    stored = images(2)
    stored.flags.writeable = False
    assert mistakes("Net", (record([0, 1], [1, 1], [0.5, 0.5]),), CLASSES, stored).svg


def test_rectangles_reach_under_their_neighbours_but_not_over_the_edge() -> None:
    image = np.array([[[0], [255]], [[0], [255]]], np.uint8)
    shapes = dict(paths(image))
    assert shapes["#000000"] == "M0 0h1.12v2h-1.12z"
    assert shapes["#ffffff"] == "M1 0h1v2h-1z"


def test_of_several_seeds_the_first_is_shown() -> None:
    first = record([0], [1], [0.5])
    figure = mistakes("Net", (first, dataclasses.replace(first, seed=2, key="b")), CLASSES, images(1))
    assert figure.sources == (first.key,)
    assert "seed 1" in figure.caption


@pytest.mark.parametrize("channels", [2, 5])
def test_images_that_have_no_colours_are_refused(channels: int) -> None:
    with pytest.raises(RenderError, match=f"images of {channels} channels can't be drawn"):
        reduced(np.zeros((4, 4, channels), np.uint8))
