"""Find numbers that are typed where a fact should be named: ``check --strict`` fails on them.

Looked for wherever readers see the authors' own words: in answers with their headings, notes and captions,
in questions, titles and the abstract.
"""

from collections.abc import Iterator
from pathlib import Path

from reportgen.claims.verdict import Verdict, numbered, relative
from reportgen.errors import Problem
from reportgen.language import lint, lint_text, parse
from reportgen.report.types import Report
from reportgen.results import Facts, by_text


def typed_numbers(report: Report, facts: Facts) -> tuple[Verdict, ...]:
    """Return a false verdict for each number that looks measured and isn't named.

    Parameters
    ----------
    report : Report
    facts : Facts
        To tell what was configured or required, which may be typed.
    """
    found = []
    for of, path, problem in _problems(report, facts):
        found.append(
            Verdict(
                kind="number",
                of=of,
                path=relative(path, report),
                line=problem.line,
                expression=problem.message,
                holds=False,
                reason=problem.remedy,
            )
        )
    return numbered(tuple(found))


def _problems(report: Report, facts: Facts) -> Iterator[tuple[str, Path, Problem]]:
    """Yield each typed number with the section, model or part of the report that it stands in."""
    path, language = report.toml, report.language
    for key, line in report.lines.items():
        for problem in lint_text(
            getattr(report.title_block, key), path.name, line, facts.configured, language=language
        ):
            yield "report", path, problem
    for spec in report.models.values():
        for problem in lint_text(spec.title, path.name, spec.place.line, facts.configured, language=language):
            yield spec.name, path, problem
    for dataset in report.datasets.values():
        for problem in lint_text(
            dataset.title, path.name, dataset.place.line, facts.configured, language=language
        ):
            yield dataset.name, path, problem
    for section in report.sections:
        texts = {"title": section.title, "question": section.question}
        for key, text in texts.items():
            line = section.lines.get(key, 1)
            for problem in lint_text(
                text, section.path.name, line, facts.configured, markdown=True, language=language
            ):
                yield section.id, section.path, problem
        answer = parse(section.body, section.path, section.body_line)
        if lint(answer, facts.configured, language=language):
            for problem in lint(answer, facts.configured, by_text(facts), language=language):
                yield section.id, section.path, problem
