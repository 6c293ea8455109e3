"""Walk the statements of one answer and collect what they write."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from jinja2 import nodes

from reportgen.errors import Problem
from reportgen.language import literal
from reportgen.language.evaluator import Evaluator
from reportgen.language.filters import Printed
from reportgen.language.functions import Reference
from reportgen.language.groups import Series
from reportgen.language.lines import has_show, marked, trimmed, unmarked
from reportgen.language.outcome import CLOSE, OPEN, TOKEN, Answer, ClaimOutcome, PrintedFact
from reportgen.language.quantity import Quantity
from reportgen.language.syntax import claim_number
from reportgen.language.values import (
    ExhaustedError,
    FactError,
    MissingError,
    Namespace,
    Show,
    Term,
    described,
)

MOST_OUTPUT: Final = 2_000_000


class Writer:
    """What is written of an answer; `pieces` are its text, `problems` all that is wrong with it."""

    def __init__(self, answer: Answer, evaluator: Evaluator) -> None:
        self.answer = answer
        self.evaluator = evaluator
        self.pieces: list[str] = []
        self.problems: list[Problem] = []
        self.shows: list[Show] = []
        self.facts: list[PrintedFact] = []
        self.claims: list[ClaimOutcome] = []
        self.refs: list[Show] = []
        self._size = 0

    def write(self) -> None:
        """Write the whole answer."""
        try:
            self.body(self.answer.tree.body)
        except ExhaustedError as error:
            self._problem(self.answer.tree, error)

    def body(self, body: list[nodes.Node]) -> None:
        """Write statements; one that fails becomes a problem, the rest is written all the same."""
        for node in body:
            self._attempt(node, self._statement)

    def _attempt(self, node: nodes.Node, write: Callable[[Any], None]) -> None:
        try:
            write(node)
        except ExhaustedError:
            raise
        except MissingError as error:
            self._unwritten(node, error)
        except FactError as error:
            self._problem(node, error)

    def _statement(self, node: nodes.Node) -> None:
        match node:
            case nodes.Output(nodes=children):
                for child in children:
                    self._attempt(child, self._output)
            case nodes.If():
                self._branch(node)
            case nodes.For():
                self._loop(node)
            case _:
                assert isinstance(node, nodes.CallBlock)
                self._claim(node)

    # ---- conditions and loops -------------------------------------------------------------------

    def _branch(self, node: nodes.If) -> None:
        arms = [(node.test, node.body), *((arm.test, arm.body) for arm in node.elif_)]
        try:
            chosen = next((body for test, body in arms if self.evaluator.truth(test)), node.else_)
        except FactError:
            self._rehearse(*(body for _, body in arms), node.else_)
            raise
        self.body(chosen)

    def _loop(self, node: nodes.For) -> None:
        assert isinstance(node.target, nodes.Name)
        found = self.evaluator.value(node.iter)
        if not isinstance(found, tuple | Series):
            remedy = "a loop needs one, such as `cnn.test.confusions`"
            raise FactError(f"{described(found)} is not a list", remedy)
        outer = self.evaluator.locals
        try:
            self._repeat(node, node.target.name, found)
        finally:
            self.evaluator.locals = outer

    def _repeat(self, node: nodes.For, name: str, found: tuple[Any, ...] | Series[Any]) -> None:
        if isinstance(found, Series) and found.missing:
            for item in found.part(None, 1):
                self._bind(name, item, _Loop(1, 1))
                self._rehearse(node.body)
            raise MissingError(f"{found.name}: {found.missing}")
        items = [item for item in found if node.test is None or self._bind(name, item).truth(node.test)]
        for index, item in enumerate(items, start=1):
            self.evaluator.step()
            self._bind(name, item, _Loop(index, len(items)))
            self.body(node.body)
        if not items:
            self.body(node.else_)

    def _bind(self, name: str, item: object, loop: Namespace | None = None) -> Evaluator:
        self.evaluator.locals = {**self.evaluator.locals, name: item} | ({"loop": loop} if loop else {})
        return self.evaluator

    def _rehearse(self, *bodies: list[nodes.Node]) -> None:
        """Look for problems in parts of which it can't be said whether they are written; write nothing."""
        parts: tuple[list[Any], ...] = (self.pieces, self.shows, self.facts, self.claims, self.refs)
        kept = [len(part) for part in parts]
        for body in bodies:
            self.body(body)
        for part, length in zip(parts, kept, strict=True):
            del part[length:]

    def _unwritten(self, node: nodes.Node, error: MissingError) -> None:
        self._fact(PrintedFact("", self.evaluator.style.unmeasured, (), error.message, self._line(node)))

    # ---- claims ---------------------------------------------------------------------------------

    def _claim(self, node: nodes.CallBlock) -> None:
        source = self.answer.claims[claim_number(node)]
        start, index = len(self.pieces), len(self.claims)
        try:
            evaluated = self.evaluator.evaluate(node.call.args[0])
        except FactError:
            self._rehearse(node.body)
            raise
        holds = evaluated.value
        if not isinstance(holds, bool | None):
            raise FactError(
                f"the claim `{source.expression}` is not true or false", "compare it with something"
            )
        outcome = ClaimOutcome(source.expression, "", self._line(node), holds, evaluated)
        self.claims.append(outcome)
        self.body(node.body)
        before, words, after = trimmed("".join(self.pieces[start:]))
        del self.pieces[start:]
        sentence = unmarked(words)
        if "\n\n" in sentence or has_show(sentence):
            raise FactError("a claim spans paragraphs or encloses a figure", "wrap the sentence alone")
        self.claims[index] = replace(outcome, sentence=self._plain(sentence))
        self.pieces.append(f"{before}{OPEN}claim:{index}{CLOSE}{words}{OPEN}/claim:{index}{CLOSE}{after}")

    def _plain(self, text: str) -> str:
        """Return a piece of output as one line of plain text."""
        filled = TOKEN.sub(lambda mark: self.facts[int(mark[2])].text if mark[1] == "fact" else "", text)
        return re.sub(r"[ \t]*\n[ \t]*", " ", literal.restore(filled)).strip()

    # ---- output ---------------------------------------------------------------------------------

    def _output(self, node: nodes.Expr) -> None:
        line = self._line(node)
        if isinstance(node, nodes.TemplateData):
            return self._write(marked(node.data, line))
        value = self.evaluator.value(node)
        match value:
            case Show():
                self.shows.append(value)
                self._write(f"{OPEN}show:{len(self.shows) - 1}{CLOSE}")
            case Reference(show=show):
                self.refs.append(show)
                self._write(f"{OPEN}ref:{len(self.refs) - 1}{CLOSE}")
            case Printed():
                self._fact(PrintedFact(value.name, str(value), value.filters, value.missing, line))
            case Quantity() | Term():
                self._fact(PrintedFact(value.name, str(value), (), value.missing, line))
            case str():
                self._fact(PrintedFact("", value, line=line))
            case int() | float() if not isinstance(value, bool):
                number = Quantity(float(value), "number", style=self.evaluator.style)
                self._fact(PrintedFact("", str(number), line=line))
            case _:
                raise _unprintable(value)

    def _fact(self, fact: PrintedFact) -> None:
        self.facts.append(fact)
        self._write(f"{OPEN}fact:{len(self.facts) - 1}{CLOSE}")

    def _write(self, text: str) -> None:
        self._size += len(text)
        if self._size > MOST_OUTPUT:
            raise ExhaustedError("the answer becomes too long", "write fewer or shorter loops")
        self.pieces.append(text)

    def _line(self, node: nodes.Node) -> int:
        return self.answer.first_line + node.lineno - 1

    def _problem(self, node: nodes.Node, error: FactError) -> None:
        self.problems.append(Problem(self.answer.path, self._line(node), error.message, error.remedy))


class _Loop(Namespace):
    """What ``loop`` says inside a ``for``."""

    name = "loop"

    def __init__(self, index: int, length: int) -> None:
        self._values = {"index": index, "first": index == 1, "last": index == length, "length": length}

    def members(self) -> tuple[str, ...]:
        return tuple(self._values)

    def member(self, key: object) -> object:
        return self._values[key]  # type: ignore[index]


def _unprintable(value: object) -> FactError:
    if isinstance(value, bool):
        return FactError("true or false can't be printed", "use it in a claim or an `if`")
    if isinstance(value, tuple | Series):
        return FactError("a list can't be printed", "write `| listed`, or a `for`")
    known = ", ".join(f"`{key}`" for key in value.members()[:12]) if isinstance(value, Namespace) else ""
    return FactError(f"{described(value)} is a group of facts", f"name one of {known}" if known else "")
