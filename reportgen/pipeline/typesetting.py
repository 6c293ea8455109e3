"""The PDF as a piece of work for another process: all that goes into it, and what makes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportgen.artifacts import Artifacts
from reportgen.document import evidence
from reportgen.document.assets import Assets
from reportgen.pipeline.project import Project


@dataclass(frozen=True)
class Manuscript:
    """What the PDF is laid out from (see `reportgen.document.pdf.lay_out`)."""

    parts: Sequence[str]
    assets: Assets
    metadata: evidence.Metadata
    formulas: frozenset[str]


Attachments = Sequence[evidence.Attachment]


def typesetter(project: Project) -> Callable[[Manuscript], Callable[[Attachments], bytes]]:
    """Load what sets a PDF, which takes a moment, and return it: it asks for the attachments last."""
    from reportgen.document import pdf

    return lambda manuscript: pdf.lay_out(**vars(manuscript), keep=Artifacts(project.store))


def warm_up(project: Project) -> None:
    """Have what sets a PDF load what it loads with its first page."""
    from reportgen.document import pdf

    pdf.warm_up(project.report.language)
