"""Read a report: ``answers/`` → a frozen, validated `Report`."""

from reportgen.report.load import load
from reportgen.report.types import (
    Component,
    DatasetFile,
    ModelSpec,
    Published,
    Report,
    Requirement,
    Scalar,
    Section,
    TitleBlock,
    Training,
)

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
