"""Run stale experiments: in worker processes on this machine, or on several machines."""

from reportgen.executors.interface import Executor
from reportgen.executors.names import named
from reportgen.executors.on_this_machine import data, export
from reportgen.executors.process import Event, Observer
from reportgen.executors.questions import augment, identify, versions
from reportgen.executors.questions import data as data_elsewhere
from reportgen.executors.tasks import evaluate, together, train

__all__ = [
    "Event",
    "Executor",
    "Observer",
    "augment",
    "data",
    "data_elsewhere",
    "evaluate",
    "export",
    "identify",
    "named",
    "together",
    "train",
    "versions",
]
