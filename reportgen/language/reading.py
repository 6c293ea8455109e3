"""Read answers and expressions: text in, well-formed values out, every error with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from jinja2 import nodes

from reportgen.errors import InputError, Problem, nearest, shown
from reportgen.language import grammar, literal
from reportgen.language.functions import FUNCTIONS
from reportgen.language.outcome import Answer, ClaimSource
from reportgen.language.syntax import Tag, children, claims, control_lines, tokens, walk, without_claims


def parse(text: str, path: Path | str, first_line: int = 1) -> Answer:
    """Read an answer: Markdown with Jinja in it; the same text is read once.

    Parameters
    ----------
    text : str
    path : Path or str
        The file that it comes from, and `first_line` where it begins there: for messages.

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    return _parse(text, shown(path) if isinstance(path, Path) else path, first_line)


@lru_cache(maxsize=4096)
def _parse(text: str, name: str, first_line: int) -> Answer:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    problems = [fault.problem(name, first_line) for fault in _unreadable(text)]
    if problems:
        raise InputError(problems)
    parsed = grammar.template(control_lines(literal.shield(text)))
    if parsed.tree is None:
        raise InputError(fault.problem(name, first_line) for fault in parsed.faults)
    problems = [fault.problem(name, first_line) for fault in _vacuous(parsed.tree)]
    if problems:
        raise InputError(problems)
    roots: dict[str, int] = {}
    for root, line in _roots(parsed.tree.body, frozenset()):
        roots.setdefault(root, first_line + line - 1)
    return Answer(
        text=text,
        path=name,
        first_line=first_line,
        roots=roots,
        claims=tuple(_claim(tag, first_line) for tag in parsed.tags if tag.keyword == "claim"),
        tree=parsed.tree,
    )


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> tuple[nodes.Expr | None, tuple[grammar.Fault, ...]]:
    """Read one expression; return its tree, or None and what is wrong with it."""
    tree, faults = grammar.expression(text)
    return tree, tuple(faults)


def expression_names(text: str) -> tuple[str, ...]:
    """Return the names that an expression begins with, in order; nothing for one that can't be read."""
    tree, _ = parse_expression(text)
    return tuple(dict.fromkeys(name for name, _ in _roots([tree] if tree else [], frozenset())))


def fact_names(text: str) -> tuple[str, ...]:
    """Return the names of the facts in an expression, as the catalogue calls them."""
    tree, _ = parse_expression(text)
    found: dict[str, None] = {}
    waiting: list[nodes.Node] = [tree] if tree else []
    while waiting:
        node = waiting.pop()
        if name := dotted(node):
            found[name] = None
        else:
            waiting += children(node)
    return tuple(found)


def apart(answer: Answer) -> tuple[str, tuple[str, ...]]:
    """Return what of an answer its pages show, and the expressions of its claims, which they don't."""
    text = without_claims(tokens(control_lines(literal.shield(answer.text))))
    return literal.restore(text), tuple(claim.expression for claim in answer.claims)


def unknown_names(answer: Answer, known: list[str] | tuple[str, ...]) -> list[Problem]:
    """Return a problem for each name that an answer uses and that is not in `known`."""
    return [
        Problem(answer.path, line, f"unknown name `{root}`", nearest(root, known))
        for root, line in answer.roots.items()
        if root not in known
    ]


def _unreadable(text: str) -> Iterator[grammar.Fault]:
    if len(text) > grammar.MOST_TEXT:
        yield grammar.Fault(
            1, f"an answer of {len(text):,} characters is too long (most: {grammar.MOST_TEXT:,})"
        )
        return
    for number, line in enumerate(text.split("\n"), start=1):
        match = literal.FORBIDDEN.search(line)
        if match:
            yield grammar.Fault(
                number, f"the character U+{ord(match.group()):04X} is not allowed", "remove it"
            )
    for offset, fact in literal.facts_in_math(text):
        line_number = text.count("\n", 0, offset) + 1
        yield grammar.Fault(
            line_number,
            f"{fact} is inside a formula, where nothing is filled in",
            "end the formula before it",
        )


def _vacuous(tree: nodes.Template) -> Iterator[grammar.Fault]:
    """Yield the claims that name no fact: whatever they say, they vouch for nothing."""
    for node in claims(tree.body):
        if not any(_roots(node.call.args, frozenset())):
            yield grammar.Fault(node.lineno, "this claim uses no fact", "compare a fact with something")


def _claim(tag: Tag, first_line: int) -> ClaimSource:
    words = " ".join(literal.restore(tag.body).split())
    return ClaimSource(literal.restore(tag.expression), words, first_line + tag.line - 1)


def _roots(body: Sequence[nodes.Node], bound: frozenset[str]) -> Iterator[tuple[str, int]]:
    """Yield the free names of a tree with their lines."""
    for node in body:
        if isinstance(node, nodes.Name):
            if node.ctx == "load" and node.name not in bound and node.name not in FUNCTIONS:
                yield node.name, node.lineno
        elif isinstance(node, nodes.For):
            assert isinstance(node.target, nodes.Name)
            yield from _roots([node.iter], bound)
            inner = bound | {node.target.name, "loop"}
            yield from _roots([*([node.test] if node.test else []), *node.body], inner)
            yield from _roots(node.else_, bound)
        else:
            yield from _roots(list(children(node)), bound)


def references(answer: Answer) -> tuple[str, ...]:
    """Return the dotted names that stand alone in an output or in ``ref``: what an answer may show."""
    found: dict[str, None] = {}
    for node in walk(answer.tree):
        inside = {nodes.Output: "nodes", nodes.Call: "args"}.get(type(node))
        for child in getattr(node, inside) if inside else ():
            if isinstance(child, nodes.Getattr) and (name := dotted(child)):
                found[name] = None
    return tuple(found)


def mentioned(answer: Answer) -> frozenset[str]:
    """Return every dotted name that an answer uses, wherever it stands."""
    found = (dotted(node) for node in walk(answer.tree) if isinstance(node, nodes.Getattr))
    return frozenset(name for name in found if name)


def dotted(node: nodes.Node) -> str:
    """Return the dotted name that an expression is, or nothing where it is more than a name."""
    match node:
        case nodes.Name(name=name):
            return str(name)
        case nodes.Getattr(node=owner, attr=attribute):
            return f"{prefix}.{attribute}" if (prefix := dotted(owner)) else ""
        case nodes.Getitem(node=owner, arg=nodes.Const(value=int() | str() as key)):
            shown_key = f'"{key}"' if isinstance(key, str) else str(key)
            return f"{prefix}[{shown_key}]" if (prefix := dotted(owner)) else ""
        case _:
            return ""
