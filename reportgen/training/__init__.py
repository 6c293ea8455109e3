"""Training: a job and a data set → trained weights, history, predictions, layer table.

TensorFlow is imported in this room only, and only by `train`, `worker` and what they use: the
values and the files of a record, which this package offers, need none of it.
"""

from reportgen.training.codec import PREDICTIONS, RECORD, WEIGHTS, files_of, read
from reportgen.training.record import SPLITS, Architecture, Environment, Evaluation, History, Layer, Record

__all__ = [
    "PREDICTIONS",
    "RECORD",
    "SPLITS",
    "WEIGHTS",
    "Architecture",
    "Environment",
    "Evaluation",
    "History",
    "Layer",
    "Record",
    "files_of",
    "read",
]
