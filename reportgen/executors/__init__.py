"""Run stale experiments: today in worker processes on this machine."""

from reportgen.executors.data import data
from reportgen.executors.local import DIVERGED, augment, evaluate, export, identify, together, train
from reportgen.executors.process import Event, Observer

__all__ = [
    "DIVERGED",
    "Event",
    "Observer",
    "augment",
    "data",
    "evaluate",
    "export",
    "identify",
    "together",
    "train",
]
