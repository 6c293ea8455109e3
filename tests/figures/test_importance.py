"""Importance of the columns of a table."""

from dataclasses import replace

import pytest

from reportgen.errors import RenderError
from reportgen.figures import Figure, Look, ShownModel, importance
from reportgen.training.record import Record, input_layers
from tests.factories import make_fitted, make_record
from tests.figures.reading import texts

DROPS = {"noise": (0.0, 0.01, -0.01), "length": (0.2, 0.22, 0.24), "colour": (0.1, 0.1, 0.1)}


def of_table(**changes: object) -> Record:
    record = make_fitted("forest")
    first, *steps = record.architecture.layers
    layers = (replace(first, output_shape=(None, 4)), *steps)
    architecture = replace(record.architecture, layers=layers)
    return replace(record, architecture=architecture, **{"importance": DROPS, **changes})  # type: ignore[arg-type]


def made(record: Record) -> Figure:
    return importance(ShownModel("Forest", (record,)), Look("en", pictures=False))


def test_columns_are_sorted_and_told_with_their_spread() -> None:
    figure = made(of_table())
    assert figure.alt == (
        "Forest, how much worse it gets on validation rows where a column is shuffled: "
        "length 22.0 points (± 2.0 points); colour 10.0 points (± 0.0 points); "
        "noise 0.0 points (± 1.0 points)."
    ).replace(" points", "\u00a0points")
    assert [text for text in texts(figure) if text in DROPS] == ["length", "colour", "noise"]
    assert "validation rows where a column is shuffled" in figure.caption


def test_of_many_columns_the_most_important_are_shown() -> None:
    figure = made(of_table(importance={f"c{at}": (at / 100, at / 100) for at in range(30)}))
    assert "The 20 most important of 30 columns." in figure.caption
    assert "c9" not in texts(figure) and "c29" in texts(figure)


def test_of_several_inputs_it_speaks_of_inputs() -> None:
    record = of_table()
    inputs = input_layers({"noise": (4,), "length": (8, 8, 1), "colour": ()})
    layers = (*inputs, *record.architecture.layers[1:])
    figure = made(replace(record, architecture=replace(record.architecture, layers=layers)))
    assert "validation items where one of its inputs is shuffled" in figure.caption
    assert "column" not in figure.caption + figure.alt


def test_of_several_seeds_the_first_is_shown_and_said() -> None:
    figure = importance(ShownModel("Forest", (of_table(), of_table())), Look("en", pictures=False))
    assert "Of 2 seeds" in figure.caption


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (of_table(importance={}), "Forest: no importances were measured when it was trained.*another seed"),
        (of_table(importance={}, function="told"), r"told\(\) returns predictions only"),
        (make_record(), "importances are of the columns of a table"),
    ],
)
def test_without_importances_it_says_why(record: Record, said: str) -> None:
    with pytest.raises(RenderError, match=said):
        made(record)
