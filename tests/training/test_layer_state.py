"""Two built models with layers of the authors' own are told apart by what these hold."""

from pathlib import Path

import pytest

from reportgen.training.build import build, identity
from reportgen.training.job import Identity
from reportgen.training.sources import Sources
from tests.training.jobs import job

LAYER = """
import keras
import numpy as np
from keras import Sequential, layers


class Scale(layers.Layer):
    def __init__(self, by=(1.0,), inner=None, **options):
        super().__init__(**options)
        self.by = by
        self.inner = inner

    def build(self, shape):
        self.shift = self.add_weight(shape=shape[-1:], initializer="zeros")

    def call(self, x):
        return x * self.by[0] + self.shift


def odd(input_shape, classes):
    {body}
    return Sequential([layers.Input(input_shape), layers.Flatten(), layer, layers.Dense(classes, "softmax")])
"""


def identified(body: str, comment: str = "") -> Identity:
    wanted = job("odd", sources={"models.py": LAYER.format(body=body) + comment})
    with Sources(wanted.sources, Path(wanted.models_path)).imported() as functions:
        return identity(build(wanted, functions, (8, 8, 1), 10), wanted)


def same(one: str, other: str) -> bool:
    first, second = identified(one), identified(other, "# other text")
    return (first.config, first.digest) == (second.config, second.digest)


@pytest.mark.parametrize(
    "other",
    [
        "layer = Scale((2.0,))",
        "layer = Scale(by=(1.0 + 1.0,))",
        "layers_ = [Scale((2.0,))]\n    layer = layers_[0]",
    ],
)
def test_text_that_builds_the_same_is_the_same(other: str) -> None:
    assert same("layer = Scale((2.0,))", other)


@pytest.mark.parametrize(
    "other",
    [
        "layer = Scale((3.0,))",
        "layer = Scale([2.0])",
        "layer = Scale((2.0,), inner=layers.Dense(3))",
        "layer = Scale((2.0,), inner=Scale((4.0,)))",
        "layer = Scale((2.0,), inner={'a': np.ones(2)})",
        # Keras describes a layer by what it was made with, not by what it holds now.
        "values = [1.0]\n    layer = Scale(values)\n    values[0] = 2.0",
        "layer = Scale((2.0,))\n    layer.by = (3.0,)",
        "layer = Scale((2.0,))\n    layer.later = 1",
    ],
)
def test_what_holds_something_else_is_another(other: str) -> None:
    assert not same("layer = Scale((2.0,))", other)


def test_a_list_that_was_changed_afterwards_is_seen() -> None:
    body = "values = [1.0]\n    layer = Scale(values)\n    layer.by[0] = {value}"
    assert same(body.format(value="2.0"), body.format(value="2.0"))
    assert not same(body.format(value="2.0"), body.format(value="3.0"))


@pytest.mark.parametrize("value", ["len", "lambda x: x", "object()", "{1: 2}"])
def test_what_can_not_be_told_counts_as_it_is_written(value: str) -> None:
    body = f"layer = Scale((2.0,))\n    layer.more = {value}"
    assert not same(body, body)
