"""Summarize a run: the report, its facts and the verdicts."""

from collections.abc import Iterator

from reportgen.claims.run import Fact, ModelRun, RunSummary
from reportgen.claims.verdict import Verdicts
from reportgen.language import Quantity, Term, fact_names, parse, render
from reportgen.report.types import Report
from reportgen.results import Facts, ModelFacts, SplitFacts, listing

_MOST = 500  # classes whose confusions are compared with those of another run


def summarize(report: Report, facts: Facts, verdicts: Verdicts) -> RunSummary:
    """Return everything that this run of the report says."""
    return RunSummary(
        title=report.title_block.title,
        verdicts=verdicts,
        models={name: _model(model) for name, model in facts.models.items()},
        facts=dict(_facts(facts)),
    )


def outline(report: Report, verdicts: Verdicts) -> RunSummary:
    """Return a run with its verdicts alone: quick to make, and all that text, JUnit and GitHub need."""
    return RunSummary(report.title_block.title, verdicts, {}, {})


def printed_names(report: Report, facts: Facts) -> frozenset[str]:
    """Return the names of the facts that the answers print, and of those that what they print is made of."""
    found = (
        fact.name
        for section in report.sections
        for fact in render(parse(section.body, section.path, section.body_line), facts).facts
    )
    return frozenset(name for expression in dict.fromkeys(found) for name in fact_names(expression))


def _facts(facts: Facts) -> Iterator[tuple[str, Fact]]:
    """Yield every number and word of the catalogue by name; an interval's bounds are part of its number."""
    for entry in listing(facts):
        match entry.value:
            case Quantity() as quantity if not entry.name.endswith((".lower", ".upper")):
                yield entry.name, _number(quantity)
            case Term() as term:
                yield entry.name, Fact(None if term.missing else str(term), str(term), "word")


def _number(quantity: Quantity) -> Fact:
    if not quantity.decided:
        return Fact(None, str(quantity), quantity.kind)
    lower, upper = quantity.interval if quantity.bounds else (None, None)
    value, text = quantity.value, str(quantity)
    return Fact(value, text, quantity.kind, lower, upper, quantity.n, quantity.seeds)


def _model(model: ModelFacts) -> ModelRun:
    test = model.test
    told = model.records and not model.missing and len(model.class_names) <= _MOST
    counts = test.counts if told and isinstance(test, SplitFacts) else ()
    return ModelRun(
        title=model.spec.title,
        dataset=model.spec.training.dataset,
        seeds=tuple(record.seed for record in model.records),
        keys=tuple(record.key for record in model.records),
        classes=model.class_names,
        confusion=tuple(tuple(int(count) for count in row) for row in counts),
    )
