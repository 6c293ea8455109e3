"""Keras objects by the names that report.toml gives: optimizer, loss, metrics."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from reportgen.errors import InputError, Problem
from reportgen.report.training_parameters import Component
from reportgen.training.job import TOML
from reportgen.training.sources import Functions
from reportgen.training.tasks import Encode, Task
from reportgen.training.tensorflow import keras, tf

ACCURACY = "accuracy"


def optimizer(component: Component) -> Any:
    """Return the Keras optimizer of that name, its learning rate still to be set.

    Raises
    ------
    InputError
        If Keras has no such optimizer, or not with these arguments.
    """
    if "learning_rate" in component.arguments:
        message = "the learning rate is also set in the optimizer's table"
        raise InputError(Problem(TOML, 0, message, "set it only once, as learning_rate"))
    return _named(component, keras.optimizers, keras.optimizers.Optimizer, "optimizer")


def loss(component: Component, functions: Functions) -> Any:
    """Return what `keras.Model.compile` takes as the loss.

    A function ``(true, predicted)`` or a Keras loss of models.py goes before a loss of Keras of that name.

    Raises
    ------
    InputError
        If there is no such loss, or not with these arguments.
    """
    if functions.has(component.name):
        return _own_loss(component, functions)
    return _named(component, keras.losses, keras.losses.Loss, "loss", keras.losses.get)


def metric(name: str) -> Any:
    """Return a Keras metric by its name.

    Raises
    ------
    InputError
        If Keras has no metric of that name, or one that needs arguments.
    """
    return _named(Component(name), keras.metrics, keras.metrics.Metric, "metric", keras.metrics.get)


def separable(found: Any, encode: Encode, task: Task, units: int | None = None) -> bool:
    """Tell whether a loss of Keras's is a mean over images: it is tried on made-up predictions."""
    home = type(found) if isinstance(found, keras.losses.Loss) else inspect.unwrap(found)
    if not home.__module__.startswith("keras."):
        return False
    labels, predicted = task.made_up(np.random.default_rng(0), units)
    cut = len(labels) // 4

    def mean(part: slice) -> float:
        return float(tf.reduce_mean(found(encode(labels[part]), predicted[part])))

    parts = 0.25 * mean(slice(cut)) + 0.75 * mean(slice(cut, None))
    return bool(np.isclose(mean(slice(None)), parts, rtol=1e-5))


def takes_logits(component: Component) -> bool:
    """Tell whether a loss expects logits from the model, not probabilities."""
    return bool(component.arguments.get("from_logits"))


def _own_loss(component: Component, functions: Functions) -> Any:
    own, arguments = functions.value(component.name), dict(component.arguments)
    function = functions.get(component.name, "the loss")
    if inspect.isclass(own):
        with functions.sources.blamed(f"{component.name}()", own):
            own = own(**arguments)
    if isinstance(own, keras.losses.Loss):
        return own

    @functools.wraps(function)
    def called(true: Any, predicted: Any) -> Any:
        return function(true, predicted, **arguments)

    return called


def _named(
    component: Component, home: Any, kind: type, what: str, get: Callable[[str], Any] | None = None
) -> Any:
    """Return a Keras object by its class's name, in any case of letters, or by a name that `get` knows."""
    wanted = component.name.replace("_", "").lower()
    for name in dir(home):
        found = getattr(home, name)
        named = name.lower() == wanted and isinstance(found, type)
        if named and issubclass(found, kind) and found is not kind:
            return _made(found, component, what)
    try:
        function = get(component.name) if get else None
    except ValueError:
        function = None
    if function is None:
        raise InputError(
            Problem(TOML, 0, f"Keras has no {what} called {component.name}", "see keras.io for the names")
        )
    if isinstance(function, kind):
        return function
    if kind is keras.metrics.Metric:
        return keras.metrics.MeanMetricWrapper(function, name=component.name)
    called = functools.partial(function, **component.arguments)
    return functools.update_wrapper(called, function)


def _made(found: type, component: Component, what: str) -> Any:
    try:
        return found(**component.arguments)
    except (TypeError, ValueError) as error:
        said = str(error).splitlines()[0]
        raise InputError(Problem(TOML, 0, f"{what} {component.name}: {said}")) from None
