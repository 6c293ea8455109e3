"""The difference of two confusion matrices is what the records say, over all seeds."""

import pytest

from reportgen.figures import Figure, Look, ShownModel, confusion_difference
from reportgen.figures.style import contrast, diverging, luminance
from tests.factories import CIFAR10, make_evaluation_of, make_record
from tests.figures.reading import texts, tree


def compared(title: str, *runs: list[int]) -> ShownModel:
    labels = [0] * 6 + [1] * 4
    records = (
        make_record(seed=i, evaluations={"test": make_evaluation_of(labels, run)})
        for i, run in enumerate(runs)
    )
    return ShownModel(title, tuple(records), ("cat", "dog"))


ONE = compared("One", [0] * 6 + [1] * 4, [0] * 4 + [1] * 2 + [1] * 4)
OTHER = compared("Other", [0] * 2 + [1] * 4 + [1] * 3 + [0])


def cells(figure: Figure, classes: int) -> list[list[str]]:
    written = [e for e in tree(figure).iter("text") if (e.text or "").strip("+−,").isdigit()][
        : classes * classes
    ]
    rows = sorted({float(e.attrib["y"]) for e in written})
    return [
        [
            e.text or ""
            for e in sorted(written, key=lambda e: float(e.attrib["x"]))
            if float(e.attrib["y"]) == row
        ]
        for row in rows
    ]


def test_means_over_seeds_are_subtracted() -> None:
    figure = confusion_difference(ONE, OTHER)
    assert cells(figure, 2) == [["+3", "−3"], ["−1", "+1"]]
    assert "Means over 2 and 1 seeds" in figure.caption
    assert "One minus Other" in texts(figure)


def test_alt_tells_the_largest_changes() -> None:
    assert confusion_difference(ONE, OTHER).alt == (
        "Confusion matrix of One minus that of Other, in test images. More often right: cat +3, dog +1. Less "
        "often right: none. More often confused: none. Less often confused: cat taken for dog −3, dog taken "
        "for cat −1."
    )


def test_the_same_model_differs_nowhere() -> None:
    figure = confusion_difference(ONE, ONE)
    assert cells(figure, 2) == [["0", "0"], ["0", "0"]]
    assert "+" not in figure.alt


def test_numbers_stand_out_from_their_cells() -> None:
    one, other = (ShownModel(name, (make_record(name),), CIFAR10) for name in ("own", "fc"))
    figure = confusion_difference(one, other)
    faces = [e.attrib["fill"] for e in tree(figure).iter("path") if e.attrib.get("stroke") == "#ffffff"][:100]
    written = [e for e in tree(figure).iter("text") if (e.text or "").strip("+−").isdigit()][:100]
    assert len(faces) == len(written) == 100
    assert min(map(contrast, faces, (e.attrib.get("fill", "#000000") for e in written))) >= 4.5


def test_both_directions_are_equally_dark() -> None:
    colours = diverging()
    assert len(colours) == 65
    for below, above in zip(colours, reversed(colours), strict=True):
        assert luminance(below) == pytest.approx(luminance(above), abs=0.03)


def test_many_classes_are_shown_by_colour_alone() -> None:
    names = tuple(f"class {i}" for i in range(60))
    models = [
        ShownModel(name, (make_record(name, classes=60, confused={}),), names) for name in ("cnn", "fc")
    ]
    figure = confusion_difference(*models, Look("sv"))
    assert "finns inte plats" in figure.caption
