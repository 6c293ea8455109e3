from typing import Any

import numpy as np
import pytest

from reportgen.training.fast import sgd
from reportgen.training.tensorflow import keras, tf

GRADIENTS = [
    tf.constant(np.random.default_rng(step).normal(size=(3, 4)).astype(np.float32)) for step in range(6)
]


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"momentum": 0.9},
        {"momentum": 0.9, "nesterov": True},
        {"momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
        {"weight_decay": 0.1},
    ],
    ids=str,
)
def test_a_step_is_that_of_keras(arguments: dict[str, Any]) -> None:
    mine, theirs = (keras.Variable(np.ones((3, 4), np.float32)) for _ in range(2))
    one, other = (keras.optimizers.SGD(0.1, **arguments) for _ in range(2))
    assert sgd.serves(one)
    one.build([mine])
    for gradient in GRADIENTS:
        sgd.apply(one, [gradient], [mine], tf.constant(0.1))
        other.apply([gradient], [theirs])
    np.testing.assert_allclose(mine, theirs, rtol=1e-6)
    assert int(one.iterations) == int(other.iterations)


@pytest.mark.parametrize(
    "optimizer",
    [
        keras.optimizers.Adam(),
        keras.optimizers.SGD(clipnorm=0.5),
        keras.optimizers.SGD(use_ema=True),
        keras.optimizers.SGD(gradient_accumulation_steps=2),
        keras.optimizers.SGD(loss_scale_factor=4.0),
    ],
)
def test_others_go_their_own_way(optimizer: Any) -> None:
    assert not sgd.serves(optimizer)
