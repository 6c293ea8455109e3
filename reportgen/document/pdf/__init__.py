"""From pages of HTML to a PDF; the layout library is imported here only."""

from reportgen.document.evidence import Metadata
from reportgen.document.pdf.writing import warm_up, write

__all__ = ["Metadata", "warm_up", "write"]
