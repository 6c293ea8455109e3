"""Stochastic gradient descent in one pass over memory a weight."""

from collections.abc import Sequence
from typing import Any

from reportgen.training.tensorflow import keras, tf

_HONOURED = {"name", "learning_rate", "momentum", "nesterov", "weight_decay"}


def serves(optimizer: Any) -> bool:
    """Tell whether an optimizer's step is one that a single kernel can do, weight by weight."""
    if type(optimizer) is not keras.optimizers.SGD:
        return False
    default = keras.optimizers.SGD().get_config()
    config = optimizer.get_config()
    return all(default.get(name) == value for name, value in config.items() if name not in _HONOURED)


def apply(optimizer: Any, gradients: Sequence[Any], variables: Sequence[Any], rate: Any) -> None:
    """Move variables as `keras.optimizers.SGD` does, each and its velocity in one kernel."""
    for index, (variable, gradient) in enumerate(zip(variables, gradients, strict=True)):
        if gradient is None:
            continue
        if optimizer.weight_decay:
            variable.assign_sub(variable * (optimizer.weight_decay * rate))
        handle, gradient = variable.value.handle, tf.convert_to_tensor(gradient)
        if optimizer.momentum:
            tf.raw_ops.ResourceApplyKerasMomentum(
                var=handle,
                accum=optimizer.momentums[index].value.handle,
                lr=rate,
                grad=gradient,
                momentum=optimizer.momentum,
                use_nesterov=optimizer.nesterov,
            )
        else:
            tf.raw_ops.ResourceApplyGradientDescent(var=handle, alpha=rate, delta=gradient)
    optimizer.iterations.assign_add(1)
