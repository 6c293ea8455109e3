"""A family against what varies: a logarithmic axis where the values reach far, words in order."""

import pytest

from reportgen import figures
from reportgen.errors import RenderError
from reportgen.figures import ShownModel
from tests.factories import make_numbers, make_record
from tests.figures.reading import texts

MODELS = [
    ShownModel(
        "CNN", (make_record("cnn", seed=seed, accuracy={"test": 0.5 + seed / 100}),), dataset="CIFAR-10"
    )
    for seed in (1, 2, 3)
]


def test_values_stand_at_their_places() -> None:
    figure = figures.variation(MODELS, "CNN", "learning rate", [0.1, 0.01, 0.001])
    assert {"0.1", "0.01", "0.001", "learning rate", "validation", "test", "accuracy, %"} <= set(
        texts(figure)
    )
    assert figure.alt.startswith("CNN by learning rate, on validation and test: 0.1: 6")
    assert "3 models that differ in one parameter" in figure.caption


def test_words_stand_in_order_and_numbers_have_errors() -> None:
    numbers = [ShownModel("Ridge", (make_numbers(noise=noise),), dataset="Houses") for noise in (1.0, 2.0)]
    figure = figures.variation(numbers, "Ridge", "kind", ["a", "b"])
    assert {"a", "b", "mean absolute error"} <= set(texts(figure))


def test_two_parameters_need_a_table() -> None:
    with pytest.raises(RenderError, match="a figure has room for one of them"):
        figures.variation(MODELS, "CNN", "learning rate, batch size", ["0.1, 2", "0.1, 4", "1, 2"])
