"""Small reports and runs for the tests of claims."""

from collections.abc import Mapping, Sequence

from reportgen.claims import Fact, ModelRun, RunSummary, Test, Verdict, Verdicts, judge
from reportgen.language import Measured
from reportgen.report.types import Report
from reportgen.training.record import Record
from tests.factories import make_facts, make_report

HOLDS = Verdict(
    "requirement",
    "cnn",
    "answers/report.toml",
    25,
    "test.accuracy > 0.6",
    True,
    measured=(Measured("cnn.test.accuracy", "63.1 %"),),
)
DOUBTFUL = Verdict(
    "claim",
    "q7",
    "answers/07-compare.md",
    9,
    "cnn_dropout.test.accuracy > cnn.test.accuracy",
    True,
    sentence="Dropout helped a little, to 63.2 %",
    warnings=("they differ by no more than chance explains",),
)
FALSE = Verdict(
    "claim",
    "q5",
    "answers/05-cnn, fc.md",
    7,
    "fc.test is significantly_better_than(cnn.test)",
    False,
    sentence="100% of us <say> so | and `more`",
    tests=(Test("cnn.test = fc.test", "difference 15.6 points, exact McNemar test", 0.0002, 0.0004, False),),
)
UNDECIDED = Verdict(
    "results", "own", "answers/report.toml", 40, "results of own", None, reason="stale: seed 1 → 2"
)
CONFUSION = ((80, 20), (15, 85))


def accuracy(value: float, *, n: int = 10_000, seeds: Sequence[float] = ()) -> Fact:
    """Return an accuracy with about the right interval."""
    reach = 1.96 * (value * (1 - value) / n) ** 0.5
    return Fact(value, f"{100 * value:.1f} %", "share", value - reach, value + reach, n, tuple(seeds))


def make_run(
    *verdicts: Verdict,
    facts: Mapping[str, Fact] | None = None,
    confusion: tuple[tuple[int, ...], ...] = CONFUSION,
) -> RunSummary:
    """Return a run of one model with these verdicts."""
    model = ModelRun("CNN", "digits", (1,), ("ab" * 32,), ("cat", "dog"), confusion)
    return RunSummary(
        "A report", Verdicts(verdicts), {"cnn": model}, facts or {"cnn.test.accuracy": accuracy(0.631)}
    )


def judged(
    *claims: str,
    requirements: Mapping[str, Sequence[str]] | None = None,
    models: Sequence[str] = ("fc", "cnn", "cnn_dropout"),
    records: Mapping[str, Sequence[Record]] | None = None,
    unsettled: Mapping[str, str] | None = None,
    seeds: Sequence[int] | Mapping[str, Sequence[int]] = (1,),
) -> Verdicts:
    """Return the verdicts on claims (expressions, or whole bodies where they hold a tag) of one section."""
    body = "\n".join(
        claim if "{%" in claim else f"{{% claim {claim} %}}So it is{{% endclaim %}}." for claim in claims
    )
    report = claiming(body, requirements=requirements, models=models, seeds=seeds)
    return judge(report, make_facts(report=report, records=records), unsettled=unsettled)


def claiming(
    body: str,
    *,
    requirements: Mapping[str, Sequence[str]] | None = None,
    models: Sequence[str] = ("fc", "cnn", "cnn_dropout"),
    seeds: Sequence[int] | Mapping[str, Sequence[int]] = (1,),
) -> Report:
    """Return a report with one section, ``q1``, whose body begins on line 6."""
    return make_report(models, bodies={"q1": body}, requirements=requirements, seeds=seeds)
