"""Describe the difference between two versions of a statement in one line."""

import ast
import difflib

LONGEST = 60


def change(old: str, new: str) -> tuple[str, str]:
    """Return the smallest part of two texts of Python that shows how they differ.

    That is the innermost call, argument or statement around the difference that fits on a line; where several
    places differ, the first lines that do.
    """
    try:
        around = _around(ast.parse(old), ast.parse(new))
    except (SyntaxError, ValueError, RecursionError):
        around = []
    for one, two in reversed(around):
        texts = ast.unparse(one), ast.unparse(two)
        if any(len(text) > LONGEST or "\n" in text for text in texts):
            break
        if isinstance(one, ast.Call | ast.keyword | ast.stmt):
            return texts
    return _lines(old, new)


def clip(text: str) -> str:
    """Return a text that is not longer than a line."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _around(old: ast.AST, new: ast.AST) -> list[tuple[ast.AST, ast.AST]]:
    """Return the pairs of nodes that hold the only difference, the outermost first."""
    found: list[tuple[ast.AST, ast.AST]] = []
    pair: tuple[ast.AST, ast.AST] | None = (old, new)
    while pair is not None:
        found.append(pair)
        pair = _only_child(*pair)
    return [each for each in found if isinstance(each[0], ast.expr | ast.stmt | ast.keyword)]


def _only_child(old: ast.AST, new: ast.AST) -> tuple[ast.AST, ast.AST] | None:
    if type(old) is not type(new):
        return None
    differing = []
    for name, before in ast.iter_fields(old):
        after = getattr(new, name, None)
        if isinstance(before, list) and isinstance(after, list):
            if len(before) != len(after):
                return None
            differing += [(a, b) for a, b in zip(before, after, strict=True) if not _same(a, b)]
        elif not _same(before, after):
            differing.append((before, after))
    if len(differing) != 1:
        return None
    before, after = differing[0]
    return (before, after) if isinstance(before, ast.AST) and isinstance(after, ast.AST) else None


def _same(old: object, new: object) -> bool:
    if isinstance(old, ast.AST) and isinstance(new, ast.AST):
        return ast.dump(old) == ast.dump(new)
    return type(old) is type(new) and old == new


def _lines(old: str, new: str) -> tuple[str, str]:
    removed, added = [], []
    for line in difflib.ndiff(old.splitlines(), new.splitlines()):
        if line.startswith("- "):
            removed.append(line[2:].strip())
        elif line.startswith("+ "):
            added.append(line[2:].strip())
    return clip(removed[0] if removed else ""), clip(added[0] if added else "")
