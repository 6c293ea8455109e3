"""From pages of HTML to a PDF; the layout library is imported here only."""

from reportgen.document.evidence import Metadata
from reportgen.document.pdf.writing import lay_out, warm_up, write

__all__ = ["Metadata", "lay_out", "warm_up", "write"]
