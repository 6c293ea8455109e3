"""Figures of models that predict a number."""

import pytest

from reportgen import figures
from reportgen.errors import RenderError
from reportgen.figures import Look, ShownModel
from tests.factories import make_fitted, make_numbers, make_record
from tests.figures.reading import texts

RECORDS = (make_numbers(), make_numbers(seed=2))


def test_predictions_stand_against_the_truth() -> None:
    figure = figures.predictions(ShownModel("Ridge", RECORDS))
    assert {"true value", "predicted value", "predicted minus true"} <= set(texts(figure))
    assert figure.alt.startswith("Ridge. Mean absolute error on the test 0.760, of always")
    assert figure.caption.endswith("Of 2 seeds, the predictions are those of seed 1.")
    assert figure.sources == tuple(record.key for record in RECORDS)


def test_the_evaluation_image_has_losses_and_predictions() -> None:
    figure = figures.evaluation_image(ShownModel("Ridge", RECORDS))
    assert {"loss", "training", "validation", "true value"} <= set(texts(figure))
    assert "accuracy" not in figure.alt + figure.caption + " ".join(texts(figure))
    assert "validation loss falls from" in figure.alt


def test_learning_curves_are_losses() -> None:
    model = ShownModel("Ridge", RECORDS, dataset="Diabetes")
    figure = figures.learning_curves([model, ShownModel("Other", RECORDS[1:], dataset="Diabetes")])
    assert "loss" in texts(figure)
    assert "accuracy, %" not in texts(figure)


def test_of_many_items_some_are_drawn() -> None:
    figure = figures.predictions(ShownModel("Ridge", (make_numbers(n=4000),)), Look("sv"))
    assert "1\N{NO-BREAK SPACE}334 av dem är ritade." in figure.caption


@pytest.mark.parametrize("record", [make_record("cnn"), make_fitted()])
def test_classes_are_no_numbers(record) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RenderError, match="predicts classes, not numbers"):
        figures.predictions(ShownModel("CNN", (record,)))


def test_figures_of_classes_are_all_named() -> None:
    assert {name for name in figures.OF_CLASSES if not callable(getattr(figures, name, None))} == set()
