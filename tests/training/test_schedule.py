from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.errors import InputError
from reportgen.training.job import Progress
from reportgen.training.schedule import Rates, reduced
from reportgen.training.sources import Functions, Sources
from reportgen.training.tensorflow import keras
from reportgen.training.train import train
from tests.training.jobs import MODELS, digits, job

OWN = """
import keras
import numpy as np

cosine = keras.optimizers.schedules.CosineDecay(0.1, 4)


def drawn(step, total_steps):
    return float(np.random.uniform(0, 0.1))


def worded(step, total_steps):
    return "fast"
"""


@pytest.fixture
def functions() -> Iterator[Functions]:
    with Sources({"models.py": MODELS + OWN}, Path("answers/models.py")).imported() as found:
        yield found


def rates(functions: Functions, name: str | float, steps: int = 2) -> Rates:
    return Rates(job(learning_rate=name, epochs=2).training, functions, steps, seed=1)


def test_rates_of_every_step(functions: Functions) -> None:
    np.testing.assert_array_equal(rates(functions, 0.5, 3).epoch(1), np.float32([0.5] * 3))
    falling = rates(functions, "falling")
    found = np.concatenate([falling.epoch(0), falling.epoch(1)])
    np.testing.assert_allclose(found, [0.1, 0.075, 0.05, 0.025])


def test_a_schedule_of_keras(functions: Functions) -> None:
    cosine = rates(functions, "cosine")
    expected = [float(keras.optimizers.schedules.CosineDecay(0.1, 4)(step)) for step in range(4)]
    np.testing.assert_allclose(np.concatenate([cosine.epoch(0), cosine.epoch(1)]), expected, rtol=1e-6)


def test_what_a_function_draws_is_the_same_whatever_came_before(functions: Functions) -> None:
    drawn = rates(functions, "drawn")
    second = drawn.epoch(1)
    drawn.epoch(0)
    np.testing.assert_array_equal(drawn.epoch(1), second)


@pytest.mark.parametrize(
    ("name", "message"),
    [("augment", r"augment\(\) raised"), ("worded", r"worded\(\) gives nan"), ("missing", "no function")],
)
def test_a_schedule_that_is_wrong_is_named(functions: Functions, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        rates(functions, name).epoch(0)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own, in fit
def test_a_plateau_lowers_the_rate_as_the_callback_does_in_fit() -> None:
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.7), "mse")
    inputs = np.random.default_rng(0).normal(size=(40, 3))
    arguments = {"factor": 0.3, "patience": 2, "min_delta": 2.0, "cooldown": 1, "min_lr": 0.005}
    callback = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", mode="min", **arguments)
    fitted = model.fit(
        inputs, inputs.sum(1), validation_split=0.5, epochs=14, verbose=0, callbacks=[callback]
    ).history
    rates = [reduced(0.7, arguments, fitted["val_loss"][:epoch]) for epoch in range(15)]
    assert rates[0] == np.float32(0.7)
    assert rates[:-1] == pytest.approx(fitted["learning_rate"], rel=1e-7)
    assert len(set(rates)) > 3


def test_going_on_after_a_plateau_gives_the_same_bits(tmp_path: Path) -> None:
    plateau = {"factor": 0.5, "patience": 1, "min_delta": 9.0, "cooldown": 0, "min_lr": 0.0}
    more: dict[str, Any] = {"reduce_on_plateau": plateau, "class_weights": {"1": 3.0}}
    wanted = job("everything", epochs=4, fast=False, **more)

    def stop(progress: Progress) -> None:
        if progress.epoch == 3 and progress.step:
            raise KeyboardInterrupt

    (tmp_path / "whole").mkdir()
    whole = train(wanted, digits(), tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        train(wanted, digits(), tmp_path, stop)
    rest = train(wanted, digits(), tmp_path)
    assert rest.weights == whole.weights
    assert rest.record.history.learning_rate == whole.record.history.learning_rate
    first, second, third, last = whole.record.history.learning_rate
    assert (first, second, third) == pytest.approx((0.05, 0.05, 0.025))
    assert last < third
