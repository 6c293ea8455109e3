"""Images arrive in the range that report.toml says, in training and in evaluation."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.report.training_parameters import SCALES, Scale
from reportgen.training.job import Progress
from reportgen.training.scale import as_bytes, scaled, squeezed
from reportgen.training.tensorflow import keras
from reportgen.training.train import Trained, train
from tests.training.jobs import MODELS, digits, job

RESCALED = MODELS.replace("layers.Flatten(),", "layers.Rescaling(1 / 255),\n        layers.Flatten(),", 1)
BYTES = np.arange(256, dtype=np.uint8)


@pytest.mark.parametrize("scale", SCALES)
def test_white_and_black_are_the_ends_of_the_range(scale: Scale) -> None:
    values = scaled(BYTES, scale).numpy()
    assert values.dtype == np.float32
    assert (values[0], values[-1]) == SCALES[scale]
    assert np.all(np.diff(values) > 0)
    assert np.array_equal(as_bytes(values, scale), BYTES)
    assert as_bytes(values[:1] - 9, scale) == 0
    assert as_bytes(values[-1:] + 9, scale) == 255


def test_unit_is_what_it_always_was() -> None:
    assert np.array_equal(scaled(BYTES, "unit"), BYTES.astype(np.float32) / np.float32(255))


def trained(folder: Path, models: str = MODELS, **changes: Any) -> tuple[Trained, Sequence[str]]:
    told: list[Progress] = []
    done = train(job(sources={"models.py": models}, **changes), digits(), folder, told.append)
    return done, [each.note for each in told if each.note]


def test_bytes_through_a_rescaling_train_as_unit_does_without(tmp_path: Path) -> None:
    plain, none = trained(tmp_path / "plain")
    rescaled, also_none = trained(tmp_path / "rescaled", RESCALED, scale="bytes")
    assert (none, also_none) == ([], [])
    assert rescaled.record.evaluations["test"].loss == pytest.approx(
        plain.record.evaluations["test"].loss, rel=1e-3
    )


def test_what_is_scaled_twice_is_warned_of(tmp_path: Path) -> None:
    _, (note,) = trained(tmp_path, RESCALED, epochs=1)
    assert note == (
        "warning: images arrive from 0 to 1, and rescaling (Rescaling) brings them to a range of 0.0039: "
        'remove it, or set scale = "bytes" in report.toml'
    )


@pytest.mark.parametrize(
    ("factor", "scale", "warned"),
    [(1 / 255, "unit", True), (1 / 127.5, "signed", True), (1 / 255, "bytes", False), (2.0, "unit", False)],
)
def test_a_rescaling_wherever_it_is(factor: float, scale: Scale, warned: bool) -> None:
    inner = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Rescaling(factor, offset=-1)])
    model = keras.Sequential([keras.Input((2, 2, 1)), inner, keras.layers.Flatten()])
    assert bool(squeezed(model, scale)) == warned
