"""Points out bare numbers in prose that look like measurements.

A number that was measured must be named, or it is stale after the next training. What is no
measurement is let pass: years, references, question and section numbers, code, mathematics, shapes,
versions, levels of confidence, what was configured or required, and what the claim around it vouches for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jinja2 import nodes

from reportgen.errors import Problem
from reportgen.language import literal
from reportgen.language.outcome import Answer
from reportgen.language.reading import parse_expression
from reportgen.language.syntax import walk

SMALL: Final = 12
REMEDY: Final = "name it, as in {{ cnn.test.accuracy }}"

_NUMBER = re.compile(
    r"(?<![\w.,:/×^_#&§-])(?<!\d[–-])"
    r"(\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)(?![\w/^]|[.,:-]\d|-\w)"
)
_PERCENT = re.compile(
    r"[\s\u00a0\u202f-]*(?:%|‰|per\s?cent\b|procent|percentage\s+points?\b|points?\b|p\.?p\.?\b)",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"[\s\u00a0\u202f]*(?:images?|pictures?|examples?|errors?|mistakes?|parameters?|weights?|seconds?|s|ms|minutes?|min|"
    r"hours?|h|times|bilder|fel|parametrar|vikter|sekunder|minuter|timmar|gånger)\b(?!\w)"
)
_LABEL = re.compile(
    r"(?:\b(?:questions?|q|sections?|sec|figures?|fig|tables?|tab|equations?|eq|chapters?|ch|pages?|pp?|steps?|"
    r"versions?|v|release|no|nr|issue|volume|vol|refs?|footnote|layers?|python|tensorflow|keras|numpy|scipy|pytorch|"
    r"cuda|matplotlib|frågor?n?a?|avsnitt|figur|tabell|ekvation|kapitel|sida|steg|version|arxiv|doi)"
    r"\b[.:]?|[§#])[\s\u00a0]*(?:\d[\d.,–\s-]*(?:and|och|to|till|–|-)?\s*)?$",
    re.IGNORECASE,
)
_ARXIV = re.compile(r"\d{4}\.\d{4,5}")
_LEVEL_AFTER = re.compile(
    r"[\s\u00a0]*%?[\s\u00a0-]*(?:confidence|interval|level|CI\b|konfidens|nivå)", re.IGNORECASE
)
_LEVEL_BEFORE = re.compile(r"(?:level|alpha|α|nivån?)\s*(?:of|is|=|på)?\s*$", re.IGNORECASE)
_SIDES = re.compile(r"[\s\u00a0]*[×x][\s\u00a0]*$")
_CONFIGURED = re.compile(
    r"learning.rate|momentum|dropout|decay|batch|epoch|smoothing|probabilit|kernel|stride|filters?|units?|"
    r"inlärnings|epok|sannolikhet|scaled?|divided|temperature|epsilon",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"accura|precision|recall|loss|error|correct|reach|achiev|measured|träffsäker|noggrann|förlust|fel\b|rätt",
    re.IGNORECASE,
)
_REQUIRED = re.compile(
    r"requir|asks?\b|asked|demand|threshold|target|goal|\bmust\b|assignment|kräv|\bmål|gräns|uppgift",
    re.IGNORECASE,
)
_MASKED = (
    re.compile(r"\{\{.{0,800}?\}\}|\{%.{0,800}?%\}|\{#.{0,800}?#\}", re.DOTALL),
    re.compile(r"(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)"),
    re.compile(r"<[a-z][a-z0-9+.-]*:[^>\s]*>|\bhttps?://[^\s)>]+|\bwww\.[^\s)>]+|\bdoi:\S+", re.IGNORECASE),
    re.compile(r"^ {0,3}\[[^\]]+\]:.*$", re.MULTILINE),
)
_GOT = re.compile(r"\d|reach|achiev|\bgets?\b|\bgot\b|exceed|measured|nå(?:r|dde)|fick", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-ZÅÄÖ])|\n\s*\n")


@dataclass(frozen=True)
class _Found:
    """A number in prose and what stands around it, within its sentence."""

    start: int
    text: str
    value: float
    percent: bool
    unit: bool
    before: str
    after: str


def lint(
    answer: Answer, configured: Collection[float] = (), known: Mapping[str, str] | None = None
) -> list[Problem]:
    """Return a problem for each bare number of an answer that looks like a measurement.

    Parameters
    ----------
    configured : collection of float
        Values that were configured: they may be named, and needn't.
    known : mapping of str to str, optional
        Names of facts by how they print, to say which one a number might be.
    """
    numbers = frozenset(configured)
    prose = _prose(answer.text)
    vouched = list(_vouched(answer))
    problems = []
    for found in _numbers(prose):
        inside = [values for start, end, values in vouched if start <= found.start < end]
        if _looks_measured(found) and not _excused(found, numbers) and not _says(found, inside):
            line = answer.first_line + answer.text.count("\n", 0, found.start)
            problems.append(_problem(answer.path, line, found.text, known or {}))
    for node in _typed(answer.tree):
        line, text = answer.first_line + node.lineno - 1, str(node.value)
        problems.append(_problem(answer.path, line, text, known or {}))
    return sorted(problems)


def _problem(path: str, line: int, text: str, known: Mapping[str, str]) -> Problem:
    name = known.get(_plain(text))
    remedy = f"it is what {{{{ {name} }}}} prints" if name else REMEDY
    return Problem(path, line, f"the number {text} looks like a measurement", remedy)


def _plain(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", " ", text)


def _prose(text: str) -> str:
    """Return `text` with all that is not prose blanked out; nothing moves."""
    pieces, position = [], 0
    for start, end, _ in literal.spans(text):
        pieces += [text[position:start], _blank(text[start:end])]
        position = end
    text = "".join([*pieces, text[position:]])
    for pattern in _MASKED:
        text = pattern.sub(lambda match: _blank(match.group()), text)
    return text


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _numbers(prose: str) -> Iterator[_Found]:
    for match in _NUMBER.finditer(prose):
        before = _SENTENCE_END.split(prose[max(match.start() - 80, 0) : match.start()])[-1]
        after = _SENTENCE_END.split(prose[match.end() : match.end() + 60])[0]
        percent = _PERCENT.match(prose, match.end())
        shown = match.group() + (percent.group() if percent else "")
        value = _value(match.group()) / (100 if percent else 1)
        unit = bool(_UNIT.match(prose, match.end()))
        yield _Found(match.start(), shown, value, bool(percent), unit, before, after)


def _value(text: str) -> float:
    digits = re.sub(r"[\u00a0\u202f ]", "", text)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        return float(digits.replace(",", ""))
    return float(digits.replace(",", "."))


def _looks_measured(found: _Found) -> bool:
    whole = found.text.isdigit()
    if found.percent or not whole:
        return True
    year = len(found.text) == 4 and 1900 <= found.value <= 2100 and not found.unit
    return (found.value >= 1000 and not year) or (found.value > SMALL and found.unit)


def _excused(found: _Found, configured: Collection[float]) -> bool:
    number = found.text.split("%")[0].strip()
    if _LABEL.search(found.before) or _ARXIV.fullmatch(number):
        return True
    if _SIDES.search(found.before) or re.match(r"[\s\u00a0]*[×x][\s\u00a0]*\d", found.after):
        return True
    if _LEVEL_AFTER.match(found.after) or _LEVEL_BEFORE.search(found.before):
        return True
    required = [match.end() for match in _REQUIRED.finditer(found.before)]
    if required and not _GOT.search(found.before, required[-1]):
        return True
    if _MEASURED.search(found.before[-40:]):
        return False
    near = found.before[-40:] + " " + found.after[:30]
    return found.value in configured or bool(_CONFIGURED.search(near))


def _vouched(answer: Answer) -> Iterator[tuple[int, int, frozenset[float]]]:
    """Yield where each claim's sentence stands, and the numbers that its expression holds."""
    opening = re.compile(r"\{%[-+]?\s*claim\b(.*?)[-+]?%\}(.*?)\{%[-+]?\s*endclaim\s*-?%\}", re.DOTALL)
    for match in opening.finditer(answer.text):
        yield match.start(2), match.end(2), _literals(match[1].strip())


@lru_cache(maxsize=1024)
def _literals(expression: str) -> frozenset[float]:
    tree, _ = parse_expression(expression)
    constants = tree.find_all(nodes.Const) if tree is not None else ()
    return frozenset(
        float(node.value)
        for node in constants
        if isinstance(node.value, int | float) and not isinstance(node.value, bool)
    )


def _says(found: _Found, vouched: list[frozenset[float]]) -> bool:
    return any(abs(found.value - value) < 1e-12 for values in vouched for value in values)


def _typed(tree: nodes.Template) -> Iterator[nodes.Const]:
    """Yield the numbers that are typed into tags rather than named."""
    for output in walk(tree):
        for child in output.nodes if isinstance(output, nodes.Output) else ():
            yield from _constants(child)


def _constants(node: nodes.Node | None) -> Iterator[nodes.Const]:
    match node:
        case nodes.Const(value=bool()):
            return
        case nodes.Const(value=value):
            if not isinstance(value, str) or any(character.isdigit() for character in value):
                yield node
        case nodes.CondExpr(expr1=first, expr2=second):
            yield from _constants(first)
            yield from _constants(second)
        case nodes.Filter(node=inner):
            yield from _constants(inner)
