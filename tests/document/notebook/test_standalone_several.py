"""The notebook for elsewhere, of several targets and labels: its lines give the report's numbers."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from reportgen.document.notebook import standalone
from reportgen.report.training_parameters import Component
from reportgen.training.record import Record
from tests.factories import make_report, make_training
from tests.several import make_labels, make_targets


def printed(record: Record, given: np.ndarray, capsys: pytest.CaptureFixture[str], **loss: Any) -> str:  # type: ignore[type-arg]
    """Run the lines that measure a model which predicts what is `given`, and return what they print."""
    spec = make_report(("net",)).models["net"]
    spec = replace(spec, training=make_training(loss=Component("binary_crossentropy", loss)))
    test = record.evaluations["test"]

    class Model:
        def predict(self, inputs: object, verbose: int = 0) -> object:
            return given

    known: dict[str, Any] = {
        "np": np,
        "model": Model(),
        "estimator": Model(),
        "found": {"test": given},
        "scale": lambda images: images,
        "x_test": np.zeros((len(test.labels), 2)),
        "y_test": test.labels.astype(np.float32),
    }
    exec(standalone._test(spec, record), known)
    return capsys.readouterr().out


@pytest.mark.parametrize("kind", [{}, {"estimator": "Forest"}, {"function": "train_net"}])
def test_labels(kind: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    record = replace(make_labels(), **kind)  # type: ignore[arg-type]
    given = record.evaluations["test"].confidence.astype(float)
    said = printed(record, given, capsys)
    assert said == "test items with all labels right 0.7300; in the report 0.7300\n"
    if not kind:
        assert printed(record, given - 0.5, capsys, from_logits=True) == said


def test_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    record = make_targets()
    said = printed(record, record.evaluations["test"].predicted, capsys)
    there, here = said.split()[-1], said.split("error ")[1].split(";")[0]
    assert said.startswith("test mean absolute error")
    assert there == here
