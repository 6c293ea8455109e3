import gc
import weakref
from typing import Any

import numpy as np
import pytest

from reportgen.datasets.inputs import items
from reportgen.datasets.types import Split
from reportgen.training import resident
from reportgen.training.fast import FastStep, Sharing
from reportgen.training.loop import Loop, Minibatches
from reportgen.training.step import KerasStep, compiled
from reportgen.training.tensorflow import keras, tf
from tests.training.jobs import digits

layers = keras.layers


def loop(towers: int = 1, batch_size: int = 32, images: int = 150) -> tuple[Any, Loop, int]:
    keras.utils.set_random_seed(4)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(4, 3),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    compiled(model, keras.optimizers.SGD(momentum=0.9), keras.losses.CategoricalCrossentropy())
    encode = lambda labels: tf.one_hot(labels, 10)  # noqa: E731
    batches = Minibatches(digits(images + 200).split(100)["train"], batch_size, 1, encode)
    found = Loop(FastStep(model, Sharing(towers, towers > 1)), batches, 1)
    found.prepare()
    return model, found, batches.steps


def trained(**arguments: Any) -> tuple[list[Any], tuple[float, float], list[tuple[int, float, float]]]:
    model, found, steps = loop(**arguments)
    told: list[tuple[int, float, float]] = []
    for index in range(2):
        result = found.epoch(index, np.full(steps, 0.1, np.float32), lambda *now: told.append(now))
    return model.get_weights(), result, told


@pytest.mark.parametrize("towers", [2, 3])
def test_towers_compute_what_one_does(towers: int) -> None:
    weights, result, _ = trained()
    others, other, _ = trained(towers=towers)
    assert result == pytest.approx(other, rel=1e-4)
    for mine, theirs in zip(weights, others, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-4)


def test_no_image_is_dropped_and_the_last_batch_is_smaller() -> None:
    assert loop(images=150, batch_size=32)[2] == 5
    *_, told = trained(images=150, batch_size=32)
    ends = [now for now in told if now[0] == 5]
    assert len(ends) == 2
    assert all((accuracy * 150) % 1 == pytest.approx(0, abs=1e-9) for _, _, accuracy in ends)


def test_the_number_of_steps_a_call_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    weights, result, told = trained(batch_size=8)
    monkeypatch.setattr("reportgen.training.loop._TELL_SECONDS", 0.0)
    others, other, more = trained(batch_size=8)
    assert len(more) > len(told)
    assert result == other
    for mine, theirs in zip(weights, others, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_data_are_let_go_of_with_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of Keras's own step TensorFlow keeps graphs for good: folds would fill the memory with their data."""
    monkeypatch.setattr(resident, "_LARGE", 0)
    whole = digits(300).train
    inputs = items(whole.inputs, np.arange(100))
    memory = inputs
    while memory.base is not None:
        memory = memory.base
    there = weakref.ref(memory)
    model = keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(10, "softmax")])
    compiled(model, keras.optimizers.SGD(), keras.losses.CategoricalCrossentropy())
    batches = Minibatches(Split(inputs, whole.labels[:100]), 50, 1, lambda labels: tf.one_hot(labels, 10))
    found = Loop(KerasStep(model, *batches.first(), 10), batches, 1)
    found.prepare()
    found.epoch(0, np.full(2, 0.1, np.float32), lambda *now: None)
    del inputs, memory, model, batches, found
    gc.collect()
    assert there() is None


def test_a_batch_larger_than_the_data_is_one_step() -> None:
    assert loop(images=20, batch_size=64)[2] == 1
    assert trained(images=20, batch_size=64)[2][0][0] == 1
