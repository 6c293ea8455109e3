"""Tests of small models run side by side: TensorFlow's threads would only wait for each other."""

import gc
from collections.abc import Iterator

import pytest

from reportgen.training.tensorflow import tf

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Keep Keras, which collects garbage for every model, from going through all models of earlier tests."""
    yield
    gc.freeze()
