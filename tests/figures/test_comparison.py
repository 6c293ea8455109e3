"""The comparison shows every model where its measurements put it."""

import numpy as np
import pytest

from reportgen.figures import Figure, Look, ShownModel, comparison
from reportgen.figures.comparison import _apart as apart
from reportgen.results.statistics import wilson
from tests.factories import Layer, make_evaluation, make_evaluation_of, make_record
from tests.figures.reading import texts, tree


def model(
    title: str, *, accuracy: float = 0.6, parameters: int = 80_000, dataset: str = "CIFAR-10", seeds: int = 1
) -> ShownModel:
    layers = (Layer("dense", "Dense", (None, 10), parameters),)
    tests = [make_evaluation(accuracy + 0.01 * seed, seed=seed) for seed in range(seeds)]
    records = tuple(
        make_record(seed=seed, layers=layers, evaluations={"test": test}, key=f"{title} {seed}")
        for seed, test in enumerate(tests)
    )
    return ShownModel(title, records, dataset=dataset)


def place_of(figure: Figure, start: str) -> tuple[float, float]:
    (found,) = [e for e in tree(figure).iter("text") if "".join(e.itertext()).startswith(start)]
    return float(found.attrib["x"]), float(found.attrib["y"])


def test_interval_in_the_alt_text_is_wilsons() -> None:
    record = make_record(evaluations={"test": make_evaluation_of([0] * 100, [0] * 63 + [1] * 37)})
    figure = comparison([ShownModel("CNN", (record,), dataset="CIFAR-10")])
    interval = wilson(63, 100)
    assert f"CNN, 63.0\u00a0% (95\u00a0% interval {100 * interval.lower:.1f}\u00a0% to " in figure.alt
    assert f"{100 * interval.upper:.1f}\u00a0%), 81,834 parameters" in figure.alt


def test_larger_is_further_right_and_better_is_higher() -> None:
    figure = comparison(
        [model("Small", accuracy=0.5, parameters=10_000), model("Large", accuracy=0.9, parameters=10**7)]
    )
    small, large = place_of(figure, "Small"), place_of(figure, "Large")
    assert small[0] < large[0]
    assert small[1] > large[1]
    assert figure.alt.index("Large") < figure.alt.index("Small")


def test_the_unusual_data_set_is_named() -> None:
    models = [model("First", dataset="MNIST"), model("Second"), model("Third", accuracy=0.7)]
    figure = comparison(models)
    assert "First (MNIST), 60.0\u00a0%" in texts(figure)
    assert "Third, 70.0\u00a0%" in texts(figure)
    assert "it is CIFAR-10" in figure.caption


def test_one_data_set_is_not_named() -> None:
    figure = comparison([model("First"), model("Second")])
    assert "CIFAR-10" not in figure.caption + figure.alt


def test_seeds_are_shown_as_their_mean() -> None:
    figure = comparison([model("CNN", seeds=3)])
    assert "CNN, 61.0\u00a0%" in texts(figure)
    assert "several seeds" in figure.caption
    assert len(figure.sources) == 3


def test_marks_that_would_cover_each_other_are_moved_apart_and_that_is_said() -> None:
    same = comparison([model("One"), model("Two")])
    assert "apart" in same.caption
    assert "apart" not in comparison([model("One"), model("Two", accuracy=0.8)]).caption


def test_moving_keeps_the_middle() -> None:
    places = np.array([(100.0, 50.0), (101.0, 51.0), (300.0, 50.0)])
    shifts = apart(places, [(40, 60), (41, 61), (40, 60)])
    assert shifts[0] == -shifts[1] < 0
    assert shifts[2] == 0


@pytest.mark.parametrize("accuracy", [0.0, 1.0])
def test_extremes_are_drawn(accuracy: float) -> None:
    figure = comparison([model("Net", accuracy=accuracy, parameters=0)], Look("sv"))
    assert f"{100 * accuracy:.1f}".replace(".", ",") in figure.alt
    assert "nan" not in figure.svg
