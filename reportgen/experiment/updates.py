"""How weights move: the declared optimizer, loss and learning rate as Keras objects."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import InputError, Problem
from reportgen.experiment.backend import keras, tf
from reportgen.experiment.sources import Functions
from reportgen.report.model import Component, Training

Loss = Callable[[Any, Any], Any]


def optimizer(component: Component) -> Any:
    """Return the Keras optimizer of that name, its learning rate still to be set.

    Raises
    ------
    InputError
        If Keras has no such optimizer, or not with these arguments.
    """
    found = getattr(keras.optimizers, component.name, None)
    if not (isinstance(found, type) and issubclass(found, keras.optimizers.Optimizer)):
        raise _unknown("optimizer", component.name)
    return _made(found, component, "optimizer")


def loss(component: Component, functions: Functions) -> tuple[Loss, bool]:
    """Return the loss of a batch, and whether it is the mean of a loss of each image.

    The loss takes true (n, classes) one-hot and predicted (n, classes) and returns a scalar. A
    function of models.py goes before a loss of Keras of that name; what it returns is averaged.
    """
    if functions.has(component.name):
        function = functions.get(component.name, "the loss")
        arguments = dict(component.arguments)

        def own(true: Any, predicted: Any) -> Any:
            with functions.sources.blamed(f"{component.name}()", function):
                return tf.reduce_mean(tf.cast(function.__wrapped__(true, predicted, **arguments), tf.float32))  # type: ignore[attr-defined]

        return own, False
    for name in (component.name, _class_name(component.name)):
        found = getattr(keras.losses, name, None)
        if isinstance(found, type) and issubclass(found, keras.losses.Loss):
            made = _made(found, component, "loss")
            return made, made.reduction == "sum_over_batch_size"
    try:
        plain = keras.losses.get(component.name)
    except ValueError:
        raise _unknown("loss", component.name) from None
    arguments = dict(component.arguments)
    return lambda true, predicted: tf.reduce_mean(plain(true, predicted, **arguments)), True


def penalties(model: Any) -> list[Any]:
    """Return what a model's layers added to the loss when it was last called, scalars of float32."""
    return [tf.cast(penalty, tf.float32) for penalty in model.losses]


def takes_logits(component: Component) -> bool:
    """Whether a loss is told that a model's outputs are logits, not probabilities."""
    return bool(component.arguments.get("from_logits"))


class Rates:
    """Learning rate of every step, from a number or from a function ``(step, total_steps)``.

    Parameters
    ----------
    training : Training
    functions : Functions
    steps : int
        Steps an epoch.
    """

    def __init__(self, training: Training, functions: Functions, steps: int) -> None:
        self._steps = steps
        self._total = steps * training.epochs
        self._rate = training.learning_rate
        self._functions = functions
        if isinstance(self._rate, str):
            self._function = functions.get(self._rate, "the learning rate")

    def epoch(self, index: int) -> NDArray[np.float32]:
        """Return the rates of one epoch, counted from 0, shape (steps,)."""
        if not isinstance(self._rate, str):
            return np.full(self._steps, self._rate, np.float32)
        first = index * self._steps
        rates = [float(self._function(first + step, self._total)) for step in range(self._steps)]
        wrong = next(
            (step for step, rate in enumerate(rates) if not (math.isfinite(rate) and rate >= 0)), None
        )
        if wrong is not None:
            raise self._functions.sources.problem(
                self._function,
                f"{self._rate}() gives {rates[wrong]} for step {first + wrong}",
                "give a rate >= 0",
            )
        return np.array(rates, np.float32)


class Update:
    """Applies gradients to weights as the optimizer says.

    Plain SGD, with or without momentum, moves a weight and its velocity in one kernel and so in
    one pass over memory; any other optimizer does it its own way.
    """

    def __init__(self, optimizer: Any, variables: Sequence[Any]) -> None:
        self.optimizer = optimizer
        self._variables = list(variables)
        optimizer.build(self._variables)
        self._fused = fused(optimizer)

    def __call__(self, gradients: Sequence[Any], rate: Any) -> None:
        """Move the weights by one step of learning rate `rate`."""
        if not self._fused:
            self.optimizer.learning_rate = rate
            self.optimizer.apply(gradients, self._variables)
            return
        sgd = self.optimizer
        for index, (variable, gradient) in enumerate(zip(self._variables, gradients, strict=True)):
            if gradient is None:
                continue
            if sgd.weight_decay and sgd._use_weight_decay(variable):
                variable.assign_sub(variable * (sgd.weight_decay * rate))
            gradient = tf.convert_to_tensor(gradient)
            handle = variable.value.handle
            if sgd.momentum:
                tf.raw_ops.ResourceApplyKerasMomentum(
                    var=handle,
                    accum=sgd.momentums[index].value.handle,
                    lr=rate,
                    grad=gradient,
                    momentum=sgd.momentum,
                    use_nesterov=sgd.nesterov,
                )
            else:
                tf.raw_ops.ResourceApplyGradientDescent(var=handle, alpha=rate, delta=gradient)
            if variable.constraint is not None:
                variable.assign(variable.constraint(variable))
        sgd.iterations.assign_add(1)


def fused(optimizer: Any) -> bool:
    """Whether an optimizer's step is one that a single kernel can do, weight by weight."""
    extras = (
        "clipnorm",
        "clipvalue",
        "global_clipnorm",
        "use_ema",
        "loss_scale_factor",
        "gradient_accumulation_steps",
    )
    return type(optimizer) is keras.optimizers.SGD and not any(getattr(optimizer, name) for name in extras)


def _made(found: type, component: Component, what: str) -> Any:
    try:
        return found(**component.arguments)
    except (TypeError, ValueError) as error:
        said = str(error).splitlines()[0]
        raise InputError(Problem("report.toml", 0, f"{what} {component.name}: {said}")) from None


def _unknown(what: str, name: str) -> InputError:
    return InputError(
        Problem("report.toml", 0, f"Keras has no {what} called {name}", "see keras.io for the names")
    )


def _class_name(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
