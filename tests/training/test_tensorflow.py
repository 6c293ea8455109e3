import random

import numpy as np

from reportgen.training.tensorflow import keras, reseed, set_up


def test_what_an_earlier_builder_or_the_user_has_set_is_put_back() -> None:
    keras.config.set_epsilon(1e-3)
    keras.config.set_floatx("float16")
    keras.config.set_dtype_policy("mixed_float16")
    set_up(1)
    assert keras.config.epsilon() == 1e-7
    assert keras.config.floatx() == "float32"
    assert keras.config.dtype_policy().name == "float32"


def test_what_is_drawn_is_a_function_of_the_numbers() -> None:
    drawn = []
    for numbers in ((1, 2), (1, 2), (2, 1)):
        reseed(*numbers)
        drawn.append((random.random(), np.random.random()))
    assert drawn[0] == drawn[1] != drawn[2]
