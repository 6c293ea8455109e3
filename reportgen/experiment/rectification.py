"""Rectification behind batch normalization, in fewer passes over memory; it serves training only.

Here it is made part of the pass of a layer that follows: max pooling and dropout give the same before
it as behind it, and behind a pooling there are fewer values. Where TensorFlow makes it part of the pass
before it, as behind normalization of channels, only a pooling is worth that.
"""

from collections.abc import Callable
from typing import Any

from reportgen.experiment.backend import compiled, keras, rank, tf
from reportgen.experiment.dropout import FastDropout, many, words
from reportgen.experiment.normalization import AxisBatchNormalization, FusedBatchNormalization


def stand_in(layer: Any, config: dict[str, Any]) -> Any:
    """Return what stands in for an activation or for the layer that rectifies in its place; else None."""
    if _serves(layer):
        if _place(layer) is layer:
            return FastRelu(name=layer.name, dtype=config["dtype"])
        return keras.layers.Identity(name=layer.name, dtype=config["dtype"])
    activation = _before(layer)
    if activation is None or _place(activation) is not layer:
        return None
    kind = RectifyingDropout if FastDropout.serves(layer) else RectifyingPooling
    return kind.from_config(config)


def _serves(layer: Any) -> bool:
    """Whether a layer is a rectification that costs less elsewhere."""
    if type(layer) is not keras.layers.Activation or layer.activation is not keras.activations.relu:
        return False
    if rank(layer) != 4 or layer.activity_regularizer is not None:
        return False
    source = _source(layer)
    if FusedBatchNormalization.serves(source):
        return _followed(layer, _pools) is not None
    return AxisBatchNormalization.serves(source)


def _place(activation: Any) -> Any:
    """Return the layer that may rectify: the last of a pooling and a dropout that alone take the outputs."""
    found = activation
    for fits in (_pools, FastDropout.serves):
        if (follower := _followed(found, fits)) is not None:
            found = follower
    return found


def _followed(layer: Any, fits: Callable[[Any], bool]) -> Any | None:
    """Return the layer that alone takes the outputs of another, if it is one that fits."""
    followers = [node.operation for node in layer._outbound_nodes]
    return followers[0] if len(followers) == 1 and fits(followers[0]) else None


def _before(layer: Any) -> Any | None:
    """Return the rectification that a pooling or a dropout follows, if it follows one."""
    found = layer
    for fits in (FastDropout.serves, _pools):
        if rank(found) == 4 and fits(found):
            found = _source(found)
    return found if found is not layer and _serves(found) else None


def _pools(layer: Any) -> bool:
    return type(layer) is keras.layers.MaxPooling2D and layer.activity_regularizer is None


def _source(layer: Any) -> Any:
    return layer.input._keras_history.operation


class FastRelu(keras.layers.Layer):  # type: ignore[misc]
    """Rectification as one pass forward and one backward."""

    def call(self, inputs: Any) -> Any:
        """Return the inputs, 0 where they are negative."""
        return _rectified(inputs)

    def compute_output_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the outputs."""
        return input_shape


class RectifyingPooling(keras.layers.MaxPooling2D):  # type: ignore[misc]
    """Max pooling of what is not yet rectified."""

    def call(self, inputs: Any) -> Any:
        """Return the greatest of each window, 0 where that is negative."""
        return _rectified(super().call(inputs))


class RectifyingDropout(FastDropout):
    """Dropout of what is not yet rectified; of many values, in one pass."""

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return the inputs, 0 where they are negative; in training with a share set to 0."""
        if training and many(inputs):
            return self.sifted(inputs, _kept, _kept_slope)
        return super().call(_rectified(inputs), training=training)


@compiled
def _kept(values: Any, state: Any, least: Any, scale: Any) -> Any:
    kept = (words(values.shape, state) >= least) & (values > 0)
    return tf.where(kept, values * scale, tf.zeros_like(values))


def _kept_slope(slope: Any, outputs: Any, state: Any, least: Any, scale: Any) -> Any:
    return _scaled_slope(slope, outputs, scale)


@compiled
def _scaled_slope(slope: Any, outputs: Any, scale: Any) -> Any:
    return tf.where(outputs > 0, slope * scale, tf.zeros_like(slope))


def _rectified(inputs: Any) -> Any:
    return _rectified_in_one_pass(inputs) if many(inputs) else tf.nn.relu(inputs)


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _rectified_in_one_pass(inputs: Any) -> Any:
    outputs = _relu(inputs)
    return outputs, lambda slope: _relu_slope(slope, outputs)


@compiled
def _relu(inputs: Any) -> Any:
    return tf.nn.relu(inputs)


@compiled
def _relu_slope(slope: Any, outputs: Any) -> Any:
    return tf.where(outputs > 0, slope, tf.zeros_like(slope))
