"""Point out bare numbers in prose that look like measurements.

A number that was measured must be named, or it is stale after the next training. What is not a
measurement passes: years, references, question and section numbers, code, mathematics, shapes,
versions, levels of confidence, what was configured or required, and what the claim around it vouches for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

from jinja2 import nodes

from reportgen.errors import Problem
from reportgen.language.exact import exactly
from reportgen.language.outcome import Answer
from reportgen.language.prose import as_passage, passages, read
from reportgen.language.prose_words import Patterns, patterns
from reportgen.language.quantity import Quantity
from reportgen.language.reading import parse_expression
from reportgen.language.syntax import walk
from reportgen.language.vacuity import Statement
from reportgen.locales import Locale

SMALL: Final = 12
LONGEST: Final = 40  # digits of a number that are looked at
TYPED: Final = "the number {} looks like a measurement"
REMEDY: Final = "name it, as in {{ cnn.test.accuracy }}"

_DIGITS = r"(\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|\d+(?:[.,]\d+)?)"
_NUMBER = re.compile(
    rf"(?<![\w.,/×^_#&§-])(?<!\d:)(?<!\d[–-]){_DIGITS}(?![\w/^]|[.,:-]\d|-\w)"
    rf"|(?<!\w[-])(?<=[-–]){_DIGITS}(?=[\s\u00a0\u202f]*%)|(?<=\d[-–]){_DIGITS}(?=[\s\u00a0\u202f]*%)"
)
_ARXIV = re.compile(r"\d{4}\.\d{4,5}")
_SIDES = re.compile(r"[\s\u00a0]*[×x][\s\u00a0]*$")
_ADDRESS = re.compile(r"\bhttps?://[^\s)>]+|\bwww\.[^\s)>]+|\bdoi:\S+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-ZÀ-ÖØ-Þ¿¡])|\n\s*\n")


@dataclass(frozen=True)
class _Found:
    """A number in prose and what stands around it, within its sentence."""

    start: int
    text: str
    value: Fraction
    percent: bool
    unit: bool
    before: str
    after: str


def lint(
    answer: Answer,
    configured: Collection[float] = (),
    known: Mapping[str, str] | None = None,
    *,
    language: Locale | str = "en",
) -> list[Problem]:
    """Return a problem for each bare number of an answer that looks like a measurement.

    Parameters
    ----------
    configured : collection of float
        Values that were configured: they may be named, and needn't.
    known : mapping of str to str, optional
        Names of facts by how they print, to say which one a number might be.
    language : Locale or str
        That of the text.
    """
    numbers, say = frozenset(map(exactly, configured)), patterns(language)
    problems = []
    for passage in passages(answer):
        for found in _numbers(_ADDRESS.sub(_blank, passage.text), say):
            claim = passage.claim(found.start)
            says = claim >= 0 and found.value in _literals(answer.claims[claim].expression)
            if _looks_measured(found) and not says and not _excused(found, numbers, say):
                problems.append(_problem(answer.path, passage.line(found.start), found.text, known or {}))
    for line, text in _typed(answer.tree):
        problems.append(_problem(answer.path, answer.first_line + line - 1, text, known or {}))
    return sorted(set(problems))


def lint_text(
    text: str,
    path: str,
    line: int,
    configured: Collection[float] = (),
    *,
    markdown: bool = False,
    language: Locale | str = "en",
) -> list[Problem]:
    """Return a problem for each such number in a title, the abstract or a question.

    What is configured or required may stand there, in whatever words: it is what the question is about.
    """
    numbers, say = frozenset(map(exactly, configured)), patterns(language)
    found = read(text, range(line, line + text.count("\n") + 1)) if markdown else [as_passage(text, line)]
    problems = [
        _problem(path, passage.line(number.start), number.text, {})
        for passage in found
        for number in _numbers(_ADDRESS.sub(_blank, passage.text), say)
        if _looks_measured(number) and number.value not in numbers and not _excused(number, numbers, say)
    ]
    return sorted(set(problems))


def _problem(path: str, line: int, text: str, known: Mapping[str, str]) -> Problem:
    name = known.get(_plain(text))
    remedy = f"it is what {{{{ {name} }}}} prints" if name else REMEDY
    return Problem(path, line, TYPED.format(text), remedy)


def _plain(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", " ", text)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _numbers(prose: str, say: Patterns) -> Iterator[_Found]:
    for match in _NUMBER.finditer(prose):
        before = _SENTENCE_END.split(prose[max(match.start() - 80, 0) : match.start()])[-1]
        after = _SENTENCE_END.split(prose[match.end() : match.end() + 60])[0]
        percent = say.percent.match(prose, match.end())
        shown = match.group() + (percent.group() if percent else "")
        value = _value(match.group(), say.grouped) / (100 if percent else 1)
        unit = bool(say.unit.match(prose, match.end()))
        yield _Found(match.start(), shown, value, bool(percent), unit, before, after)


def _value(text: str, grouped: bool) -> Fraction:
    digits = re.sub(r"[\u00a0\u202f ]", "", text)[:LONGEST].rstrip(".,")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        return Fraction(digits.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", digits) and (grouped or digits.count(".") > 1):
        return Fraction(digits.replace(".", ""))
    return Fraction(re.sub(r"\.(?=.*[.,])", "", digits).replace(",", "."))


def _looks_measured(found: _Found) -> bool:
    whole = found.text.isdigit()
    if found.percent or not whole:
        return True
    year = len(found.text) == 4 and 1900 <= found.value <= 2100 and not found.unit
    return (found.value >= 1000 and not year) or (found.value > SMALL and found.unit)


def _excused(found: _Found, configured: Collection[Fraction | None], say: Patterns) -> bool:
    number = found.text.split("%")[0].strip()
    if say.label.search(found.before) or _ARXIV.fullmatch(number):
        return True
    if _SIDES.search(found.before) or re.match(r"[\s\u00a0]*[×x][\s\u00a0]*\d", found.after):
        return True
    if say.level_after.match(found.after) or say.level_before.search(found.before):
        return True
    required = [match.end() for match in say.required.finditer(found.before)]
    if required and not say.got.search(found.before, required[-1]):
        return True
    if say.measured.search(found.before[-40:]):
        return False
    near = found.before[-40:] + " " + found.after[:30]
    return found.value in configured or bool(say.configured.search(near))


@lru_cache(maxsize=1024)
def _literals(expression: str) -> frozenset[Fraction]:
    tree, _ = parse_expression(expression)
    constants = tree.find_all(nodes.Const) if tree is not None else ()
    numbers = (exactly(node.value) for node in constants if not isinstance(node.value, bool))
    return frozenset(number for number in numbers if number is not None)


def _typed(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Yield line and text of what is typed into tags rather than named, and of what no fact can change."""
    for output in walk(tree):
        for child in output.nodes if isinstance(output, nodes.Output) else ():
            yield from _constants(child)


def _constants(node: nodes.Node | None) -> Iterator[tuple[int, str]]:
    match node:
        case nodes.Const(value=bool()) | nodes.TemplateData():
            return
        case nodes.Const(value=value):
            if not isinstance(value, str) or any(character.isdigit() for character in value):
                yield node.lineno, str(value)
        case nodes.CondExpr(expr1=first, expr2=second):
            yield from _constants(first)
            yield from _constants(second)
        case nodes.Filter(node=inner):
            yield from _constants(inner)
        case nodes.BinExpr() | nodes.UnaryExpr() | nodes.Call():
            constant = Statement(_unknown, _unknown).constant(node)
            if constant is not None:
                yield node.lineno, f"{float(constant):g}"


def _unknown(node: nodes.Node) -> object:
    """Return some number for a fact: which one doesn't matter to whether it does."""
    return Quantity(0.0, "number", repr(node))
