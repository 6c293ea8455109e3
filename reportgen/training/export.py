"""Save a trained model as a file of Keras's, and see that it predicts what the report says."""

from pathlib import Path

import numpy as np

from reportgen.datasets.inputs import given
from reportgen.datasets.types import Dataset
from reportgen.errors import Problem, TrainingError
from reportgen.training import tasks
from reportgen.training.build import build
from reportgen.training.components import takes_logits
from reportgen.training.job import Job
from reportgen.training.prepare import opened
from reportgen.training.raised import said
from reportgen.training.scale import scale_of, scaled
from reportgen.training.tensorflow import keras
from reportgen.training.weights import unpack

_BATCH = 256
_FEW = 2  # images on an edge between two classes, which other batches may round over
_ROUNDING = 1e-3


def export(job: Job, dataset: Dataset, weights: bytes, expected: float, path: Path) -> None:
    """Write a ``.keras`` file that needs nothing of models.py.

    Parameters
    ----------
    weights : bytes
        The model's weights, as a safetensors file.
    expected : float
        How many test images the report says it classifies right; of numbers the mean absolute error.

    Raises
    ------
    TrainingError
        If the file can't hold the model, or what is loaded from it predicts otherwise.
    """
    with opened(job) as functions:
        model = build(job, functions, dataset)
        unpack(weights, model)
        model.save(path)
    remedy = "export it as .safetensors: these are the weights alone"
    try:
        loaded = keras.models.load_model(path, compile=False)
    except Exception as error:
        message = f"{job.model}: a .keras file can't hold it without its code: {said(error)}"
        raise TrainingError(Problem(job.models_path, 0, message, remedy)) from None
    inputs, labels = dataset.test.inputs, dataset.test.labels
    starts, scale = range(0, len(labels), _BATCH), scale_of(job.training.scale, dataset)
    batches = [scaled(given(inputs[at : at + _BATCH]), scale) for at in starts]
    outputs = np.concatenate([loaded(batch, training=False).numpy() for batch in batches])
    found = tasks.of(dataset).right(outputs, labels, 0.0 if takes_logits(job.training.loss) else 0.5)
    if dataset.regression:
        if not np.isclose(found, expected, rtol=_ROUNDING):
            message = f"{job.model}: loaded again, its mean absolute error is {found:.4g}, not {expected:.4g}"
            raise TrainingError(Problem("", 0, message, remedy))
        return
    if abs(found - expected) > _FEW:
        message = (
            f"{job.model}: loaded again, it classifies {found:.0f} test images right, not {expected:.0f}"
        )
        raise TrainingError(Problem("", 0, message, remedy))
