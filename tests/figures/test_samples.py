"""Sample images are the first of each class, in the order of the classes."""

import numpy as np
import pytest

from reportgen.datasets.inputs import ready
from reportgen.datasets.types import Split
from reportgen.errors import RenderError
from reportgen.figures import Look, samples
from tests.figures.reading import pixels, texts, tree


def split(classes: int, each: int = 3) -> Split:
    """Return images that are of one grey each: their index."""
    count = classes * each
    images = np.arange(count, dtype=np.uint8)[:, None, None, None] * np.ones((1, 4, 4, 3), np.uint8)
    return Split(images, (np.arange(count) % classes).astype(np.uint8))


def names(classes: int) -> tuple[str, ...]:
    return tuple(f"class {i}" for i in range(classes))


def drawn(classes: int, each: int = 3) -> list[int]:
    figure = samples("Data", names(classes), split(classes, each))
    return [int(image.max()) for image in pixels(figure)]


def test_of_several_inputs_the_images_are_shown() -> None:
    images = split(10)
    numbers = np.arange(30.0).reshape(30, 1)
    both, _ = ready(*[{"values": numbers, "scan": images.inputs}] * 2)
    figure = samples("Data", names(10), Split(both, images.labels))
    assert [int(image.max()) for image in pixels(figure)] == drawn(10)
    neither, _ = ready(*[{"values": numbers, "others": numbers}] * 2)
    with pytest.raises(RenderError, match="Data has no images"):
        samples("Data", names(10), Split(neither, images.labels))


def test_two_of_each_of_ten_classes() -> None:
    assert drawn(10) == [index for label in range(10) for index in (label, label + 10)]


def test_few_classes_show_more_of_each() -> None:
    assert drawn(2, 20) == [*range(0, 20, 2), *range(1, 20, 2)]


def test_a_class_with_too_few_images_shows_those() -> None:
    assert drawn(10, 1) == list(range(10))


def test_of_many_classes_the_first_thirty() -> None:
    figure = samples("Data", names(40), split(40))
    assert len(drawn(40)) == 30
    assert "the first 30 of 40 classes" in figure.caption
    assert "class 29" in texts(figure)
    assert "class 30" not in figure.alt


def test_alt_and_caption() -> None:
    figure = samples("CIFAR-10", ("cat", "dog"), split(2, 20))
    assert figure.alt == "CIFAR-10, 10 training images of each class: cat, dog."
    assert figure.caption.startswith("CIFAR-10: the first 10 training images of each class.")
    assert texts(figure) == ["cat", "dog"]
    assert figure.sources == ()


@pytest.mark.parametrize("classes", [1, 3, 7, 10, 11, 30])
def test_everything_stays_on_the_sheet(classes: int) -> None:
    figure = samples("Data", names(classes), split(classes, 20), Look("sv"))
    height = float(tree(figure).attrib["height"].removesuffix("pt"))
    for element in tree(figure).iter("text"):
        assert float(element.attrib["x"]) + float(element.attrib["textLength"]) <= 453.6
        assert 0 < float(element.attrib["y"]) < height
