"""What is exported is the model that was trained, or an error."""

from pathlib import Path

import numpy as np
import pytest

from reportgen.errors import TrainingError
from reportgen.report.training_parameters import Scale
from reportgen.training.export import export
from reportgen.training.train import train
from tests.training.jobs import MODELS, digits, job

# Keras's own, of its h5py file.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
CUSTOM = MODELS.replace("def dense", "class Own(layers.Dense):\n    pass\n\n\ndef dense").replace(
    "layers.Dense(32", "Own(32"
)


@pytest.mark.parametrize("scale", ["unit", "bytes"])
def test_a_file_predicts_what_was_measured(scale: Scale, tmp_path: Path) -> None:
    asked = job("everything", scale=scale)
    done = train(asked, digits(), tmp_path / "partial")
    test = done.record.evaluations["test"]
    correct = int(np.sum(test.labels == test.predicted))
    export(asked, digits(), done.weights, correct, tmp_path / "m.keras")
    assert (tmp_path / "m.keras").stat().st_size > 1000
    with pytest.raises(TrainingError, match=rf"loaded again, it classifies {correct} test images right, not"):
        export(asked, digits(), done.weights, correct - 3, tmp_path / "m.keras")


def test_a_class_of_the_authors_own_is_named(tmp_path: Path) -> None:
    asked = job(sources={"models.py": CUSTOM}, epochs=1)
    done = train(asked, digits(), tmp_path / "partial")
    message = r"dense: a \.keras file can't hold it without its code.*weights alone"
    with pytest.raises(TrainingError, match=message):
        export(asked, digits(), done.weights, 0, tmp_path / "m.keras")
