"""The sheet shows each image beside its versions."""

import numpy as np

from reportgen.figures import ShownModel, augmented
from tests.factories import CIFAR10, make_record
from tests.figures.reading import pixels, texts, tree


def test_an_image_and_its_versions_stand_in_a_row() -> None:
    shades = np.arange(8, dtype=np.uint8).reshape(2, 4)
    sheet = shades[:, :, None, None, None] * np.ones((2, 4, 5, 5, 3), np.uint8)
    record = make_record("own")
    figure = augmented(ShownModel("Own", (record,), CIFAR10), "flip", (sheet, (3, 5)))
    assert [image.max() for image in pixels(figure)] == list(range(8))
    tops = [e.attrib["y"] for e in tree(figure).iter("image")]
    assert len(set(tops[:4])) == len(set(tops[4:])) == 1
    assert texts(figure) == ["image", "augmented by flip"]
    assert figure.alt == "Own, 2 training images (cat, dog), each beside 3 versions of it by flip."
    assert figure.sources == (record.key,)
