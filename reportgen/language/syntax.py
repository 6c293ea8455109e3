"""Jinja's lexer and parser with the claim tag, and what they find in an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from jinja2 import StrictUndefined, nodes
from jinja2.ext import Extension
from jinja2.lexer import TokenStream
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

CLAIM: Final = "reportgen.claim"
_CONTROL = re.compile(
    r"^[ \t]*(\{%-?\s*(?:if|elif|else|endif|for|endfor)\b(?:(?!%\}|\{%)[^\n])*?)(-?%\})[ \t]*\n", re.MULTILINE
)


class ClaimTag(Extension):
    """``{% claim EXPRESSION %}sentence{% endclaim %}``."""

    tags = {"claim"}  # noqa: RUF012 - Jinja's interface

    def parse(self, parser: Parser) -> nodes.Node:
        """Return a block whose target no other tag can name."""
        line = next(parser.stream).lineno
        expression = parser.parse_expression()
        body = parser.parse_statements(("name:endclaim",), drop_needle=True)
        target = nodes.ExtensionAttribute(CLAIM, "")
        call = nodes.Call(target, [expression], [], None, None, lineno=line)
        return nodes.CallBlock(call, [], [], body, lineno=line)


ENVIRONMENT: Final = ImmutableSandboxedEnvironment(
    extensions=[ClaimTag],
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    autoescape=False,
    cache_size=0,
)


@dataclass(frozen=True)
class Tag:
    """One ``{{ … }}`` or ``{% … %}`` as written.

    Attributes
    ----------
    line : int
        Counted from 1 in the text.
    keyword : str
        ``claim``, ``if`` …; empty for an output.
    expression : str
        The rest of the tag.
    body : str
        Of a claim: what stands up to its end.
    """

    line: int
    keyword: str
    expression: str
    body: str = ""


def control_lines(text: str) -> str:
    """Return `text` such that a line which holds an ``if`` or ``for`` tag alone leaves no empty line.

    The line break moves into the tag, where it means nothing; the lines keep their numbers.
    """
    return _CONTROL.sub(r"\1\n\2", text)


Tokens = list[tuple[int, str, str]]


def tokens(text: str) -> Tokens:
    """Return the tokens of a text: line, kind, what was written.

    Raises
    ------
    TemplateSyntaxError
        If a bracket isn't closed, or a tag holds a character that no expression has.
    """
    return list(ENVIRONMENT.lexer.tokeniter(text, None))


def tree(read: Tokens) -> nodes.Template:
    """Return the syntax tree of a text that was read into tokens.

    Raises
    ------
    TemplateSyntaxError
        If it has none.
    """
    parser = Parser(ENVIRONMENT, "")
    parser.stream = TokenStream(ENVIRONMENT.lexer.wrap(iter(read)), None, None)
    return parser.parse()


def tags(read: Tokens) -> list[Tag]:
    """Return the tags of a text in order."""
    found: list[Tag] = []
    claims: list[tuple[int, list[str]]] = []  # the claims still open: place in `found`, pieces of the body
    written: list[str] = []
    line = 0
    for number, token, value in read:
        kind, _, edge = token.partition("_")
        if edge == "begin":
            line, written = number, []
        elif edge == "end" and kind in ("variable", "block"):
            words = "".join(written).strip()
            keyword = words.split(None, 1)[0] if kind == "block" and words else ""
            if keyword == "claim":
                claims.append((len(found), []))
            elif keyword == "endclaim" and claims:
                place, body = claims.pop()
                claim = found[place]
                found[place] = Tag(claim.line, claim.keyword, claim.expression, "".join(body))
            elif claims and kind == "variable":
                claims[-1][1].append(f"{{{{ {words} }}}}")
            found.append(Tag(line, keyword, words[len(keyword) :].strip()))
        elif kind == "data" and claims:
            claims[-1][1].append(value)
        elif kind not in ("data", "comment", "raw"):
            written.append(value)
    return found


def without_claims(read: Tokens) -> str:
    """Return what was read without the expressions of its claims: what of an answer its pages show."""
    pieces: list[str] = []
    opened = claim = False
    for _, kind, value in read:
        if kind == "block_begin" or kind == "block_end":
            opened, claim = kind == "block_begin", False
        elif opened and kind != "whitespace":
            opened, claim = False, value == "claim"
        elif claim:
            continue
        pieces.append(value)
    return "".join(pieces)


def children(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield the nodes right below a node (as Jinja's own method does, in a third of its time)."""
    for field in node.fields:
        value = getattr(node, field)
        if isinstance(value, list):
            for item in value:
                if isinstance(item, nodes.Node):
                    yield item
        elif isinstance(value, nodes.Node):
            yield value


def walk(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield a node and all below it, in the order of the text."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed([*children(node)])


def is_claim(node: nodes.Node) -> bool:
    """Return whether a block is a claim."""
    return (
        isinstance(node, nodes.CallBlock)
        and isinstance(node.call.node, nodes.ExtensionAttribute)
        and node.call.node.identifier == CLAIM
    )


def claims(body: Iterable[nodes.Node]) -> Iterator[nodes.CallBlock]:
    """Yield the claims among statements and inside them, in the order of the text."""
    for node in body:
        if isinstance(node, nodes.CallBlock):
            if is_claim(node):
                yield node
            yield from claims(node.body)
        elif isinstance(node, nodes.If):
            yield from claims((*node.body, *node.elif_, *node.else_))
        elif isinstance(node, nodes.For):
            yield from claims((*node.body, *node.else_))


def number_claim(node: nodes.CallBlock, number: int) -> None:
    """Remember which claim of the answer a block is, counted from 0."""
    assert isinstance(node.call.node, nodes.ExtensionAttribute)
    node.call.node.name = str(number)


def claim_number(node: nodes.CallBlock) -> int:
    """Return which claim of the answer a block is."""
    assert isinstance(node.call.node, nodes.ExtensionAttribute)
    return int(node.call.node.name)
