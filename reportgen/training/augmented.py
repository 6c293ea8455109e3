"""Apply an augmentation to a few training images, for a figure."""

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.inputs import pictures
from reportgen.datasets.types import Dataset, Split
from reportgen.errors import InputError
from reportgen.training.job import Job
from reportgen.training.loop import augmentation
from reportgen.training.prepare import opened
from reportgen.training.scale import as_bytes, scaled
from reportgen.training.tensorflow import reseed, tf


def augmented(
    job: Job, dataset: Dataset, images: int, versions: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the first image of each of a few classes, and what the job's augmentation makes of it.

    Parameters
    ----------
    images, versions : int
        How many images at most, and how often each is augmented, as in so many steps of the training.

    Returns
    -------
    sheet : ndarray of uint8, shape (images, 1 + versions, height, width, channels)
        The image itself comes first.
    labels : ndarray of uint8, shape (images,)
    """
    assert job.training.augmentation is not None
    if dataset.train.images is None:
        raise InputError(f"{dataset.title} has no images")
    split = dataset.split(job.training.validation)["train"]
    _, first = np.unique(split.labels, return_index=True)
    chosen = np.sort(first)[:images]
    few = Split(split.inputs[chosen], split.labels[chosen])
    shown = np.ascontiguousarray(few.images)
    place = next((name for name, part in few.several.items() if pictures(part)), "")
    with opened(job) as functions:
        augment = augmentation(job.training.augmentation, functions)
        batch = scaled(tf.nest.map_structure(tf.constant, few.given), job.training.scale)
        made = []
        for step in range(versions):
            reseed(job.seed, step)
            changed = augment(batch, tf.constant([job.seed, step], tf.int32))
            made.append(as_bytes(np.asarray(changed[place] if place else changed), job.training.scale))
    return np.stack([shown, *made], axis=1), few.labels
