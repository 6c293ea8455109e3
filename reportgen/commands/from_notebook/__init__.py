"""``new --from NOTEBOOK``: models, data and text of a notebook as a report; what is left out is said."""

from reportgen.commands.from_notebook.convert import Taken, take
from reportgen.commands.from_notebook.declaring import declared

__all__ = ["Taken", "declared", "take"]
