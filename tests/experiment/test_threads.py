import subprocess
import sys
from typing import Any

import pytest

from reportgen.experiment import threads
from reportgen.experiment.backend import keras, tf
from reportgen.experiment.threads import Sharing, arrange, parts

layers = keras.layers
SMALL = lambda: [layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(10)]  # noqa: E731
NORMAL = lambda: [layers.Conv2D(4, 3), layers.BatchNormalization(), layers.Flatten(), layers.Dense(10)]  # noqa: E731
WIDE = lambda: [layers.Flatten(), layers.Dense(20000), layers.Dense(10)]  # noqa: E731


def against_the_others(images: Any) -> Any:
    return images - tf.reduce_mean(images, 0)


class Flatten(keras.layers.Flatten):  # type: ignore[misc]
    def call(self, inputs: Any) -> Any:
        return super().call(against_the_others(inputs))


def model(stack: list[Any]) -> Any:
    return keras.Sequential([keras.Input((8, 8, 1)), *stack])


@pytest.mark.parametrize(
    ("stack", "batch", "separable", "expected"),
    [
        (SMALL, 32, True, Sharing(2, True)),
        (SMALL, 32, False, Sharing(1, True, 2)),
        (SMALL, 512, True, Sharing()),
        (SMALL, 8, True, Sharing()),
        (NORMAL, 32, True, Sharing(1, True, 2)),
        (NORMAL, 512, True, Sharing()),
        (lambda: [*NORMAL(), layers.UnitNormalization()], 32, True, Sharing()),
        (lambda: [layers.Flatten(), layers.Dense(10), layers.BatchNormalization()], 32, True, Sharing()),
        (WIDE, 32, True, Sharing(1, True)),
        (lambda: [layers.Conv2D(4, 3, activation="relu"), *SMALL()], 32, True, Sharing(2, True)),
        (lambda: [layers.Conv2D(4, 3, activation=against_the_others), *SMALL()], 32, True, Sharing()),
        (lambda: [layers.Conv2D(4, 3), Flatten(), layers.Dense(10)], 32, True, Sharing()),
        (lambda: [layers.Dropout(0.1, noise_shape=(1, 8, 8, 1)), *SMALL()], 32, True, Sharing()),
        (lambda: [layers.Conv2D(4, 3, activity_regularizer="l2"), *SMALL()], 32, True, Sharing()),
        (lambda: [layers.Softmax(axis=0), *SMALL()], 32, True, Sharing()),
        (lambda: [layers.Softmax(axis=-4), *SMALL()], 32, True, Sharing()),
        (lambda: [layers.LayerNormalization(), *SMALL()], 32, True, Sharing(2, True)),
    ],
)
def test_cores_are_shared_as_the_model_needs(
    monkeypatch: pytest.MonkeyPatch, stack: Any, batch: int, separable: bool, expected: Sharing
) -> None:
    given: list[int] = []
    monkeypatch.setattr(threads, "cores", lambda: 2)
    for name in ("set_intra_op_parallelism_threads", "set_inter_op_parallelism_threads"):
        monkeypatch.setattr(tf.config.threading, name, given.append)
    assert arrange(model(stack()), batch, separable) == expected
    assert given == ([1, 2] if expected.single else [])


class Net(keras.Model):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.flat, self.dense = layers.Flatten(), layers.Dense(10)

    def call(self, images: Any) -> Any:
        return self.dense(self.flat(against_the_others(images)))


def net() -> Any:
    model = Net()
    model(tf.zeros((2, 8, 8, 1)))
    return model


def functional(between: Any) -> Any:
    images = keras.Input((8, 8, 1))
    return keras.Model(images, layers.Dense(10)(layers.Flatten()(between(layers.Conv2D(4, 3)(images)))))


@pytest.mark.parametrize(
    ("make", "towers"),
    [
        (net, 1),
        (lambda: functional(lambda x: x + x * 2), 2),
        (lambda: functional(lambda x: x - keras.ops.mean(x, axis=0, keepdims=True)), 1),
        (lambda: functional(lambda x: keras.ops.softmax(x, axis=0)), 1),
    ],
)
def test_a_batch_is_whole_where_what_is_no_layer_looks_at_all_of_it(
    monkeypatch: pytest.MonkeyPatch, make: Any, towers: int
) -> None:
    monkeypatch.setattr(threads, "cores", lambda: 2)
    monkeypatch.setattr(tf.config.threading, "set_intra_op_parallelism_threads", lambda count: None)
    monkeypatch.setattr(tf.config.threading, "set_inter_op_parallelism_threads", lambda count: None)
    assert arrange(make(), 32, True).towers == towers


@pytest.mark.parametrize(("size", "count"), [(32, 2), (5, 2), (2, 3), (1, 4)])
def test_parts_are_a_batch_and_as_equal_as_they_can_be(size: int, count: int) -> None:
    found = parts(size, count)
    assert [image for begin, end in found for image in range(begin, end)] == list(range(size))
    sizes = [end - begin for begin, end in found]
    assert len(sizes) == min(size, count)
    assert max(sizes) - min(sizes) <= 1


def test_running_threads_are_left_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(count: int) -> None:
        raise RuntimeError("already running")

    monkeypatch.setattr(threads, "cores", lambda: 2)
    monkeypatch.setattr(tf.config.threading, "set_intra_op_parallelism_threads", refuse)
    monkeypatch.setattr(tf.config.threading, "get_intra_op_parallelism_threads", lambda: 0)
    assert arrange(model(SMALL()), 32, True) == Sharing()


def test_a_sketch_does_not_start_the_threads() -> None:
    """In a process of its own, where nothing has started them yet."""
    code = (
        "from pathlib import Path\n"
        "from tests.experiment.jobs import job\n"
        "from reportgen.experiment import threads\n"
        "from reportgen.experiment.build import build\n"
        "from reportgen.experiment.sources import Sources\n"
        "threads.cores = lambda: 2\n"
        "wanted = job()\n"
        "with Sources(wanted.sources, Path('models.py')).imported() as functions:\n"
        "    sketch = build(wanted, functions, (8, 8, 1), 10, sketch=True)\n"
        "    print(threads.arrange(sketch, 32, True))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == str(Sharing(2, True)), done.stderr[-500:]
