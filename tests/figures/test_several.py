"""Figures of several targets and of several labels."""

import numpy as np
import pytest

from reportgen import figures
from reportgen.errors import RenderError
from reportgen.figures import Look, ShownModel
from tests.factories import make_numbers, make_record
from tests.figures.reading import texts
from tests.several import LABELS, TARGETS, make_labels, make_targets


def test_each_target_has_a_panel_beside_the_loss() -> None:
    records = [make_targets(), make_targets(seed=2)]
    figure = figures.evaluation_image(ShownModel("Net", records, TARGETS))
    assert {"loss", "epoch", "height: R² 0.974", "shoe size: R² 0.757"} <= set(texts(figure))
    assert figure.alt.startswith("Net, 15 epochs: training loss falls")
    assert "weight R² 0.892, mean absolute error 7.88" in figure.alt
    assert figure.caption.endswith("the predictions are those of seed 1.")
    assert "accuracy" not in figure.alt + figure.caption


def test_of_many_targets_the_worst_are_shown() -> None:
    figure = figures.predictions(
        ShownModel("Net", (make_targets(targets=10),), tuple(f"t{i}" for i in range(10)))
    )
    heads = [text for text in texts(figure) if ": R²" in text]
    assert len(heads) == 8
    assert not any(head.startswith(("t0:", "t1:")) for head in heads)
    assert "Of 10 targets, the 8 with the lowest R² are shown." in figure.caption


def test_each_label_has_its_f1_with_an_interval() -> None:
    figure = figures.evaluation_image(ShownModel("Net", (make_labels(),), LABELS), None, Look(pictures=False))
    assert {"sport", "politics", "89.4\N{NO-BREAK SPACE}%", "149", "F1 on the test examples, %"} <= set(
        texts(figure)
    )
    assert "Of the test examples 73.0\N{NO-BREAK SPACE}% have all labels right" in figure.alt
    assert "training loss falls" in figure.alt


def test_of_many_labels_the_worst_are_shown() -> None:
    names = [f"label {i}" for i in range(40)]
    figure = figures.evaluation_image(ShownModel("Net", (make_labels(labels=40),), names))
    assert "Of 40 labels, the 25 with the lowest F1 are shown." in figure.caption


def test_labels_have_recall_and_precision() -> None:
    figure = figures.per_class(ShownModel("Net", (make_labels(),), LABELS))
    assert "that have a label, the share that get it" in figure.caption
    assert "culture at home 84.6\N{NO-BREAK SPACE}% and 41.5\N{NO-BREAK SPACE}%" in figure.alt


def test_mistakes_name_all_labels_of_an_item() -> None:
    images = np.zeros((300, 4, 4, 1), np.uint8)
    figure = figures.mistakes(ShownModel("Net", (make_labels(),), ("a", "b", "c")), images)
    assert "true: a, b" in texts(figure)
    assert "a, c" in texts(figure)


def test_families_are_drawn_by_their_usual_measure() -> None:
    for make, axis in ((make_targets, "R²"), (make_labels, "accuracy, %")):
        models = [ShownModel(str(rate), (make(noise=rate),), dataset="Data") for rate in (1, 2)]
        assert axis in texts(figures.variation(models, "Net", "noise", [1.0, 2.0]))


def test_figures_that_they_can_have_no_part_in_say_why() -> None:
    assert figures.unclassed(make_labels(), "comparison") == "gives its items several labels"
    assert figures.unclassed(make_labels(), "mistakes") == ""
    assert figures.unclassed(make_numbers(), "mistakes") == "predicts a number"
    assert figures.unclassed(make_record(), "comparison") == ""
    with pytest.raises(RenderError, match="predicts classes"):
        figures.predictions(ShownModel("Net", (make_labels(),), LABELS))
