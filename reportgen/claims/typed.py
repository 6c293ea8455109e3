"""Numbers that are typed in prose where a fact should be named: ``check --strict`` fails on them."""

from collections.abc import Mapping

from reportgen.claims.verdict import Verdict, numbered, relative
from reportgen.language import Answer, lint, parse
from reportgen.report.model import Report
from reportgen.results import Facts, by_text


def typed_numbers(
    report: Report, facts: Facts, *, answers: Mapping[str, Answer] | None = None
) -> tuple[Verdict, ...]:
    """Return a false verdict for each number in prose that looks measured and isn't named.

    Parameters
    ----------
    report : Report
    facts : Facts
        To tell what was configured or required, which may be typed.
    answers : mapping of str to Answer, optional
        Bodies of sections that were parsed before, by section id.
    """
    found = []
    for section in report.sections:
        answer = (answers or {}).get(section.id) or parse(section.body, section.path, section.body_line)
        if not lint(answer, facts.configured):
            continue
        for problem in lint(answer, facts.configured, by_text(facts)):
            found.append(
                Verdict(
                    kind="number",
                    of=section.id,
                    path=relative(section.path, report),
                    line=problem.line,
                    expression=problem.message,
                    holds=False,
                    reason=problem.remedy,
                )
            )
    return numbered(tuple(found))
