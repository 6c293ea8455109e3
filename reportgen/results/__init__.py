"""Stored experiments as typed, read-only facts that answers may name."""

from reportgen.results.confusion import ClassFacts, Confusion, ConfusionMatrix
from reportgen.results.data import DataFacts
from reportgen.results.facts import Facts, ReportFacts, facts
from reportgen.results.history import Curve, HistoryFacts
from reportgen.results.listing import Entry, by_text, functions, listing
from reportgen.results.model_facts import ModelFacts
from reportgen.results.split_facts import SplitFacts

__all__ = [
    "ClassFacts",
    "Confusion",
    "ConfusionMatrix",
    "Curve",
    "DataFacts",
    "Entry",
    "Facts",
    "HistoryFacts",
    "ModelFacts",
    "ReportFacts",
    "SplitFacts",
    "by_text",
    "facts",
    "functions",
    "listing",
]
