"""``new --from NOTEBOOK``: turn a notebook into a report of its models, data and text; list what is left out."""

from reportgen.commands.from_notebook.convert import Taken, take
from reportgen.commands.from_notebook.declaring import declared

__all__ = ["Taken", "declared", "take"]
