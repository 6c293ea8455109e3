"""Syntax of answers: Jinja's, cut down to an allow-list.

Jinja lexes and parses; nothing that it parsed is ever compiled to Python. `reportgen.language.evaluator`
walks the tree itself, so a node that is not named here has no meaning at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from jinja2 import TemplateSyntaxError, nodes
from jinja2.parser import Parser

from reportgen.errors import Problem
from reportgen.language.syntax import (
    ENVIRONMENT,
    Tag,
    children,
    claims,
    is_claim,
    number_claim,
    tags,
    tokens,
    tree,
)

MOST_TEXT: Final = 250_000
MOST_EXPRESSION: Final = 600
MOST_DEPTH: Final = 40
MOST_BLOCKS: Final = 20
MOST_NUMBER: Final = 1e15

_EXPRESSIONS: Final = (
    nodes.Name,
    nodes.Const,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Tuple,
    nodes.List,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Neg,
    nodes.Pos,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.CondExpr,
    nodes.Test,
    nodes.Filter,
    nodes.Call,
    nodes.Keyword,
)
_STATEMENTS: Final = (nodes.Output, nodes.TemplateData, nodes.If, nodes.For)
_REFUSED: Final = {
    "Assign": "`set`",
    "AssignBlock": "`set`",
    "Block": "`block`",
    "CallBlock": "`call`",
    "Concat": "`~`",
    "Dict": "a dictionary",
    "Extends": "`extends`",
    "FilterBlock": "`filter` as a block",
    "FloorDiv": "`//`",
    "FromImport": "`from … import`",
    "Import": "`import`",
    "Include": "`include`",
    "Macro": "`macro`",
    "Mod": "`%` between values",
    "Pow": "`**`",
    "Scope": "`autoescape`",
    "With": "`with`",
}
_OUTPUT = re.compile(r"\{\{.*?\}\}")
_EXPRESSION = re.compile(r"\{%(-?)\s*(claim|if|elif)\b.*?%\}")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff]")


@dataclass(frozen=True)
class Fault:
    """A syntax error; `line` counts from 1 in the text that was read."""

    line: int
    message: str
    remedy: str = ""

    def problem(self, path: str, first_line: int) -> Problem:
        """Return it as a problem of a file in which the text begins at `first_line`."""
        return Problem(path, first_line + self.line - 1, self.message, self.remedy)


_TOO_DEEP: Final = Fault(1, "an expression is nested too deeply to be read", "write it more simply")


@dataclass(frozen=True)
class Parsed:
    """An answer's tree and tags; `tree` is None where there are `faults`."""

    tree: nodes.Template | None
    tags: list[Tag]
    faults: list[Fault]


def template(text: str) -> Parsed:
    """Parse an answer, or say all that is wrong with it."""
    try:
        read = tokens(text)
        written = tags(read)
        faults = [fault for tag in written for fault in _sizes(tag)]
        if faults:
            return Parsed(None, written, faults)
        found = tree(read)
    except TemplateSyntaxError as error:
        return Parsed(None, [], _all_faults(text, error))
    except (RecursionError, ValueError, OverflowError):
        return Parsed(None, [], [_TOO_DEEP])
    faults = list(_check(found.body, 0))
    if faults:
        return Parsed(None, written, faults)
    for number, block in enumerate(claims(found.body)):
        number_claim(block, number)
    return Parsed(found, written, [])


def expression(text: str) -> tuple[nodes.Expr | None, list[Fault]]:
    """Parse one expression; return its tree, or None with what is wrong."""
    faults = list(_sizes(Tag(1, "", text)))
    if faults:
        return None, faults
    try:
        parser = Parser(ENVIRONMENT, text, state="variable")
        found = parser.parse_expression()
        if not parser.stream.eos:
            raise TemplateSyntaxError(
                f"did not expect {parser.stream.current.value!r} here", parser.stream.current.lineno
            )
    except TemplateSyntaxError as error:
        return None, [_fault(error)]
    except (RecursionError, ValueError, OverflowError):
        return None, [_TOO_DEEP]
    faults = list(_check([found], 0))
    return (None if faults else found), faults


def _fault(error: TemplateSyntaxError) -> Fault:
    message = (error.message or "can't be read").replace("Encountered", "there is")
    remedy = "a decimal begins with a digit, as in 0.41" if message.endswith("unexpected '.'") else ""
    return Fault(error.lineno, f"syntax error: {message}", remedy)


def _all_faults(text: str, error: TemplateSyntaxError) -> list[Fault]:
    """Return the faults of each tag by itself, and what is wrong when those are mended."""
    try:
        written = tags(tokens(text))
    except TemplateSyntaxError:
        return [_fault(error)]
    faults = []
    for tag in written:
        if tag.keyword in ("", "claim", "if", "elif"):
            _, found = expression(tag.expression)
            faults += [Fault(tag.line + fault.line - 1, fault.message, fault.remedy) for fault in found]
    if not faults:
        return [_fault(error)]
    lines = text.split("\n")
    for number in {fault.line - 1 for fault in faults}:
        lines[number] = _EXPRESSION.sub(r"{%\1 \2 true %}", _OUTPUT.sub("", lines[number]))
    mended = "\n".join(lines)
    if mended == text:
        return faults
    return faults + [fault for fault in template(mended).faults if fault not in faults]


def _sizes(tag: Tag) -> Iterator[Fault]:
    if len(tag.expression) > MOST_EXPRESSION:
        length = f"an expression of {len(tag.expression)} characters"
        yield Fault(
            tag.line, f"{length} is too long (most: {MOST_EXPRESSION})", "split it into several claims"
        )
    depth = deepest = 0
    for character in tag.expression:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    if deepest > MOST_DEPTH:
        yield Fault(
            tag.line, f"brackets are nested {deepest} deep (most: {MOST_DEPTH})", "write it more simply"
        )


def _check(body: Iterable[nodes.Node], depth: int, claim: bool = False) -> Iterator[Fault]:
    for node in body:
        yield from _check_node(node, depth, claim)


def _check_node(node: nodes.Node, depth: int, claim: bool) -> Iterator[Fault]:
    if is_claim(node):
        assert isinstance(node, nodes.CallBlock)
        if claim:
            yield Fault(
                node.lineno, "a claim is inside another claim", "end the first one before the second begins"
            )
        yield from _check(node.call.args, depth + 1)
        yield from _check(node.body, depth + 1, True)
        return
    if not _allowed(type(node)):
        name = _REFUSED.get(type(node).__name__, type(node).__name__)
        yield Fault(_line(node), f"{name} is not part of the language of answers")
        return
    limit = MOST_BLOCKS if isinstance(node, nodes.If | nodes.For) else MOST_DEPTH
    if depth > limit:
        yield Fault(node.lineno, f"this is nested more than {limit} deep", "write it more simply")
        return
    yield from _details(node)
    yield from _check(children(node), depth + (not isinstance(node, nodes.Output)), claim)


@cache
def _allowed(kind: type) -> bool:
    return issubclass(kind, _EXPRESSIONS + _STATEMENTS)


def _line(node: nodes.Node) -> int:
    """Return the line of a node, or of the first inside it that knows its own."""
    return node.lineno or next((_line(child) for child in children(node)), 1)


def _details(node: Any) -> Iterator[Fault]:
    """Yield what is wrong with a node of an allowed type."""
    match node:
        case nodes.Const(value=None):
            yield Fault(node.lineno, "`none` is not part of the language of answers")
        case nodes.CondExpr(expr2=None):
            yield Fault(node.lineno, "`… if …` needs an `else`")
        case nodes.Filter(node=None):
            yield Fault(node.lineno, "a filter needs a value before it")
        case nodes.Const(value=str() as text) if _UNPRINTABLE.search(text):
            yield Fault(node.lineno, "a string contains a character that can't be printed")
        case nodes.Const(value=float() | int() as number) if abs(number) > MOST_NUMBER:
            yield Fault(node.lineno, "a number is too large")
        case nodes.Getattr(attr=attribute) if attribute.startswith("_"):
            yield Fault(node.lineno, f"no fact is called `{attribute}`")
        case nodes.Name(ctx=context, name=name) if context == "store" and name.startswith("_"):
            yield Fault(node.lineno, f"`{name}` can't name a loop's value")
        case nodes.For(recursive=True):
            yield Fault(node.lineno, "a recursive loop is not part of the language of answers")
        case nodes.For(target=target) if not isinstance(target, nodes.Name):
            yield Fault(node.lineno, "a loop gives one name to each value: `for pair in …`")
        case nodes.Call() if not isinstance(node.node, nodes.Name):
            yield Fault(
                node.lineno, "only functions are called: `ref(…)`, `abs(…)`, `min(…)`, `max(…)`, `mean(…)`"
            )
    if getattr(node, "dyn_args", None) or getattr(node, "dyn_kwargs", None):
        yield Fault(node.lineno, "`*` and `**` arguments are not part of the language of answers")
