"""Write PDFs and read them again; WeasyPrint is imported here only."""

from reportgen.document.evidence import Metadata
from reportgen.document.pdf.writing import write

__all__ = ["Metadata", "write"]
