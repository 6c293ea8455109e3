"""Runs stale experiments: today in worker processes on this machine."""

from reportgen.executors.local import DIVERGED, evaluate, export, identify, together, train
from reportgen.executors.process import Event, Observer

__all__ = ["DIVERGED", "Event", "Observer", "evaluate", "export", "identify", "together", "train"]
