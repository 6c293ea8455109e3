"""Code as nested lists: no comments, no formatting, the same for every version of Python."""

import ast
from collections.abc import Iterator

Json = None | bool | int | str | list["Json"]
_SKIPPED = {"ctx", "type_comment", "kind", "type_ignores"}


def tree(node: object) -> Json:
    """Return code with nothing renamed or left out."""
    if isinstance(node, ast.AST):
        return [type(node).__name__, *([name, tree(value)] for name, value in said(node))]
    if isinstance(node, list):
        return [tree(item) for item in node]
    return ["=", type(node).__name__, repr(node)]


def said(node: ast.AST) -> Iterator[tuple[str, object]]:
    """Yield the fields of a node that are not empty, the same for every version of Python."""
    for name, value in ast.iter_fields(node):
        if isinstance(node, ast.JoinedStr):  # some versions end a format with an empty text
            value = [each for each in value if not (isinstance(each, ast.Constant) and each.value == "")]
        if name not in _SKIPPED and value is not None and value != []:
            yield name, value
