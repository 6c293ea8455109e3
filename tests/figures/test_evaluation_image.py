"""The evaluation image says what the record holds."""

import dataclasses
import re

import numpy as np
import pytest

from reportgen import locales
from reportgen.figures import Figure, Look, ShownModel, evaluation_image, extent
from reportgen.figures.confusion import top_pairs
from reportgen.figures.style import NORMAL, contrast
from reportgen.figures.words import words
from reportgen.results import metrics
from reportgen.training.record import Evaluation, Record
from tests.factories import CIFAR10, make_evaluation_of, make_record
from tests.figures.reading import texts, tree


def numbers(figure: Figure) -> list[str]:
    return [text for text in texts(figure) if text.isdigit()]


def with_history(record: Record, **curves: tuple[float, ...]) -> Record:
    return dataclasses.replace(record, history=dataclasses.replace(record.history, **curves))


def test_top_pairs_leave_out_hits_and_what_never_happened() -> None:
    counts = np.array([[9, 2, 0], [5, 9, 0], [2, 0, 9]])
    labels, predicted = (np.repeat(each.ravel(), counts.ravel()) for each in np.indices((3, 3)))
    assert top_pairs(labels, predicted, 9) == ((1, 0, 5), (0, 1, 2), (2, 0, 2))


def test_of_a_thousand_classes_the_most_confused_are_shown() -> None:
    labels = np.arange(3000) % 1000
    predicted = labels.copy()
    predicted[:40], predicted[1000:1010] = labels[:40] + 40, labels[:10] + 40
    evaluation = Evaluation(
        1.0, labels.astype(np.uint16), predicted.astype(np.uint16), np.empty(0, np.float16), {}
    )
    record = make_record(evaluations={"test": evaluation})
    figure = evaluation_image(ShownModel("CNN", (record,), tuple(f"class {i}" for i in range(1000))))
    assert "Of 1,000 classes, the 30 that are confused most are shown." in figure.caption
    assert (
        "class 0 taken for class 40" in figure.alt.replace(" as ", " taken for ") or "class 40" in figure.alt
    )
    assert len(figure.svg) < 400_000


def test_every_count_stands_in_its_cell() -> None:
    record = make_record("cnn")
    test = record.evaluations["test"]
    counts = metrics.counts(test.labels, test.predicted, 10)
    figure = evaluation_image(ShownModel("CNN", (record,), CIFAR10))
    cells = [
        (float(e.attrib["y"]), float(e.attrib["x"]), int(e.text or ""))
        for e in tree(figure).iter("text")
        if (e.text or "").isdigit()
    ][-100:]
    rows = sorted({y for y, _, _ in cells})
    assert len(rows) == 10
    assert [
        [n for _, n in sorted((x, n) for y, x, n in cells if y == row)] for row in rows
    ] == counts.tolist()


def test_thousands_have_room() -> None:
    labels = np.repeat(np.arange(10), 1135)
    record = make_record(evaluations={"test": make_evaluation_of(labels, labels)})
    figure = evaluation_image(ShownModel("MNIST", (record,), tuple("0123456789")))
    assert numbers(figure).count("1135") == 10
    assert "wrongly" in figure.alt


def test_counts_stand_out_from_their_cells() -> None:
    figure = evaluation_image(ShownModel("CNN", (make_record("cnn"),), CIFAR10))
    cells = [e for e in tree(figure).iter("path") if e.attrib.get("stroke") == "#ffffff"]
    faces = [e.attrib["fill"] for e in cells if "transform" not in e.attrib]
    written = [e for e in tree(figure).iter("text") if (e.text or "").isdigit()]
    inks = [e.attrib.get("fill", "#000000") for e in written][-100:]
    assert len(faces) == len(inks) == 100
    assert set(inks) > {"#000000", "#ffffff"}
    assert min(map(contrast, faces, inks)) >= 4.5


def test_alt_is_made_from_the_data() -> None:
    labels = [0] * 6 + [1] * 4
    predicted = [0] * 5 + [1] + [1] * 2 + [0] * 2
    record = with_history(
        make_record(epochs=2, evaluations={"test": make_evaluation_of(labels, predicted)}),
        loss=(1.9, 0.9),
        val_loss=(2.0, 2.5),
        accuracy=(0.3, 0.6),
        val_accuracy=(0.5, 0.5),
    )
    figure = evaluation_image(ShownModel("Net", (record,), ("cat", "dog")))
    assert figure.alt == (
        "Net, 2 epochs: training loss falls from 1.90 to 0.900, validation loss rises from 2.00 to 2.50; "
        "training accuracy rises from 30.0\u00a0% to 60.0\u00a0%, validation accuracy is 50.0\u00a0%. "
        "Test accuracy 70.0\u00a0%; most confused: dog taken for cat, 2; cat taken for dog, 1."
    )
    assert "Test accuracy 70.0\u00a0%" in texts(figure)


def test_alt_tells_where_a_curve_turns() -> None:
    record = with_history(
        make_record(epochs=4),
        loss=(2.0, 1.5, 1.2, 1.1),
        val_loss=(1.8, 1.07, 1.2, 1.4),
        accuracy=(0.3, 0.5, 0.6, 0.7),
        val_accuracy=(0.4, 0.6, 0.55, 0.5),
    )
    alt = evaluation_image(ShownModel("Net", (record,), CIFAR10)).alt
    assert "validation loss falls from 1.80 to 1.07 at epoch 2, then rises to 1.40" in alt
    assert (
        "validation accuracy rises from 40.0\u00a0% to 60.0\u00a0% at epoch 2, then falls to 50.0\u00a0%"
        in alt
    )
    assert "training loss falls from 2.00 to 1.10;" in alt.replace(", validation", ";")


def test_a_small_wobble_at_the_end_is_no_turn() -> None:
    record = with_history(make_record(epochs=4), val_loss=(1.8, 1.3, 1.1, 1.11))
    assert (
        "validation loss falls from 1.80 to 1.11;"
        in evaluation_image(ShownModel("Net", (record,), CIFAR10)).alt
    )


def test_a_line_stands_at_the_requirement() -> None:
    with_line = evaluation_image(ShownModel("CNN", (make_record("cnn"),), CIFAR10, required=0.62))
    without = evaluation_image(ShownModel("CNN", (make_record("cnn"),), CIFAR10))
    dotted = [e for e in tree(with_line).iter("path") if e.attrib.get("stroke") == "#1a1a1a"]
    assert sum("stroke-dasharray" in e.attrib for e in dotted) == 1
    assert "(62.0\u00a0% is required)" in with_line.alt
    assert "required" in with_line.caption
    assert "required" not in without.alt + without.caption


def test_the_requirement_is_in_sight_where_it_is_missed() -> None:
    figure = evaluation_image(ShownModel("CNN", (make_record("cnn"),), CIFAR10, required=0.9))
    ticks = [int(text) for text in texts(figure) if text in {"70", "80", "90"}]
    assert 90 in ticks


def test_the_best_epoch_is_ringed_and_the_finished_model_marked() -> None:
    figure = evaluation_image(ShownModel("CNN", (make_record("cnn"),), CIFAR10))
    edges = [e.attrib.get("stroke") for e in tree(figure).iter("path") if "transform" in e.attrib]
    assert edges.count("#ffffff") == 4  # training and validation, loss and accuracy
    rings = [e for e in tree(figure).iter("path") if e.attrib.get("stroke-width") == "0.9"]
    assert len(rings) == 2


def test_models_that_are_compared_share_their_axes() -> None:
    good, bad = (ShownModel("A", (make_record(name),), CIFAR10) for name in ("own", "fc"))
    shared = extent([good, bad])
    figures = [evaluation_image(each, shared) for each in (good, bad)]
    ticks = [[text for text in texts(figure)[:25] if text.replace(".", "").isdigit()] for figure in figures]
    assert ticks[0] == ticks[1]
    assert ticks[0] != [text for text in texts(evaluation_image(bad))[:25] if text.replace(".", "").isdigit()]
    assert all("share these axes" in figure.caption for figure in figures)


@pytest.mark.parametrize("language", locales.known())
@pytest.mark.parametrize("family", ["Source Serif Pro", "Source Sans Pro"])
def test_names_of_curves_end_before_the_matrix_begins(language: str, family: str) -> None:
    look, say = Look(language, family), words(language)
    figure = evaluation_image(ShownModel("CNN", (make_record("cnn"),), CIFAR10), look=look)
    shapes = list(tree(figure).iter("text"))
    names = [shape for shape in shapes if shape.text in (say.training, say.validation)]
    (axis,) = (shape for shape in shapes if shape.text == say.true_class)
    baseline = re.match(r"rotate\(-90 ([\d.]+)", axis.attrib["transform"])
    assert len(names) == 4
    assert baseline is not None
    for name in names:
        assert float(name.attrib["x"]) + float(name.attrib["textLength"]) < float(baseline[1]) - 0.75 * NORMAL


def test_swedish_numbers_have_a_comma() -> None:
    figure = evaluation_image(ShownModel("Nät", (make_record("cnn"),), CIFAR10), look=Look("sv"))
    assert "Träffsäkerhet på testbilder 63,1\u00a0%" in texts(figure)
    assert not re.search(r"\d\.\d", " ".join([figure.alt, figure.caption, *texts(figure)]))


def test_of_runs_that_stopped_early_the_best_epoch_is_the_one_that_answers_name() -> None:
    long = with_history(make_record(seed=1, epochs=6), val_loss=(1.8, 1.6, 1.4, 1.5, 1.5, 0.7))
    short = with_history(make_record(seed=2, epochs=4), val_loss=(1.8, 1.6, 1.4, 1.5))
    model = ShownModel("Net", (long, short), CIFAR10)
    best = model.history.val_loss
    assert (best.best_epoch.value, best.best.value) == (3, 1.4)
    assert (
        "validation loss falls from 1.80 to 1.40 at epoch 3, then rises to 1.50"
        in evaluation_image(model).alt
    )


def test_several_seeds_are_named_in_the_caption_and_drawn_as_bands() -> None:
    runs = tuple(make_record("cnn", seed=seed) for seed in (4, 5, 6))
    alone, together = (
        evaluation_image(ShownModel("CNN", runs[:1], CIFAR10)),
        evaluation_image(ShownModel("CNN", runs, CIFAR10)),
    )
    assert "3 seeds" in together.caption
    assert "seed 4" in together.caption
    assert "seed" not in alone.caption
    assert "Test images, seed 4" in texts(together)
    assert not any("Test accuracy" in text for text in texts(together))  # the text's is the mean
    assert "CNN, mean of 3 seeds, 15 epochs" in together.alt
    assert "with seed 4 most confused" in together.alt
    assert (alone.svg.count("fill-opacity"), together.svg.count("fill-opacity")) == (
        2,
        6,
    )  # a ring has one as well
    assert numbers(alone)[-100:] == numbers(together)[-100:]
    assert together.sources == tuple(run.key for run in runs)


def test_runs_of_unequal_length_are_averaged_where_they_are() -> None:
    runs = (make_record("cnn", seed=1, epochs=5), make_record("cnn", seed=2, epochs=3))
    assert "5 epochs" in evaluation_image(ShownModel("CNN", runs, CIFAR10)).alt


@pytest.mark.parametrize("epochs", [1, 2, 3, 100])
def test_any_number_of_epochs(epochs: int) -> None:
    figure = evaluation_image(ShownModel("CNN", (make_record("cnn", epochs=epochs),), CIFAR10))
    assert f"CNN, {epochs} epoch" in figure.alt
    assert str(epochs) in texts(figure)


def test_a_diverged_training_is_drawn_and_said() -> None:
    figure = evaluation_image(ShownModel("CNN", (make_record("cnn", diverged=True),), CIFAR10))
    assert "training loss diverges" in figure.alt
    assert "nan" not in figure.svg.lower()


@pytest.mark.parametrize("loss", [float("nan"), 0.0, float("inf")])
def test_a_training_without_any_loss_to_draw(loss: float) -> None:
    record = with_history(make_record("cnn", epochs=3), loss=(loss,) * 3, val_loss=(loss,) * 3)
    assert "nan" not in evaluation_image(ShownModel("CNN", (record,), CIFAR10)).svg.lower()


def test_many_classes_are_shown_by_colour_alone() -> None:
    names = tuple(f"class {i}" for i in range(40))
    figure = evaluation_image(ShownModel("Net", (make_record(classes=40, confused={}),), names))
    assert "no room for counts" in figure.caption
    assert any(f"class {last}" in texts(figure) for last in (37, 38, 39))  # some names are left out
    assert "the darkest blue 2" in figure.caption
    assert len(numbers(figure)) < 40


def test_long_class_names_are_shortened() -> None:
    names = ("a class with quite a long name", *CIFAR10[1:])
    figure = evaluation_image(ShownModel("Net", (make_record("cnn"),), names))
    assert any(text.startswith("a class") and text.endswith("…") for text in texts(figure))
