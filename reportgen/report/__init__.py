"""Read a report: ``answers/`` → a frozen, validated `Report`."""

from reportgen.report.dataset_file import DatasetFile
from reportgen.report.load import load
from reportgen.report.training_parameters import Component, Scalar, Training
from reportgen.report.types import ModelSpec, Published, Report, Requirement, Section, TitleBlock

__all__ = [
    "Component",
    "DatasetFile",
    "ModelSpec",
    "Published",
    "Report",
    "Requirement",
    "Scalar",
    "Section",
    "TitleBlock",
    "Training",
    "load",
]
