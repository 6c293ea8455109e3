from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from reportgen.errors import InputError
from reportgen.training.backend import keras
from reportgen.training.schedule import Rates
from reportgen.training.sources import Functions, Sources
from tests.training.jobs import MODELS, job

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
