import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.datasets.pickles import read_batch
from tests.datasets.makers import arrays_of, pickled_by_python2

IMAGES = arrays_of(32, 32, 3)["test_images"]
LABELS = arrays_of(32, 32, 3)["test_labels"]
ROWS = IMAGES.transpose(0, 3, 1, 2).reshape(len(IMAGES), 3072)


def test_batch_of_python_2() -> None:
    images, labels = read_batch(pickled_by_python2(IMAGES, LABELS))
    np.testing.assert_array_equal(images, IMAGES)
    np.testing.assert_array_equal(labels, LABELS)
    assert labels.dtype == np.uint8


def test_the_hand_made_batch_is_a_real_pickle() -> None:
    batch = pickle.loads(pickled_by_python2(IMAGES, LABELS), encoding="bytes")
    np.testing.assert_array_equal(batch[b"data"], ROWS)


@pytest.mark.parametrize("order", ["C", "F"])
def test_batch_written_again_by_python_3(order: str) -> None:
    data = pickle.dumps({b"data": np.asarray(ROWS, order=order), b"labels": LABELS.tolist()}, protocol=2)
    images, labels = read_batch(data)
    np.testing.assert_array_equal(images, IMAGES)
    np.testing.assert_array_equal(labels, LABELS)


class Hostile:
    def __init__(self, *call: object) -> None:
        self.call = call

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self.call[0], self.call[1:]


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_that_calls_something_is_refused(tmp_path: Path, protocol: int) -> None:
    mark = tmp_path / "executed"
    data = pickle.dumps({b"data": Hostile(os.mkdir, str(mark)), b"labels": []}, protocol=protocol)
    with pytest.raises(pickle.UnpicklingError, match=r"posix\.mkdir, which no CIFAR-10 batch does"):
        read_batch(data)
    assert not mark.exists()


@pytest.mark.parametrize(
    "name", ["builtins eval", "builtins getattr", "os system", "numpy load", "numpy.testing rundocs"]
)
def test_no_other_name_is_looked_up(name: str) -> None:
    module, _, function = name.partition(" ")
    with pytest.raises(pickle.UnpicklingError, match=f"{module}.{function}"):
        read_batch(b"\x80\x02c" + f"{module}\n{function}\n".encode() + b"U\x01x\x85R.")


@pytest.mark.parametrize(
    "stored",
    [
        ROWS.astype(np.int64),
        np.array([{}, None], dtype=object),
        ROWS[:, :3000],
        "text",
    ],
    ids=["wide", "objects", "narrow", "text"],
)
def test_other_contents_are_refused(stored: object) -> None:
    with pytest.raises((ValueError, AttributeError, pickle.UnpicklingError)):
        read_batch(pickle.dumps({b"data": stored, b"labels": [1]}, protocol=2))


@given(st.binary(max_size=200))
def test_any_bytes_raise_an_ordinary_error(data: bytes) -> None:
    with pytest.raises(Exception):  # noqa: B017 - whichever; it must not hang, exit or succeed
        read_batch(data)


@given(st.integers(0, 2000), st.integers(0, 255))
def test_a_changed_byte_never_passes_unseen_in_the_pixels(position: int, value: int) -> None:
    """Either it is refused, or the images show the change: none is repaired or dropped."""
    good = pickled_by_python2(IMAGES, LABELS)
    at = good.index(ROWS.tobytes()) + position
    images, _ = read_batch(good[:at] + bytes([value]) + good[at + 1 :])
    assert (images != IMAGES).sum() == (good[at] != value)
