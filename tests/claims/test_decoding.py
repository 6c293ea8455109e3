"""Whatever is given as an earlier run is a run that can be compared, or one error."""

import json

import pytest

from reportgen.claims import Fact, RunSummary, difference, judge, summarize
from tests.claims.runs import claiming, make_run
from tests.decoding.mutating import exchanged, flips, outcome
from tests.factories import make_facts


@pytest.fixture(scope="module")
def good() -> bytes:
    report = claiming(
        "{% claim cnn is significantly_better_than(fc) %}So{% endclaim %}",
        seeds={"cnn": (1, 2, 3)},
        requirements={"cnn": ["test.accuracy > 0.6"]},
    )
    facts = make_facts(report=report)
    run = summarize(report, facts, judge(report, facts))
    few = dict(list(run.facts.items())[::40])
    wanted = ("cnn.test.accuracy", "fc.test.accuracy", "cnn.title", "cnn.test.loss", "cnn.epochs")
    kept = few | {name: run.facts[name] for name in wanted}
    return RunSummary(run.title, run.verdicts, run.models, kept).to_json().encode()


def use(text: bytes, good: bytes) -> RunSummary:
    run = RunSummary.from_json(text.decode(errors="replace"), "old.json")
    other = RunSummary.from_json(good.decode(), "new.json")
    for found in (difference(run, other), difference(other, run)):
        json.loads(found.to_json())
        list(found.text_lines())
    assert RunSummary.from_json(run.to_json(), "again.json") == run or b"null" in text
    return run


def test_values_exchanged(good: bytes) -> None:
    read = [outcome(lambda each=each: use(each, good)) for each in exchanged(good)]  # type: ignore[misc]
    assert len(read) > 1000
    assert any(read) and not all(read)


def test_bytes_flipped(good: bytes) -> None:
    read = [outcome(lambda each=each: use(each, good)) for each in flips(good, 300)]  # type: ignore[misc]
    assert any(read) and not all(read)


def test_a_number_that_no_measurement_has_is_refused() -> None:
    run = make_run(facts={"a.b": Fact(1.0, "1", "number")})
    text = run.to_json().replace('"value": 1.0', f'"value": {10**400}')
    assert outcome(lambda: RunSummary.from_json(text, "old.json")) is None
