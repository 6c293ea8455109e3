"""From a page of HTML to a PDF, and from a PDF back to what it says; WeasyPrint is imported here only."""

from reportgen.document.evidence import Metadata
from reportgen.document.pdf.writing import write

__all__ = ["Metadata", "write"]
