"""Figures of what was fitted by a method of its own."""

import pytest

from reportgen import figures
from reportgen.errors import RenderError
from reportgen.figures import ShownModel
from tests.factories import CIFAR10, make_fitted, make_record, make_trained
from tests.figures.reading import texts

FOREST = ShownModel("Forest", (make_fitted(),), dataset="Irises")
CNN = ShownModel("CNN", (make_record("cnn"),), dataset="Irises")


def test_its_evaluation_image_is_the_matrix_alone() -> None:
    figure = figures.evaluation_image(ShownModel("Forest", FOREST.records, CIFAR10))
    assert figure.caption == "Forest. Confusion matrix of the 1,000 test images."
    assert figure.alt.startswith("Forest. Test accuracy 6")
    assert "epoch" not in " ".join(texts(figure))
    two = figures.evaluation_image(ShownModel("Forest", (make_fitted(), make_fitted(seed=2)), CIFAR10))
    assert two.caption.endswith("Of 2 seeds, seed 1.")


def test_it_shares_a_table_of_costs_without_parameters() -> None:
    figure = figures.efficiency([FOREST, CNN])
    assert "81,834" in texts(figure)
    assert "–" in texts(figure)
    assert "; CNN" in figure.alt and figure.alt.count("parameters") == 2, "the forest has none"
    assert "–" in texts(figures.efficiency([FOREST]))


def test_the_axes_of_networks_are_theirs_alone() -> None:
    both = figures.extent([FOREST, CNN])
    assert both == figures.extent([CNN])


def test_a_training_function_has_the_curves_that_it_told_of() -> None:
    own = ShownModel("Own", (make_trained(),), dataset="Irises")
    assert "epoch" in " ".join(texts(figures.evaluation_image(ShownModel("Own", own.records, CIFAR10))))
    assert "Own" in texts(figures.learning_curves([CNN, own]))
    none = make_trained(told=())
    assert figures.evaluation_image(ShownModel("Own", (none,), CIFAR10)).caption.startswith(
        "Own. Confusion matrix"
    )
    with pytest.raises(RenderError, match=r"train_net\(\) did not tell of loss, val_loss, accuracy"):
        figures.learning_curves([ShownModel("Own", (none,), dataset="Irises")])
    with pytest.raises(RenderError, match=r"train_net\(\) did not tell of them"):
        figures.learning_rate_curve(ShownModel("Own", own.records))


@pytest.mark.parametrize("told", [("loss",), ("val_loss",), ("loss", "val_accuracy"), ("accuracy",)])
def test_what_a_training_function_reports_is_drawn(told: tuple[str, ...]) -> None:
    few = make_trained(told=told)
    for figure in (
        figures.evaluation_image(ShownModel("Own", (few,), CIFAR10)),
        figures.learning_curves([CNN, ShownModel("Own", (few,), dataset="Irises")]),
    ):
        begins = figure.alt.index("Own")
        assert figure.alt[begins:].count("is not reported") == 4 - len(told)
    ends = [
        text
        for text in texts(figures.evaluation_image(ShownModel("Own", (few,), CIFAR10)))
        if text == "training"
    ]
    assert len(ends) == sum(not name.startswith("val_") for name in told)


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (
            lambda: figures.learning_curves([CNN, FOREST]),
            "Forest was fitted by its own method: it has no curves",
        ),
        (lambda: figures.learning_rate_curve(ShownModel("Forest", FOREST.records)), "it has no curves"),
        (lambda: figures.architecture(ShownModel("Forest", FOREST.records)), "Forest is no network"),
        (lambda: figures.comparison([CNN, FOREST]), "Forest has no parameters to compare"),
    ],
)
def test_what_can_t_be_drawn_is_said(draw, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RenderError, match=said):
        draw()
