"""Adapt preprocessing layers to the training data, such as ``Normalization``: fit does not do it."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from reportgen.datasets.types import Split
from reportgen.errors import Problem, TrainingError
from reportgen.report.types import Scale
from reportgen.training.data_warnings import lacking
from reportgen.training.job import GIVEN
from reportgen.training.resident import resident
from reportgen.training.scale import scaled
from reportgen.training.tensorflow import keras, outer_layers, tf

_BATCH = 256


def adapt(model: Any, train: Split, scale: Scale, columns: Sequence[str] = ()) -> None:
    """Adapt the layers of a model that were not given what they need, in the order in which they compute.

    Each sees what the layers before it make of the training inputs. The same data give the same state, so
    that a model which is built anew can be adapted again.

    Raises
    ------
    TrainingError
        If such a layer is where its inputs can't be had, or some of these have no value; `columns` name them.
    """
    found = list(_open(model))
    inputs = resident(train.given) if found else None
    for layer in found:
        if layer not in model.layers or not getattr(model, "inputs", None):
            message = f"{layer.name} ({type(layer).__name__}) can't be adapted inside of another model"
            remedy = "put it into the Sequential or functional model that the builder returns"
            raise TrainingError(Problem("", 0, message, remedy))
        before = keras.Model(model.inputs, layer.input)

        @tf.autograph.experimental.do_not_convert  # type: ignore[untyped-decorator]
        def seen(inputs: Any, before: Any = before) -> Any:
            return before(scaled(inputs, scale), training=False)

        layer.adapt(tf.data.Dataset.from_tensor_slices(inputs).batch(_BATCH).map(seen))
        if any(np.isnan(each.numpy()).any() for each in layer.variables if "float" in each.dtype):
            message = f"{layer.name} ({type(layer).__name__}) has learned nothing but NaN"
            raise TrainingError(Problem("", 0, message, lacking(train, columns)))


def _open(model: Any) -> Iterator[Any]:
    """Yield the layers that are to be adapted."""
    for layer in outer_layers(model):
        if callable(getattr(layer, "adapt", None)):
            try:
                config = layer.get_config()
            except NotImplementedError:  # of the authors' own
                config = {}
            if all(config.get(name) is None for name in GIVEN):
                yield layer
