"""A row a model: how accurate, how long, how large."""

from reportgen.figures import ShownModel, efficiency
from tests.factories import make_record
from tests.figures.reading import texts

FC = ShownModel("Dense", (make_record("fc", seconds=420.0),), dataset="CIFAR-10")
CNN = ShownModel(
    "CNN", tuple(make_record("cnn", seed=seed, seconds=100.0 * seed) for seed in (1, 2)), dataset="CIFAR-10"
)
DIGITS = ShownModel("Digits", (make_record("mnist_fc", seconds=9.0),), dataset="MNIST")


def test_the_most_accurate_comes_first_with_its_numbers() -> None:
    figure = efficiency([FC, CNN])
    assert figure.alt == (
        "Test accuracy, training time and parameters of 2 models, the most accurate first: "
        "CNN, 63.4\u00a0%, 150\u00a0s, 81,834 parameters; "
        "Dense, 47.5\u00a0%, 7.0\u00a0min, 12,523,266 parameters."
    )
    written = texts(figure)
    assert written.index("CNN") < written.index("Dense")
    assert {"81,834", "12,523,266", "7.0\u00a0min"} <= set(written)
    assert len(figure.sources) == 3


def test_another_data_set_is_named() -> None:
    figure = efficiency([FC, CNN, DIGITS])
    assert "Digits (MNIST)" in texts(figure)
    assert "Where no data set is named it is CIFAR-10" in figure.caption
    assert "data set" not in efficiency([FC, CNN]).caption


def test_means_are_told_where_there_are_seeds() -> None:
    assert "means over seeds" in efficiency([CNN]).caption
    assert "means over seeds" not in efficiency([FC]).caption


def test_a_long_title_is_shortened_and_its_data_set_is_not() -> None:
    long = ShownModel("A network with quite a long name " * 3, DIGITS.records, dataset="MNIST")
    assert any(
        text.startswith("A network") and text.endswith("… (MNIST)")
        for text in texts(efficiency([FC, CNN, long]))
    )
