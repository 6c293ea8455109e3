"""Compute the learning rate of every step of a training."""

import math
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.report.training_parameters import Training
from reportgen.training.sources import Functions
from reportgen.training.tensorflow import keras, reseed


class Rates:
    """Learning rate of every step: a number, a function of models.py, or a Keras schedule made there.

    Parameters
    ----------
    training : Training
        Its `learning_rate` is a number, or the name of a function ``(step, total_steps) -> rate`` or of a
        ``keras.optimizers.schedules.LearningRateSchedule``.
    functions : Functions
    steps : int
        Steps an epoch.
    seed : int
        Seeds what a function draws, for each epoch anew.
    """

    def __init__(self, training: Training, functions: Functions, steps: int, seed: int = 0) -> None:
        self._steps = steps
        self._total = steps * training.epochs
        self._rate = training.learning_rate
        self._plateau = training.reduce_on_plateau
        self._functions = functions
        self._seed = seed
        if isinstance(self._rate, str):
            self._function = functions.get(self._rate, "the learning rate")
            schedules = keras.optimizers.schedules.LearningRateSchedule
            self._is_schedule = isinstance(functions.value(self._rate), schedules)

    def epoch(self, index: int, losses: Sequence[float] = ()) -> NDArray[np.float32]:
        """Return the rates of one epoch, counted from 0, shape (steps,).

        Parameters
        ----------
        losses : sequence of float
            Validation loss of every epoch before.

        Raises
        ------
        InputError
            If a rate is not a number >= 0.
        """
        if not isinstance(self._rate, str):
            rate = reduced(self._rate, self._plateau, losses) if self._plateau else self._rate
            return np.full(self._steps, rate, np.float32)
        reseed(self._seed, index)
        first = index * self._steps
        rates = [self._of(first + step) for step in range(self._steps)]
        wrong = next(
            (step for step, rate in enumerate(rates) if not (math.isfinite(rate) and rate >= 0)), None
        )
        if wrong is not None:
            raise self._functions.sources.problem(
                self._functions.value(self._rate),
                f"{self._rate}() gives {rates[wrong]} for step {first + wrong}",
                "give a rate >= 0",
            )
        return np.array(rates, np.float32)

    def _of(self, step: int) -> float:
        value: Any = self._function(step) if self._is_schedule else self._function(step, self._total)
        try:
            return float(value)
        except (TypeError, ValueError):
            return math.nan


def reduced(rate: float, arguments: Mapping[str, float], losses: Sequence[float]) -> float:
    """Return the learning rate after epochs of such validation losses, as Keras's callback leaves it.

    The callback is led through all of them, so that an interrupted training goes on with the same rate.
    """
    optimizer = SimpleNamespace(learning_rate=np.float32(rate))
    callback = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", mode="min", **arguments)
    callback.set_model(SimpleNamespace(optimizer=optimizer))
    callback.on_train_begin()
    for epoch, loss in enumerate(losses):
        callback.on_epoch_end(epoch, {"val_loss": loss})
        optimizer.learning_rate = np.float32(optimizer.learning_rate)  # as an optimizer keeps it
    return float(optimizer.learning_rate)
