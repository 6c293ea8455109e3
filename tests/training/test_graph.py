"""What a graph keeps: variables are found, anything else that may keep state is refused."""

from typing import Any

import pytest

from reportgen.errors import TrainingError
from reportgen.training.graph import hidden_variables
from reportgen.training.tensorflow import keras, tf


def looped(body: Any) -> Any:
    def chunk(last: Any) -> Any:
        def step(number: Any) -> Any:
            body()
            return number + 1

        return tf.while_loop(lambda number: number < last, step, [0])

    return tf.function(chunk, autograph=False).get_concrete_function(tf.TensorSpec([], tf.int32))


def test_variables_are_told_from_known_ones_in_the_order_of_their_use() -> None:
    known, first, second = (tf.Variable(0.0) for _ in range(3))
    kept = keras.Variable(0.0)
    generator = tf.random.Generator.from_seed(1)

    def body() -> None:
        first.assign_add(known + kept)
        second.assign_add(generator.normal([]))

    found = hidden_variables(looped(body), [known, kept])
    assert {id(variable) for variable in found} == {id(first), id(second), id(generator.state)}
    again = hidden_variables(looped(body), [known, kept])
    assert [id(variable) for variable in again] == [id(variable) for variable in found]


def test_a_table_that_is_only_read_is_no_state() -> None:
    pairs = tf.lookup.KeyValueTensorInitializer(tf.constant([1, 2]), tf.constant([3, 4]))
    table, sum_ = tf.lookup.StaticHashTable(pairs, 0), tf.Variable(0)
    assert hidden_variables(looped(lambda: sum_.assign_add(table.lookup(tf.constant(1)))), [sum_]) == []


@pytest.mark.parametrize(
    ("body", "operation"),
    [
        (lambda: tf.random.uniform([2]), "RandomUniform"),
        (lambda: tf.random.shuffle(tf.range(3)), "RandomShuffle"),
        (lambda: tf.numpy_function(lambda: 1.0, [], tf.float64), "PyFunc"),
        (lambda: tf.numpy_function(lambda: 1.0, [], tf.float64, stateful=False), "PyFuncStateless"),
        (lambda: tf.py_function(lambda: 1.0, [], tf.float64), "EagerPyFunc"),
        (lambda: tf.io.read_file("x"), "ReadFile"),
        (lambda: tf.timestamp(), "Timestamp"),
    ],
)
def test_what_may_keep_state_elsewhere_is_refused(body: Any, operation: str) -> None:
    sum_ = tf.Variable(0.0)

    def used() -> None:
        value = body()
        sum_.assign_add(tf.cast(tf.size(value), tf.float32))
        with tf.control_dependencies([value]):
            sum_.assign_add(1.0)

    with pytest.raises(TrainingError, match=rf"can't be saved: .*{operation}"):
        hidden_variables(looped(used), [sum_])
