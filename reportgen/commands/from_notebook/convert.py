"""Convert a notebook to the files of a report's answers/."""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportgen.commands.from_notebook import cells as notebook
from reportgen.commands.from_notebook import prose
from reportgen.commands.from_notebook.code import Statement, statements
from reportgen.commands.from_notebook.fits import fits
from reportgen.commands.from_notebook.models_file import Model, ModelsFile
from reportgen.errors import InputError, Problem, shown
from reportgen.report.dataset_file import CLASSES


@dataclass(frozen=True)
class Taken:
    """What a notebook gives a report.

    Attributes
    ----------
    files : mapping of str to bytes
        Below answers/, by their names.
    models : tuple of Model
    data : str
        The function of models.py that returns the data; empty where there is none.
    classes : tuple of str
        As far as the notebook says them.
    regression : bool
        Whether a number is predicted.
    title : str
    left : tuple of str
        What was not taken over, and what has to be filled in.
    """

    files: Mapping[str, bytes]
    models: tuple[Model, ...]
    data: str
    classes: tuple[str, ...]
    regression: bool
    title: str
    left: tuple[str, ...]


def take(path: Path, *, own_data: bool = False) -> Taken:
    """Read a notebook, and return the models that it fits, its data and its Markdown; nothing is run.

    Parameters
    ----------
    own_data : bool
        Whether the data come from elsewhere.

    Raises
    ------
    InputError
        If it is no notebook, or fits no model.
    """
    found = notebook.read(path)
    code, odd = statements(found)
    fitted = list(fits(code))
    if not fitted:
        remedy = "variables are converted that a model is assigned to, and that are fitted and evaluated"
        raise InputError(Problem(shown(path), 0, "no cell fits a model", remedy))
    left = [f"cell {number}: it is not valid Python" for number in odd]
    module = ModelsFile(path, code, left)
    models = module.models(fitted)
    data = "" if own_data else module.data(fitted[0])
    text = prose.prose(found, path.parent)
    regression = fitted[0].predicts_numbers
    titles = {model.name: model.title for model in models}
    answers = {
        **text.answers,
        f"{len(text.answers) + 1:02d}-results.md": prose.results(titles, regression=regression),
    }
    contents = {
        "models.py": module.text(path.name).encode(),
        **{name: each.encode() for name, each in answers.items()},
        **text.pictures,
        **module.files,
    }
    return Taken(
        contents,
        models,
        data,
        () if regression else _classes(code),
        regression,
        text.title,
        (*left, *text.left),
    )


def _classes(code: Sequence[Statement]) -> tuple[str, ...]:
    """Return the names of the classes, or their numbers where a last layer says how many there are."""
    for each in code:
        if each.fresh and "class" in each.fresh.lower() and isinstance(each.node, ast.Assign):
            try:
                value = ast.literal_eval(each.node.value)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                continue
            if (
                isinstance(value, list | tuple)
                and len(value) > 1
                and all(isinstance(one, str) for one in value)
            ):
                return tuple(value)
    text = "\n".join(each.text for each in code)
    last = re.findall(r"Dense\(\s*(?:units\s*=\s*)?(\w+)\s*,\s*activation\s*=\s*['\"]softmax", text)
    known = {
        each.fresh: each.node.value for each in code if each.constant and isinstance(each.node, ast.Assign)
    }
    count = last[-1] if last else ""
    if count in known and isinstance(value := known[count], ast.Constant):
        count = str(value.value)
    return tuple(map(str, range(min(int(count), CLASSES)))) if count.isdigit() else ()
