from collections.abc import Iterator

import numpy as np
import pytest

from reportgen.experiment import backend
from reportgen.experiment.backend import compiled, tf


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    backend.compiles.cache_clear()
    yield
    backend.compiles.cache_clear()


def twice(values: "tf.Tensor") -> "tf.Tensor":
    graphs.append(tf.inside_function())
    return values * 2


graphs: list[bool] = []


def test_a_function_is_compiled_once() -> None:
    graphs.clear()
    function = compiled(twice)
    for _ in range(3):
        np.testing.assert_array_equal(function(tf.ones(3)), 2)
    assert graphs == [True]


@pytest.mark.parametrize("obstacle", ["gpu", "no compiler"])
def test_where_there_is_no_compiling_it_is_called_as_it_is(
    monkeypatch: pytest.MonkeyPatch, obstacle: str
) -> None:
    def refuse(*arguments: object, **named: object) -> object:
        raise tf.errors.UnimplementedError(None, None, "no compiler")

    graphs.clear()
    function = compiled(twice)
    if obstacle == "gpu":
        monkeypatch.setattr(backend, "on_gpu", lambda: True)
    else:
        monkeypatch.setattr(backend.tf, "zeros", refuse)
    np.testing.assert_array_equal(function(tf.ones(3)), 2)
    assert graphs == [False]
