"""The document: answers, facts and figures set as pages, as a notebook and as a web page.

What is exported here are values without weight. The makers are modules, imported where they are needed:
`page` (HTML), `pdf`, `notebook`, `notebook.web_page`, `provenance` (the appendix).
"""

from reportgen.document.displays import Column, Display, Drawing, Listing, Table
from reportgen.document.evidence import Attachment, Metadata
from reportgen.document.labels import Labels, labels

__all__ = ["Attachment", "Column", "Display", "Drawing", "Labels", "Listing", "Metadata", "Table", "labels"]
