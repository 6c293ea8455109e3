"""Images of a data set stand in a drawing pixel by pixel as they are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from reportgen.errors import RenderError
from reportgen.figures.pixels import address
from tests.figures.reading import decoded

SHAPES = arrays.array_shapes(min_dims=2, max_dims=2, max_side=9).map(lambda size: (*size, 3))


@settings(max_examples=50, deadline=None)
@given(arrays.arrays(np.uint8, SHAPES))
def test_every_colour_is_kept(image: NDArray[np.uint8]) -> None:
    assert np.array_equal(decoded(address(image)), image)


def test_grey_images_stay_grey_and_a_fourth_channel_is_left_out() -> None:
    image = np.array([[[0], [128]], [[255], [128]]], np.uint8)
    assert decoded(address(image)).tolist() == [[0, 128], [255, 128]]
    assert decoded(address(np.repeat(image, 4, axis=2))).tolist() == np.repeat(image, 3, axis=2).tolist()


@pytest.mark.parametrize("channels", [2, 5])
def test_images_that_have_no_colours_are_refused(channels: int) -> None:
    with pytest.raises(RenderError, match=f"images of {channels} channels can't be drawn"):
        address(np.zeros((4, 4, channels), np.uint8))
