"""Share out the processor's cores, before TensorFlow starts its threads."""

import itertools
import os
from dataclasses import dataclass
from typing import Any

from reportgen.training.fast import allowed, dense
from reportgen.training.tensorflow import tf

_MOST_WEIGHTS = 1_000_000
_LEAST_IMAGES, _MOST_IMAGES = 8, 64


@dataclass(frozen=True)
class Sharing:
    """Who gets the cores.

    Attributes
    ----------
    side_by_side : int
        Operations that run at a time, one core each; 1: all cores work on one after the other.
    towers : bool
        Whether a batch is trained in so many parts; it is evaluated in so many anyhow.
    blocks : bool
        Whether wide dense layers are computed in blocks.
    """

    side_by_side: int = 1
    towers: bool = False
    blocks: bool = False

    @property
    def single(self) -> bool:
        """Whether each operation stays on one core."""
        return self.side_by_side > 1 or self.blocks


def suggest(model: Any, batch_size: int, separable: bool, fused: bool) -> Sharing:
    """Return the sharing that suits a model.

    Operations on a few images are too small for several cores, and the cores wait for each other.
    Whole towers of operations are not: a small batch is cut in parts, where every image is
    treated alone. Where BatchNorm looks at several, operations of a small batch still gain by
    staying on one core. So do the blocks of a wide dense layer, which is bound by memory.

    Parameters
    ----------
    separable : bool
        Whether the loss is a mean over images.
    fused : bool
        Whether the optimizer treats every weight alone, so that a kernel may be cut.
    """
    if allowed.why_not(model):
        return Sharing()
    alone = separable and allowed.separate(model)
    convolves = any(type(layer).__name__ == "Conv2D" for layer in allowed.layers(model))
    suits = alone or (convolves and allowed.separate(model, but_for_moments=True))
    side_by_side = _parts(model, batch_size) if suits else 1
    return Sharing(
        side_by_side, alone and side_by_side > 1, fused and any(map(dense.serves, allowed.layers(model)))
    )


def arrange(wanted: Sharing, count: int = 0) -> Sharing:
    """Set TensorFlow's threads to a sharing; return the one in force where they already run otherwise.

    Parameters
    ----------
    count : int
        Number of threads, which decides in what order Keras's own step adds up; 0: as many as cores.
    """
    each = 1 if wanted.single else count or core_count()
    try:
        tf.config.threading.set_intra_op_parallelism_threads(each)
        tf.config.threading.set_inter_op_parallelism_threads(count or core_count())
    except RuntimeError:
        if wanted.single and tf.config.threading.get_intra_op_parallelism_threads() != 1:
            return Sharing()
    return wanted


def thread_count() -> int:
    """Return the number of threads that compute."""
    return tf.config.threading.get_inter_op_parallelism_threads() or core_count()


def core_count() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def parts(size: int, count: int) -> list[tuple[int, int]]:
    """Return the ranges of a batch of `size` images in at most `count` parts, as equal as they can be."""
    cuts = [round(part * size / count) for part in range(count + 1)]
    return [(begin, end) for begin, end in itertools.pairwise(cuts) if end > begin]


def _parts(model: Any, batch_size: int) -> int:
    """Return in how many parts it pays to cut a batch: a number that does not depend on the machine."""
    if model.count_params() > _MOST_WEIGHTS:
        return 1
    most = min(_PARTS, batch_size // _LEAST_IMAGES)
    return most if most > 1 and batch_size // most <= _MOST_IMAGES else 1


_PARTS = 2  # whatever the number of cores, so that it does not change the bits
