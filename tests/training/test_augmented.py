"""The sheet holds what the training sees."""

import numpy as np
import pytest

from reportgen.errors import InputError
from reportgen.training.augmented import augmented
from reportgen.training.loop import Minibatches, augmentation
from reportgen.training.prepare import opened
from tests.training.jobs import MODELS, digits, job

SHOWN = job(augmentation="augment", seed=3)


def test_images_of_different_classes_come_first_in_their_rows() -> None:
    sheet, labels = augmented(SHOWN, digits(), 3, 4)
    assert sheet.shape == (3, 5, 8, 8, 1)
    assert labels.tolist() == [0, 1, 2]
    np.testing.assert_array_equal(sheet[:, 0], digits().train.inputs[:3])
    assert not any(np.array_equal(sheet[:, 0], sheet[:, version]) for version in range(1, 5))


def test_versions_are_those_of_the_trainings_steps() -> None:
    sheet, _ = augmented(SHOWN, digits(), 3, 4)
    with opened(SHOWN) as functions:
        augment = augmentation("augment", functions)
        batches = Minibatches(digits().train, 3, SHOWN.seed, lambda labels: labels, augment)
        for step in range(4):
            seen, _ = batches.of(batches.data, np.arange(3, dtype=np.int32), np.int32(step))
            made = np.rint(255 * np.clip(seen, 0, 1)).astype(np.uint8)
            np.testing.assert_array_equal(sheet[:, 1 + step], made)


def test_an_error_of_the_authors_names_its_line() -> None:
    text = MODELS + "\n\ndef broken(images, seed):\n    raise ValueError('no')\n"
    broken = job(sources={"models.py": text}, augmentation="broken")
    with pytest.raises(InputError, match=r"broken\(\) raised ValueError: no"):
        augmented(broken, digits(), 3, 4)
