"""The PDF as a piece of work for another process: all that goes into it, and what makes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from reportgen.document import evidence
from reportgen.document.assets import Assets
from reportgen.pipeline.project import Project


@dataclass(frozen=True)
class Manuscript:
    """All that the PDF is made from (see `reportgen.document.pdf.write`)."""

    parts: Sequence[str]
    assets: Assets
    attachments: Sequence[evidence.Attachment]
    metadata: evidence.Metadata
    formulas: frozenset[str]


def typesetter(project: Project) -> Callable[[Manuscript], bytes]:
    """Load what sets a PDF, which takes a moment, and return it."""
    from reportgen.document import pdf

    keep = partial(project.store.artifact, "pages")
    return lambda manuscript: pdf.write(**vars(manuscript), keep=keep)


def warm_up(project: Project) -> None:
    """Have what sets a PDF load what it loads with its first page."""
    from reportgen.document import pdf

    pdf.warm_up(project.report.language)
