"""``new --from NOTEBOOK``: turn a notebook into a report, and list what is left out."""

from reportgen.commands.from_notebook.convert import Taken, take
from reportgen.commands.from_notebook.declaring import declared

__all__ = ["Taken", "declared", "take"]
