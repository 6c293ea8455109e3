"""The real CIFAR-10 and MNIST, whole: from the cache, or fetched into it.

Where they can be had from nowhere, these tests are skipped, and say so; with REPORTGEN_REQUIRE_DATA
set, as in CI, they fail instead.
"""

import hashlib
import os

import numpy as np
import pytest

from reportgen import datasets
from reportgen.datasets import Dataset
from reportgen.errors import DataError


def real(name: str) -> Dataset:
    try:
        return datasets.load(name)
    except DataError as error:
        if os.environ.get("REPORTGEN_REQUIRE_DATA") or "refused" in str(error):
            raise
        pytest.skip(f"NOT TESTED on the real data: {error}")


def moments(pixels: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation of pixels / 255, from their histogram."""
    values, counts = np.arange(256) / 255, np.bincount(pixels.ravel(), minlength=256)
    mean = np.average(values, weights=counts)
    return mean, np.average((values - mean) ** 2, weights=counts) ** 0.5


@pytest.fixture(scope="module")
def cifar10() -> Dataset:
    return real("cifar10")


@pytest.fixture(scope="module")
def mnist() -> Dataset:
    return real("mnist")


def test_cifar10_is_the_published_one(cifar10: Dataset) -> None:
    train, test = cifar10.train, cifar10.test
    assert train.inputs.shape == (50_000, 32, 32, 3)
    assert test.inputs.shape == (10_000, 32, 32, 3)
    assert np.bincount(train.labels).tolist() == [5_000] * 10
    assert np.bincount(test.labels).tolist() == [1_000] * 10
    means, spreads = zip(*(moments(train.inputs[..., channel]) for channel in range(3)), strict=True)
    np.testing.assert_allclose(means, (0.49139968, 0.48215841, 0.44653091), atol=5e-9)
    np.testing.assert_allclose(spreads, (0.24703223, 0.24348513, 0.26158784), atol=5e-9)


def test_cifar10_bytes(cifar10: Dataset) -> None:
    """Against the hashes as first measured, not against the table that `load` itself goes by."""
    assert [hashlib.sha256(split.inputs.data).hexdigest() for split in (cifar10.train, cifar10.test)] == [
        "47af8b02cfcfb6cdf3dbbd1969ad7f1b70f4413f6f80f437b020ee4e5bc8304a",
        "f9b1e2130bab680db56eb06d886f7f1ad0f1183907ceff4659d1735c890f5b04",
    ]


def test_cifar10_labels_belong_to_the_images(cifar10: Dataset) -> None:
    assert [cifar10.classes[label] for label in cifar10.train.labels[:5]] == [
        "frog",
        "truck",
        "truck",
        "deer",
        "automobile",
    ]
    assert [cifar10.classes[label] for label in cifar10.test.labels[:4]] == [
        "cat",
        "ship",
        "ship",
        "airplane",
    ]
    # Ships lie in blue water and frogs do not: a shuffled order would not show it.
    of = {
        name: cifar10.test.inputs[cifar10.test.labels == cifar10.classes.index(name)]
        for name in ("ship", "frog")
    }
    blue = {name: images[..., 2].mean() - images[..., 0].mean() for name, images in of.items()}
    assert blue["ship"] > 5
    assert blue["frog"] < -5


def test_cifar10_split(cifar10: Dataset) -> None:
    parts = cifar10.split()
    assert [len(part.labels) for part in parts.values()] == [40_000, 10_000, 10_000]
    np.testing.assert_array_equal(parts["validation"].inputs, cifar10.train.inputs[40_000:])
    np.testing.assert_array_equal(parts["validation"].labels, cifar10.train.labels[40_000:])


def test_mnist_is_the_published_one(mnist: Dataset) -> None:
    assert mnist.train.inputs.shape == (60_000, 28, 28, 1)
    assert mnist.test.inputs.shape == (10_000, 28, 28, 1)
    assert np.bincount(mnist.test.labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert mnist.train.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert moments(mnist.train.inputs) == pytest.approx((0.1306605, 0.3081078), abs=5e-8)


@pytest.mark.parametrize(
    ("split", "images", "labels"),
    [
        ("train", "6bbc9ace898e44ae57da46a324031adb", "a25bea736e30d166cdddb491f175f624"),
        ("test", "2646ac647ad5339dbf082846283269ea", "27ae3e4e09519cfbb04c329615203637"),
    ],
)
def test_mnist_is_the_four_original_files(mnist: Dataset, split: str, images: str, labels: str) -> None:
    """Put back into IDX form, they have the checksums of the published files."""
    part = getattr(mnist, split)
    count = len(part.labels).to_bytes(4, "big")
    side = (28).to_bytes(4, "big")
    files = (
        b"\0\0\x08\x03" + count + side + side + part.inputs.tobytes(),
        b"\0\0\x08\x01" + count + part.labels.tobytes(),
    )
    assert [hashlib.md5(file, usedforsecurity=False).hexdigest() for file in files] == [images, labels]


def test_arrays_are_mapped_and_read_only(cifar10: Dataset) -> None:
    images = cifar10.train.inputs
    assert isinstance(images.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        images[0] = 0


def test_the_fingerprint_is_known_beforehand(cifar10: Dataset, mnist: Dataset) -> None:
    assert cifar10.fingerprint == datasets.fingerprint("cifar10")
    assert mnist.fingerprint == datasets.fingerprint("mnist")
    assert cifar10.fingerprint != mnist.fingerprint
