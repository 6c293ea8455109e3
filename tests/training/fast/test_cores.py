from typing import Any

import pytest

from reportgen.training.fast import allowed, cores
from reportgen.training.fast.cores import Sharing, arrange, parts, suggest
from reportgen.training.tensorflow import keras, tf

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
        (SMALL, 32, False, Sharing(2)),
        (SMALL, 512, True, Sharing()),
        (SMALL, 8, True, Sharing()),
        (NORMAL, 32, True, Sharing(2)),
        (NORMAL, 512, True, Sharing()),
        (lambda: [*NORMAL(), layers.UnitNormalization()], 32, True, Sharing()),
        (lambda: [layers.Flatten(), layers.Dense(10), layers.BatchNormalization()], 32, True, Sharing()),
        (WIDE, 32, True, Sharing(blocks=True)),
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
    stack: Any, batch: int, separable: bool, expected: Sharing
) -> None:
    assert suggest(model(stack()), batch, separable, fused=True) == expected


def test_without_a_fused_optimizer_nothing_is_cut_in_blocks_and_all_cores_work_together() -> None:
    wanted = suggest(model(WIDE()), 32, True, fused=False)
    assert wanted == Sharing()
    assert not wanted.single


def test_threads_are_as_many_as_cores_or_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr(cores, "core_count", lambda: 2)
    for name in ("set_intra_op_parallelism_threads", "set_inter_op_parallelism_threads"):
        monkeypatch.setattr(tf.config.threading, name, given.append)
    assert arrange(Sharing()) == Sharing()
    assert arrange(Sharing(2, True)) == Sharing(2, True)
    assert arrange(Sharing(), 3) == Sharing()
    assert given == [2, 2, 1, 2, 3, 3]


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
        (lambda: functional(keras.Sequential([layers.Conv2D(3, 1), layers.ReLU()])), 2),
        (lambda: functional(keras.Sequential([layers.Conv2D(3, 1), layers.BatchNormalization()])), 1),
    ],
)
def test_a_batch_is_whole_where_something_looks_at_all_of_it(make: Any, towers: int) -> None:
    assert suggest(make(), 32, True, fused=True).towers == (towers > 1)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (net, "Net is a model class of its own"),
        (lambda: model([Flatten(), layers.Dense(10)]), "Flatten is a layer of its own"),
        (lambda: model([layers.Flatten(), layers.Dense(10), layers.PReLU()]), "PReLU is not among"),
        (lambda: model([layers.Flatten(), layers.Dense(10, dtype="float64")]), "computes in float64"),
        (
            lambda: model([layers.Flatten(), layers.Dense(10, against_the_others)]),
            "is not a function of Keras's",
        ),
        (lambda: model([layers.Flatten(), layers.Dense(10, kernel_constraint="unit_norm")]), "a constraint"),
    ],
)
def test_what_is_not_served_is_told(make: Any, why: str) -> None:
    assert why in allowed.why_not(make())


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

    monkeypatch.setattr(tf.config.threading, "set_intra_op_parallelism_threads", refuse)
    monkeypatch.setattr(tf.config.threading, "get_intra_op_parallelism_threads", lambda: 0)
    assert arrange(Sharing(2, True)) == Sharing()
