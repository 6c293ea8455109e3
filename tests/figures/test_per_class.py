"""Recall and precision by class."""

from reportgen.figures import Figure, ShownModel, per_class
from tests.factories import CIFAR10, make_evaluation_of, make_record
from tests.figures.reading import texts


def made(labels: list[int], predicted: list[int], classes: tuple[str, ...] = ("cat", "dog", "emu")) -> Figure:
    return per_class(
        ShownModel(
            "Net", (make_record(evaluations={"test": make_evaluation_of(labels, predicted)}),), classes
        )
    )


def test_numbers_are_right_and_sorted_by_recall() -> None:
    figure = made([0, 0, 0, 0, 1, 1, 2, 2], [0, 0, 0, 1, 1, 1, 2, 0])
    assert figure.alt == (
        "Net, recall and precision by class on the test images: dog 100.0\u00a0% and 66.7\u00a0%; "
        "cat 75.0\u00a0% and 75.0\u00a0%; emu 50.0\u00a0% and 100.0\u00a0%."
    )
    shown = texts(figure)
    assert [text for text in shown if text in ("cat", "dog", "emu")] == ["dog", "cat", "emu"]
    recall, precision = shown.index("recall"), shown.index("precision")
    assert shown[recall + 1 : recall + 4] == ["100.0\u00a0%", "75.0\u00a0%", "50.0\u00a0%"]
    assert shown[precision + 1 : precision + 4] == ["66.7\u00a0%", "75.0\u00a0%", "100.0\u00a0%"]
    assert "accuracy 75.0\u00a0%" in shown


def test_a_class_never_predicted_has_no_precision() -> None:
    figure = made([0, 1, 1], [0, 0, 0])
    assert "dog 0.0\u00a0% and never predicted" in figure.alt
    assert "emu not in the test images and never predicted" in figure.alt
    assert "nan" not in figure.svg
    assert "–" in texts(figure)


def test_all_right() -> None:
    assert "cat 100.0\u00a0% and 100.0\u00a0%" in made([0, 1, 2], [0, 1, 2]).alt


def test_of_very_many_classes_the_worst_are_shown() -> None:
    record = make_record(classes=40, confused={})
    figure = per_class(ShownModel("Net", (record,), tuple(f"class {i}" for i in range(40))))
    assert "30 of 40 classes" in figure.caption
    assert sum(text.startswith("class") for text in texts(figure)) == 30


def test_of_several_seeds_the_first_is_shown_and_said() -> None:
    runs = (make_record(seed=7), make_record(seed=8))
    figure = per_class(ShownModel("CNN", runs, CIFAR10))
    assert "Of 2 seeds, seed 7." in figure.caption
    assert figure.alt == per_class(ShownModel("CNN", runs[:1], CIFAR10)).alt
    assert figure.sources == (runs[0].key,)
