"""The ROC figure says what the probabilities say."""

from dataclasses import replace

import numpy as np
import pytest

from reportgen import figures
from reportgen.errors import RenderError
from reportgen.figures import Look, ShownModel
from reportgen.language import style_of
from reportgen.results.multilabel.facts import LabelFacts
from reportgen.results.quantity_maker import Maker
from tests.factories import make_record
from tests.figures.reading import texts
from tests.several import LABELS, make_labels

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


def test_every_label_has_a_curve_and_its_area() -> None:
    names = tuple(f"label {rank}" for rank in range(7))
    figure = figures.roc(ShownModel("Net", (make_labels("net", labels=7),), names))
    facts = LabelFacts(
        "t", "t", [make_labels("net", labels=7).evaluations["test"]], names, Maker(style_of("en"))
    )
    best = max(names, key=lambda name: facts.auc[name].value)
    written = texts(figure)
    assert set(names) <= set(written)
    assert written.index(best) == min(written.index(name) for name in names), "the best comes first"
    for name in names:
        assert f"{facts.auc[name].value:.3f}" in written
        assert (
            f"{name} {facts.auc[name].value:.3f} and {facts.average_precision[name].value:.3f}" in figure.alt
        )
    assert f"their means {facts.macro_auc.value:.3f} and" in figure.alt
    assert "ROC curve of each label on the 300 test images" in figure.caption


def test_of_many_labels_the_best_the_worst_and_the_mean_are_drawn() -> None:
    names = tuple(f"label {rank}" for rank in range(25))
    records = [make_labels("net", labels=25), make_labels("net", labels=25, seed=2)]
    figure = figures.roc(ShownModel("Net", records, names))
    assert len(set(names) & set(texts(figure))) == 6
    assert "mean of all" in texts(figure)
    assert "Of 25 labels, the 3 with the largest and the 3 with the smallest AUC are drawn" in figure.caption
    assert figure.caption.endswith("Of 2 seeds, seed 1.")
    assert figure.alt.count("label ") < 8


def test_a_label_that_no_test_item_has_is_named() -> None:
    record = make_labels("net")
    test = record.evaluations["test"]
    labels = test.labels.copy()
    labels[:, 1] = False
    lacking = replace(record, evaluations={**record.evaluations, "test": replace(test, labels=labels)})
    figure = figures.roc(ShownModel("Net", (lacking,), LABELS), Look(pictures=False))
    assert figure.caption.endswith("all or none of the test examples have are not drawn: politics.")
    assert "politics" not in figure.alt
    labels[:] = True
    with pytest.raises(RenderError, match="all or none of the test examples have"):
        figures.roc(ShownModel("Net", (lacking,), LABELS))
    unsure = replace(test, confidence=np.empty(0, np.float16))
    with pytest.raises(RenderError, match="no confidences were kept"):
        figures.roc(ShownModel("Net", (replace(record, evaluations={"test": unsure}),), LABELS))
