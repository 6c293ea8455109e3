"""The first convolution is found in a file of weights."""

import numpy as np
import pytest
from safetensors.numpy import save

from reportgen.errors import StoreError
from reportgen.training.weights import first_kernel


def test_the_first_convolution_by_position() -> None:
    kernel = np.arange(12, dtype=np.float32).reshape(2, 2, 1, 3)
    found = first_kernel(
        save(
            {
                "1000/conv2d_9/kernel": np.zeros((1, 1, 1, 1), np.float32),
                "004/conv2d/kernel": kernel,
                "003/dense/kernel": np.zeros((2, 2), np.float32),
                "002/norm/gamma": np.zeros((1, 1, 1, 1), np.float32),
            }
        )
    )
    assert found is not None
    np.testing.assert_array_equal(found, kernel)


def test_none_without_a_convolution() -> None:
    assert first_kernel(save({"000/dense/kernel": np.zeros((2, 2), np.float32)})) is None


@pytest.mark.parametrize("content", [b"weights", save({"x/kernel": np.zeros((1, 1, 1, 1), np.float32)})])
def test_what_is_no_file_of_weights_is_refused(content: bytes) -> None:
    with pytest.raises(StoreError):
        first_kernel(content)
