"""Every seed is a point, and the difference has the interval that claims rest on."""

import numpy as np
import pytest

from reportgen.errors import RenderError
from reportgen.figures import Figure, ShownModel, accuracy_by_seed
from reportgen.results.statistics import compare
from tests.factories import SIZES, make_record
from tests.figures.reading import texts, tree


def compared(name: str, seeds: int, **changes: object) -> ShownModel:
    records = (make_record(name, seed=seed, **changes) for seed in range(1, seeds + 1))  # type: ignore[arg-type]
    return ShownModel(name.upper(), tuple(records), dataset="CIFAR-10")


def rings(figure: Figure) -> int:
    points = [e for e in tree(figure).iter("path") if e.attrib.get("stroke-width") == "0.9"]
    return sum(e.attrib.get("fill") == "#ffffff" for e in points)


def test_a_point_for_every_seed() -> None:
    figure = accuracy_by_seed([compared("cnn", 5), compared("fc", 3)])
    assert rings(figure) == 8
    assert {"CNN", "FC"} <= set(texts(figure))
    assert any("5 seeds" in text for text in texts(figure))


def test_the_difference_is_that_of_the_statistics() -> None:
    one, other = compared("cnn", 5), compared("fc", 3)
    right = [np.array([r.evaluations["test"].correct for r in each.records]) for each in (one, other)]
    found = compare(right[1], right[0])
    figure = accuracy_by_seed([one, other])
    numbers = [100 * found.difference, 100 * found.interval.lower, 100 * found.interval.upper]
    shown = [f"{number:+.1f}".replace("-", "−") for number in numbers]
    assert f"FC minus CNN {shown[0]} points ({shown[1]} to {shown[2]})" in figure.alt
    assert f"{shown[0]} ({shown[1]} to {shown[2]})" in texts(figure)


def test_one_seed_each_says_what_it_can_not_tell() -> None:
    alone = accuracy_by_seed([compared("cnn", 1), compared("fc", 1)])
    assert "With one seed each" in alone.caption
    assert "With one seed" not in accuracy_by_seed([compared("cnn", 2), compared("fc", 1)]).caption


def test_models_of_other_images_are_refused() -> None:
    other = compared("fc", 2, sizes={**SIZES, "test": 500})
    with pytest.raises(RenderError, match="not tested on the same items"):
        accuracy_by_seed([compared("cnn", 2), other])
