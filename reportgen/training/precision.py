"""Choose the arithmetic of a training by the dtype policies of the model's own layers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def computing_in(model: Any, precision: str) -> Iterator[None]:
    """Have a model compute in ``float32`` (as it is) or ``bfloat16`` inside the block.

    In bfloat16, every layer that computes in float32 does so under Keras's policy ``mixed_bfloat16``, the
    last one excepted: weights, moving averages and probabilities stay float32.
    """
    layers = _layers(model) if precision == "bfloat16" else []
    policies = [layer.dtype_policy for layer in layers]
    try:
        for layer in layers:
            layer.dtype_policy = "mixed_bfloat16"
        yield
    finally:
        for layer, policy in zip(layers, policies, strict=True):
            layer.dtype_policy = policy


def arithmetic(model: Any) -> str:
    """Return the precisions that the layers with weights compute in, such as ``float32``."""
    layers = [layer for layer in model._flatten_layers(include_self=False) if layer.weights]
    return ", ".join(sorted({layer.dtype_policy.name for layer in layers})) or model.dtype_policy.name


def _layers(model: Any) -> list[Any]:
    last = model.layers[-1] if model.layers else None
    inside = {id(layer) for layer in last._flatten_layers()} if last is not None else set()
    # No public name of Keras's lists the layers inside layers.
    every = model._flatten_layers(include_self=False)
    return [layer for layer in every if layer.compute_dtype == "float32" and id(layer) not in inside]
