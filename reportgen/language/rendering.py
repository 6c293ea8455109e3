"""Fill an answer in: facts where names stood, tokens where things are to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reportgen.errors import InputError, Place, Problem, shown
from reportgen.language.evaluator import Evaluator
from reportgen.language.lines import laid_out
from reportgen.language.outcome import Answer, Evaluated, Rendered
from reportgen.language.quantity import Quantity
from reportgen.language.reading import parse_expression
from reportgen.language.values import FactError, Namespace, Root
from reportgen.language.writer import Writer


def evaluate(
    expression: str,
    facts: Root,
    place: Place,
    *,
    model: str | None = None,
    adjusted: Mapping[str, float] | None = None,
) -> Evaluated:
    """Return the value of an expression such as a requirement.

    Parameters
    ----------
    model : str, optional
        The model that a requirement binds: names are looked up among its facts first.
    adjusted : mapping of str to float, optional
        Adjusted p-values by hypothesis (`TestOutcome.hypothesis`). Evaluate once without to collect the
        tests of a whole report, adjust their p-values together, and evaluate again with them.

    Raises
    ------
    InputError
        If the expression can't be read, names something unknown or mixes kinds; file and line are `place`'s.
    """
    tree, faults = parse_expression(expression)
    path = shown(place.path)
    if tree is None:
        raise InputError(
            Problem(path, place.line, f"`{expression}`: {fault.message}", fault.remedy) for fault in faults
        )
    try:
        scope = None if model is None else facts.member(model)
        assert scope is None or isinstance(scope, Namespace)
        return Evaluator(facts, scope, adjusted).evaluate(tree)
    except FactError as error:
        raise InputError(
            Problem(path, place.line, f"`{expression}`: {error.message}", error.remedy)
        ) from None


def reprint(expression: str, facts: Root) -> str:
    """Return what an expression prints: that of a `PrintedFact` gives its text again.

    Raises
    ------
    InputError
        As `evaluate`.
    """
    value = evaluate(expression, facts, Place(Path("facts"), 0)).value
    if isinstance(value, float | int) and not isinstance(value, bool):
        return str(Quantity(float(value), "number", style=facts.style))
    return facts.style.unmeasured if value is None else str(value)


def render(answer: Answer, facts: Root, *, adjusted: Mapping[str, float] | None = None) -> Rendered:
    """Fill an answer in.

    A fact that has no value (its model was not trained yet, or diverged) prints as that and is listed
    in ``missing``; nothing is raised, so that rendering with the facts of no results checks all names
    before anything is trained.

    Raises
    ------
    InputError
        With every unknown name, mixed comparison and misplaced figure.
    """
    writer = Writer(answer, Evaluator(facts, adjusted=adjusted))
    writer.write()
    lines, sources, misplaced = laid_out("".join(writer.pieces), answer.first_line)
    problems = writer.problems + [
        Problem(
            answer.path, line, "a figure or table is in the middle of a line", "give it a line of its own"
        )
        for line in misplaced
    ]
    if problems:
        raise InputError(problems)
    return Rendered(
        markdown="\n".join(lines),
        shows=tuple(writer.shows),
        facts=tuple(writer.facts),
        claims=tuple(writer.claims),
        refs=tuple(writer.refs),
        lines=tuple(sources),
        tested=writer.evaluator.tested,
    )
