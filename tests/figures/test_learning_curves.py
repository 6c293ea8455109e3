"""Curves of several models stand on the same axes."""

import dataclasses

import pytest

from reportgen.figures import Look, ShownModel, learning_curves
from tests.factories import make_record
from tests.figures.reading import texts, tree

CNN = ShownModel("CNN", (make_record("cnn"),), dataset="CIFAR-10")
FC = ShownModel("FC", tuple(make_record("fc", seed=seed) for seed in (1, 2, 3)), dataset="CIFAR-10")


def test_every_model_is_told_and_drawn() -> None:
    figure = learning_curves([CNN, FC])
    assert figure.alt.startswith("Learning curves on the same axes. CNN, 15 epochs: training loss falls from")
    assert "FC, mean of 3 seeds, 15 epochs: training loss" in figure.alt
    assert {"CNN", "FC", "training", "validation", "epoch"} <= set(texts(figure))
    assert figure.sources == (CNN.records[0].key, *(record.key for record in FC.records))


def test_both_columns_have_numbers_and_may_stand_below_one_another() -> None:
    figure = learning_curves([CNN, FC])
    assert texts(figure).count("accuracy, %") == 1
    losses = [text for text in texts(figure) if "." in text]
    assert losses[: len(losses) // 2] == losses[len(losses) // 2 :]
    parts = tree(figure).attrib["data-parts"].split(",")
    assert len(parts) == 3  # the legend, training, validation


def test_bands_are_drawn_and_told_where_there_are_seeds() -> None:
    alone, together = learning_curves([CNN]), learning_curves([CNN, FC])
    assert ("bands" in alone.caption, "bands" in together.caption) == (False, True)
    filled = [figure.svg.count('fill-opacity="0.18"') for figure in (alone, together)]
    assert filled == [0, 4]


@pytest.mark.parametrize("count", [2, 3, 6])
def test_models_are_told_apart_by_dash_too(count: int) -> None:
    models = [dataclasses.replace(CNN, title=f"Model {i}") for i in range(count)]
    figure = learning_curves(models)
    legend = [e for e in tree(figure).iter("path") if e.attrib.get("stroke-width") == "1.3"][-count:]
    assert len({e.attrib.get("stroke-dasharray", "") for e in legend}) == count


def test_long_titles_get_rows_of_their_own_and_stay_on_the_sheet() -> None:
    models = [dataclasses.replace(CNN, title=f"{i} {'a long title ' * 8}") for i in range(3)]
    figure = learning_curves(models)
    for element in tree(figure).iter("text"):
        reach = float(element.attrib["x"]) + float(element.attrib["textLength"])
        assert "transform" in element.attrib or reach <= 453.6, element.text


def test_models_of_unequal_length_and_a_diverged_one() -> None:
    short = ShownModel("short", (make_record("cnn", epochs=3),), dataset="CIFAR-10")
    lost = ShownModel("lost", (make_record("cnn", diverged=True),), dataset="CIFAR-10")
    figure = learning_curves([short, lost], Look("sv"))
    assert "divergerar" in figure.alt
    assert "3 epoker" in figure.alt
    assert "nan" not in figure.svg.lower()
