import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reportgen.claims
from reportgen.claims import Fact, RunSummary, judge, summarize
from reportgen.errors import InputError
from tests.claims.runs import DOUBTFUL, FALSE, HOLDS, UNDECIDED, claiming, make_run
from tests.factories import make_facts, make_record

SCHEMA = json.loads((Path(reportgen.claims.__file__).parent / "schema.json").read_text(encoding="utf-8"))


def test_json_follows_the_schema_and_comes_back_the_same() -> None:
    run = make_run(HOLDS, DOUBTFUL, FALSE, UNDECIDED, facts={"cnn.title": Fact("CNN", "CNN", "word")})
    document = json.loads(run.to_json())
    jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert document["exit_status"] == 2
    assert document["counts"] == {"hold": 2, "false": 1, "undecided": 1, "warnings": 1}
    assert RunSummary.from_json(run.to_json(), "x") == run


def test_every_key_that_is_written_is_in_the_schema() -> None:
    document = json.loads(make_run(FALSE, HOLDS).to_json())
    assert document.keys() == SCHEMA["properties"].keys()
    assert document["verdicts"][0].keys() == SCHEMA["$defs"]["verdict"]["properties"].keys()
    assert document["verdicts"][0]["tests"][0].keys() == SCHEMA["$defs"]["test"]["properties"].keys()
    assert document["models"]["cnn"].keys() == SCHEMA["$defs"]["model"]["properties"].keys()
    assert document["facts"]["cnn.test.accuracy"].keys() <= SCHEMA["$defs"]["fact"]["properties"].keys()


def test_each_entry_has_a_line_of_its_own() -> None:
    lines = make_run(HOLDS, FALSE).to_json().splitlines()
    assert sum("test.accuracy > 0.6" in line for line in lines) == 1
    assert any(line.startswith('  "cnn.test.accuracy": {"value": 0.631') for line in lines)


def test_a_real_run() -> None:
    report = claiming(
        "{% claim cnn is significantly_better_than(fc) %}So{% endclaim %}", seeds={"cnn": (1, 2, 3)}
    )
    facts = make_facts(report=report)
    run = summarize(report, facts, judge(report, facts))
    document = json.loads(run.to_json())
    jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert RunSummary.from_json(run.to_json(), "x") == run
    assert run.title == "Deep Learning"
    assert run.facts["cnn.parameters.total"].value == 81_834
    found = run.facts["cnn.test.accuracy"]
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower < found.value < found.upper  # type: ignore[operator]
    assert (found.n, len(found.seeds)) == (1000, 3)
    assert len(run.models["cnn"].keys) == 3
    assert sum(map(sum, run.models["cnn"].confusion)) == 1000
    assert not any(name.endswith((".lower", ".upper")) for name in run.facts)
    assert run.to_json() == summarize(report, make_facts(report=report), judge(report, facts)).to_json()


def test_a_run_without_results_is_null_and_valid() -> None:
    report = claiming("{% claim cnn.test.accuracy > 0.5 %}So{% endclaim %}", models=("fc", "cnn"))
    facts = make_facts(report=report, records={"fc": (make_record("fc", diverged=True),)})
    run = summarize(report, facts, judge(report, facts))
    jsonschema.validate(json.loads(run.to_json()), SCHEMA, cls=jsonschema.Draft202012Validator)
    assert run.exit_status == 2
    assert run.facts["cnn.test.accuracy"].value is None
    assert run.facts["fc.test.accuracy"].value is None
    assert run.models["cnn"].keys == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "was not written by"),
        ('{"format": "other"}', "was not written by"),
        ('{"format": "reportgen-run", "version": 2}', "version 2"),
        ('{"format": "reportgen-run", "version": 1}', "is damaged"),
    ],
)
def test_what_is_no_run_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        RunSummary.from_json(text, "old.json")
    assert "old.json" in str(caught.value)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_run_with_a_part_exchanged_is_refused_or_read(data: st.DataObject) -> None:
    document = json.loads(make_run(HOLDS, FALSE).to_json())
    at: object = document
    for _ in range(data.draw(st.integers(1, 4))):
        if isinstance(at, dict | list) and at:
            owner, keys = at, sorted(at) if isinstance(at, dict) else list(range(len(at)))
            key = data.draw(st.sampled_from(keys))
            at = owner[key]
    owner[key] = data.draw(st.sampled_from([None, 1.5, -1, "x", [], {}, True, ["x"], {"x": 1}]))
    try:
        RunSummary.from_json(json.dumps(document), "old.json")
    except InputError as error:
        assert "old.json" in str(error)
