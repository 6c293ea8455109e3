"""Evaluate every requirement and claim of a report against its facts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from jinja2 import nodes

from reportgen.claims.verdict import VACUOUS, Kind, Test, Verdict, Verdicts, numbered, relative
from reportgen.claims.warnings import doubts
from reportgen.errors import InputError, Place, Problem, shown
from reportgen.language import Answer, Evaluated, TestOutcome, evaluate, owner_of, parse, render
from reportgen.language.naming import misnamed, misnamed_in
from reportgen.language.reading import parse_expression
from reportgen.report.types import Report, Requirement, Section
from reportgen.results import Facts
from reportgen.results.statistics import holm


@dataclass(frozen=True)
class _Statement:
    """A requirement or claim with its value, not yet judged."""

    kind: Kind
    of: str
    place: Place
    expression: str
    sentence: str
    evaluated: Evaluated


@dataclass(frozen=True)
class _Part:
    """The statements of one section, or one requirement; `tested` says that p-values may change them."""

    statements: tuple[_Statement, ...]
    tested: bool


_Task = Callable[[Mapping[str, float]], _Part]


def judge(
    report: Report,
    facts: Facts,
    *,
    unsettled: Mapping[str, str] | None = None,
) -> Verdicts:
    """Return a verdict for every requirement and claim, in the report's order.

    Parameters
    ----------
    report : Report
    facts : Facts
        The facts of the stored results, as `reportgen.results.facts` gives them.
    unsettled : mapping of str to str, optional
        Models whose results can't be used, with the reason (stale, missing, damaged). Each gets an
        undecided verdict of its own, and so does everything that names it; the same goes for those
        that the facts themselves call not measured or diverged.

    Raises
    ------
    InputError
        With all that is wrong in any expression.

    Notes
    -----
    Every statistical test of the report belongs to one family, whatever claim or requirement it stands
    in; a test that stands in several counts once. All is evaluated a first time to collect the family;
    what met a test is evaluated a second time, with the p-values that Holm's method adjusts.
    """
    missing = {name: model.missing for name, model in facts.models.items() if model.missing}
    unsettled = {**missing, **(unsettled or {})}
    parsed: dict[str, Answer] = {}
    tasks = _tasks(report, facts, parsed)
    parts = _evaluate(tasks, {}, _misnamed(report, facts, parsed))
    adjusted = _adjust(test for each in _statements(parts) for test in each.evaluated.tests)
    if adjusted:
        again = [task if part.tested else _settled(part) for task, part in zip(tasks, parts, strict=True)]
        parts = _evaluate(again, adjusted)
    unusable = (
        Verdict(
            "results",
            name,
            relative(spec.place.path, report),
            spec.place.line,
            f"results of {name}",
            None,
            reason=unsettled[name],
        )
        for name, spec in report.models.items()
        if name in unsettled
    )
    judged = (_verdict(each, report, facts, unsettled, adjusted) for each in _statements(parts))
    return Verdicts(numbered((*unusable, *judged)), adjusted)


def _tasks(report: Report, facts: Facts, parsed: dict[str, Answer]) -> list[_Task]:
    """Return what evaluates the requirements, then what evaluates the claims of each section."""
    required = [each for spec in report.models.values() for each in spec.requirements]
    return [
        *(partial(_required, each, facts) for each in required),
        *(partial(_claimed, section, facts, parsed) for section in report.sections),
    ]


def _misnamed(report: Report, facts: Facts, parsed: dict[str, Answer]) -> Iterator[Problem]:
    """Yield every unknown name in everything written, evaluated now or not."""
    for spec in report.models.values():
        for each in spec.requirements:
            place = each.place
            yield from misnamed_in(each.expression, facts, shown(place.path), place.line, each.model)
    for section in report.sections:
        yield from misnamed(_parsed(section, parsed), facts)


def _parsed(section: Section, parsed: dict[str, Answer]) -> Answer:
    if section.id not in parsed:
        parsed[section.id] = parse(section.body, section.path, section.body_line)
    return parsed[section.id]


def _evaluate(
    tasks: Iterable[_Task], adjusted: Mapping[str, float], found_before: Iterable[Problem] = ()
) -> list[_Part]:
    """Evaluate everything; all errors are raised at once, those that were found before included."""
    found: list[_Part] = []
    problems = list(found_before)
    told = {(problem.path, problem.message) for problem in problems}
    for task in tasks:
        try:
            found.append(task(adjusted))
        except InputError as error:
            problems += [each for each in error.problems if (each.path, each.message) not in told]
    if problems:
        raise InputError(problems)
    return found


def _settled(part: _Part) -> _Task:
    return lambda adjusted: part


def _statements(parts: Iterable[_Part]) -> Iterator[_Statement]:
    for part in parts:
        yield from part.statements


def _required(requirement: Requirement, facts: Facts, adjusted: Mapping[str, float]) -> _Part:
    text, place = requirement.expression, requirement.place
    evaluated = evaluate(text, facts, place, model=requirement.model, adjusted=adjusted)
    if not isinstance(evaluated.value, bool | None):
        message = f"the requirement `{text}` is not true or false"
        raise InputError(Problem(shown(place.path), place.line, message, "compare it with something"))
    statement = _Statement("requirement", requirement.model, place, text, "", evaluated)
    return _Part((statement,), bool(evaluated.tests))


def _claimed(
    section: Section, facts: Facts, parsed: dict[str, Answer], adjusted: Mapping[str, float]
) -> _Part:
    rendered = render(_parsed(section, parsed), facts, adjusted=adjusted)
    statements = (
        _Statement(
            "claim",
            section.id,
            Place(section.path, claim.line),
            claim.expression,
            claim.sentence,
            claim.evaluated,
        )
        for claim in rendered.claims
    )
    return _Part(tuple(statements), rendered.tested)


def _adjust(tests: Iterable[TestOutcome]) -> dict[str, float]:
    """Return the adjusted p-value of each hypothesis; all variants that were tried count."""
    p_values: dict[str, float] = {}
    for test in tests:
        p_values.setdefault(test.hypothesis, test.p_value)
        p_values.update({f"{test.hypothesis} (variant {number})": 1.0 for number in range(1, test.tries)})
    return dict(zip(p_values, holm(tuple(p_values.values())), strict=True))


def _verdict(
    statement: _Statement,
    report: Report,
    facts: Facts,
    unsettled: Mapping[str, str],
    adjusted: Mapping[str, float],
) -> Verdict:
    evaluated = statement.evaluated
    holds, reason = evaluated.value, evaluated.reason
    assert isinstance(holds, bool | None)
    rests_on = [name for name in _models(statement, report) if name in unsettled]
    if rests_on:
        holds, reason = None, "; ".join(f"{name}: {unsettled[name]}" for name in rests_on)
    found = doubts(statement.expression, evaluated, facts) if holds and not evaluated.vacuous else ()
    return Verdict(
        kind=statement.kind,
        of=statement.of,
        path=relative(statement.place.path, report),
        line=statement.place.line,
        expression=statement.expression,
        holds=holds,
        sentence=statement.sentence,
        measured=evaluated.measured,
        tests=tuple(
            Test(
                hypothesis=test.hypothesis,
                text=test.text,
                p_value=test.p_value,
                adjusted=adjusted.get(test.hypothesis, test.p_value),
                holds=test.holds(adjusted),
            )
            for test in evaluated.tests
        ),
        warnings=(VACUOUS,) if evaluated.vacuous else tuple(doubt.text for doubt in found),
        noise=any(doubt.noise for doubt in found),
        reason=reason,
    )


def _models(statement: _Statement, report: Report) -> list[str]:
    """Return the models that a statement rests on; what names the whole report rests on all."""
    tree, _ = parse_expression(statement.expression)
    named = {node.name for node in tree.find_all(nodes.Name)} if tree else set()
    named |= {tree.name} if isinstance(tree, nodes.Name) else set()
    named |= {owner_of(measured.name) for measured in statement.evaluated.measured}
    if statement.kind == "requirement":
        named.add(statement.of)
    return [
        name
        for name, spec in report.models.items()
        if name in named or spec.family in named or "report" in named
    ]
