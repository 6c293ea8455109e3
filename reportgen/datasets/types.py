"""A data set as a frozen value: verified arrays, splits, class names and a fingerprint."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Labels = NDArray[np.uint8]


@dataclass(frozen=True)
class Split:
    """Images and labels that belong together.

    Attributes
    ----------
    images : ndarray of uint8, shape (n, height, width, channels)
        Raw pixels, 0 to 255; models see them as float32 / 255.
    labels : ndarray of uint8, shape (n,)
        Index into the data set's class names.
    """

    images: Pixels
    labels: Labels


@dataclass(frozen=True)
class Dataset:
    """A named data set.

    Attributes
    ----------
    train, test : Split
        As published; `validation` says how many images at the end of `train` are held out by default.
    classes : tuple of str
        Class names in label order.
    fingerprint : str
        SHA-256 over shapes and bytes of the four arrays; class names are not in it.
    """

    name: str
    title: str
    train: Split
    test: Split
    validation: int
    classes: tuple[str, ...]
    fingerprint: str

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of one image."""
        _, height, width, channels = self.train.images.shape
        return height, width, channels

    def split(self, validation: int | None = None) -> dict[str, Split]:
        """Return ``train``, ``validation`` and ``test``; the LAST `validation` images are held out."""
        held_out = self.validation if validation is None else validation
        cut = len(self.train.labels) - held_out
        return {
            "train": Split(self.train.images[:cut], self.train.labels[:cut]),
            "validation": Split(self.train.images[cut:], self.train.labels[cut:]),
            "test": self.test,
        }
