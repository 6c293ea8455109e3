"""The gallery shows the right images, and shows them as they are."""

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.errors import RenderError
from reportgen.figures import ShownModel, mistakes
from reportgen.training.record import Evaluation, Record
from tests.factories import make_record
from tests.figures.reading import pixels, texts

CLASSES = ("cat", "dog")


def record(labels: list[int], predicted: list[int], confidence: list[float]) -> Record:
    labelled, answered = np.array(labels, np.uint8), np.array(predicted, np.uint8)
    test = Evaluation(1.0, labelled, answered, np.array(confidence, np.float16), {})
    return make_record(evaluations={"test": test})


def images(count: int) -> NDArray[np.uint8]:
    return np.arange(count, dtype=np.uint8)[:, None, None, None] * np.ones((1, 4, 4, 3), np.uint8)


def test_the_surest_come_first_and_ties_in_order() -> None:
    made = record([0, 0, 0, 1, 1], [1, 1, 0, 0, 0], [0.5, 0.75, 0.99, 0.75, 0.9375])
    figure = mistakes(ShownModel("Net", (made,), CLASSES), images(5))
    assert figure.alt == (
        "Net, the 4 wrong answers on test images that the model is surest of: "
        "dog taken for cat (93.8\u00a0%); cat taken for dog (75.0\u00a0%); "
        "dog taken for cat (75.0\u00a0%); cat taken for dog (50.0\u00a0%)."
    )
    assert [image.max() for image in pixels(figure)] == [4, 1, 3, 0]
    assert "true: dog" in texts(figure)


def test_twelve_at_most() -> None:
    made = record([0] * 20, [1] * 20, [0.5] * 20)
    figure = mistakes(ShownModel("Net", (made,), CLASSES), images(20))
    assert "The 12 most confident of 20 wrong answers" in figure.caption
    assert texts(figure).count("dog") == 12


def test_half_precision_never_claims_certainty() -> None:
    figure = mistakes(ShownModel("Net", (record([0], [1], [1.0]),), CLASSES), images(1))
    assert ">\u00a099.9\u00a0%" in texts(figure)
    assert "100" not in figure.alt


def test_no_mistake_at_all() -> None:
    figure = mistakes(ShownModel("Net", (record([0, 1], [0, 1], [0.9, 0.9]),), CLASSES), images(2))
    assert figure.alt == "Net: no test image is classified wrongly."
    assert texts(figure) == ["no mistakes"]


def test_without_confidences_there_is_no_order() -> None:
    made = record([0, 1], [1, 0], [])
    with pytest.raises(RenderError, match="no confidences were kept"):
        mistakes(ShownModel("Net", (made,), CLASSES), images(2))


def test_images_must_be_those_predicted() -> None:
    with pytest.raises(RenderError, match="3 test images but 2 predictions"):
        mistakes(ShownModel("Net", (record([0, 1], [1, 0], [0.5, 0.5]),), CLASSES), images(3))


def test_long_names_are_shortened() -> None:
    figure = mistakes(
        ShownModel("Net", (record([0], [1], [0.5]),), ("cat", "a very long name of a class")), images(1)
    )
    assert any(text.endswith("…") for text in texts(figure))
    assert "a very long name of a class" in figure.alt


def test_read_only_maps_will_do(tmp_path: object) -> None:
    stored = images(2)
    stored.flags.writeable = False
    assert mistakes(ShownModel("Net", (record([0, 1], [1, 1], [0.5, 0.5]),), CLASSES), stored).svg


def test_of_several_seeds_the_first_is_shown() -> None:
    first = record([0], [1], [0.5])
    figure = mistakes(
        ShownModel("Net", (first, dataclasses.replace(first, seed=2, key="b")), CLASSES), images(1)
    )
    assert figure.sources == (first.key,)
    assert "seed 1" in figure.caption
