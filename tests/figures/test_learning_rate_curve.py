"""The learning rate is that of the record."""

import dataclasses

import pytest

from reportgen.figures import Figure, Look, ShownModel, learning_rate_curve
from tests.factories import make_record
from tests.figures.reading import texts


def curve(*rates: float, language: str = "en") -> Figure:
    record = make_record("own", epochs=len(rates))
    history = dataclasses.replace(record.history, learning_rate=rates)
    return learning_rate_curve(
        ShownModel("Own", (dataclasses.replace(record, history=history),)), Look(language)
    )


def test_a_schedule_is_told_with_its_peak() -> None:
    alt = curve(0.1, 0.25, 0.1, 0.0).alt
    assert alt == "Own, 4 epochs: the learning rate rises from 0.1 to 0.25 at epoch 2, then falls to 0."


def test_a_constant_without_float32_noise() -> None:
    assert curve(*(0.009999999776,) * 3).alt == "Own, 3 epochs: the learning rate is 0.01."


def test_small_rates_have_ticks_that_differ() -> None:
    ticks = [text for text in texts(curve(2e-5, 1e-5, 1e-6)) if text.startswith("0")]
    assert len(ticks) >= 3
    assert len(ticks) == len(set(ticks))


@pytest.mark.parametrize("rates", [(0.1,), (0.0, 0.0), (0.5,) * 40])
def test_any_course(rates: tuple[float, ...]) -> None:
    assert "nan" not in curve(*rates, language="sv").svg.lower()
