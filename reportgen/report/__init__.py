"""What the authors said: ``answers/`` → a frozen, validated `Report`."""

from reportgen.report.load import load
from reportgen.report.model import (
    Component,
    DatasetFile,
    ModelSpec,
    Place,
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
    "Place",
    "Published",
    "Report",
    "Requirement",
    "Scalar",
    "Section",
    "TitleBlock",
    "Training",
    "load",
]
