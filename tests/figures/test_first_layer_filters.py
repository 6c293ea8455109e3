"""Filters are drawn weight by weight."""

import numpy as np
import pytest

from reportgen.errors import RenderError
from reportgen.figures import ShownModel, filters
from tests.factories import make_record
from tests.figures.reading import pixels

RECORDS = (make_record("cnn"),)


def test_zero_is_middle_grey_and_the_largest_weight_white() -> None:
    kernel = np.zeros((2, 1, 1, 2), np.float32)
    kernel[0, 0, 0, 0], kernel[1, 0, 0, 0] = 0.5, -0.5
    figure = filters(ShownModel("Net", RECORDS), kernel)
    assert [image.tolist() for image in pixels(figure)] == [[[255], [0]], [[128], [128]]]


def test_alt_and_caption_tell_size_and_number() -> None:
    figure = filters(
        ShownModel("Net", (*RECORDS, make_record("cnn", seed=2))), np.ones((5, 4, 3, 32), np.float32)
    )
    assert figure.alt == (
        "Net, the 32 filters of its first convolution, 5\u00a0×\u00a04 weights in 3 channels."
    )
    assert "Of 2 seeds, seed 1." in figure.caption


def test_of_many_the_first() -> None:
    figure = filters(ShownModel("Net", RECORDS), np.ones((1, 1, 1, 100), np.float32))
    assert len(pixels(figure)) == 96
    assert "the first 96 of 100" in figure.caption


def test_what_is_no_image_is_refused() -> None:
    with pytest.raises(RenderError, match="no convolution"):
        filters(ShownModel("Net", RECORDS), None)
    with pytest.raises(RenderError, match="filters of 64 channels"):
        filters(ShownModel("Net", RECORDS), np.ones((3, 3, 64, 8), np.float32))
