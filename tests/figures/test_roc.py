"""The ROC figure says what the probabilities say."""

import pytest

from reportgen import figures
from reportgen.errors import RenderError
from reportgen.figures import Look, ShownModel
from tests.factories import make_record
from tests.figures.reading import texts

TWO = make_record("cnn", classes=2)


def test_both_curves_are_drawn_and_told() -> None:
    figure = figures.roc(ShownModel("Net", (TWO,), ("ill", "well")))
    assert {"false positives, %", "recall, %", "precision, %"} <= set(texts(figure))
    assert "the class well on the test images; the area under it is 0." in figure.caption
    assert "50.0\N{NO-BREAK SPACE}% of them are well" in figure.alt
    both = figures.roc(
        ShownModel("Net", (TWO, make_record("cnn", classes=2, seed=2)), ("ill", "well")), Look("sv")
    )
    assert both.caption.endswith("talen är medelvärden.")


def test_it_is_of_two_classes() -> None:
    with pytest.raises(RenderError, match="tells 3 classes apart"):
        figures.roc(ShownModel("Net", (TWO,), ("a", "b", "c")))
