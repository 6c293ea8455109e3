import subprocess
import sys

import pytest

from reportgen.language import Show, parse, render
from reportgen.results import facts
from tests.factories import CIFAR10, make_facts, make_record, make_records, make_report

DIGITS = tuple("0123456789")


def test_roots():
    world = make_facts()
    assert world.members() == ("fc", "cnn", "cnn_dropout", "report", "data")
    assert world["cnn"] is world.member("cnn") is world.models["cnn"]
    with pytest.raises(KeyError):
        world.member("nothing")


def test_the_report():
    report = make_facts().member("report")
    assert [model.name for model in report.models] == ["fc", "cnn", "cnn_dropout"]
    assert report.table == Show("table", ())  # no model of its own: all of them
    assert report.comparison == Show("comparison", ())
    assert report.title == "Deep Learning"
    assert report.seconds.value == pytest.approx(3 * 151)


def test_time_of_a_report_that_is_not_all_trained_is_missing():
    report = make_report(("cnn", "fc"))
    world = facts(report, {"cnn": (make_record(),)}, {"cifar10": CIFAR10})
    assert world.member("report").seconds.missing == "not measured"


def test_one_training_that_serves_two_models_counts_once():
    report = make_report(("cnn", "fc"))
    record = make_record(seconds=100.0)
    world = facts(report, {"cnn": (record,), "fc": (record,)}, {"cifar10": CIFAR10})
    assert world.member("report").seconds.value == 100


def test_configured_numbers():
    report = make_report(("cnn", "cnn_dropout"), requirements={"cnn": ["test.accuracy > 0.62"]})
    world = make_facts(report=report, records=make_records(report))
    assert {15.0, 32.0, 0.01, 0.9, 0.62, 0.2, 4000.0} <= world.configured
    assert 0.631 not in world.configured


def test_an_answer_over_all_of_it():
    text = """Images have {{ data.cifar10.height }}×{{ data.cifar10.width }} pixels.
{% for model in report.models %}
- {{ model.title }}: {{ model.test.accuracy }} with {{ model.parameters.total }} parameters
{% endfor %}
{{ report.table }}
"""
    found = render(parse(text, "a.md"), make_facts(("fc", "cnn")))
    assert found.plain().replace("\xa0", " ") == (
        "Images have 32×32 pixels.\n"
        "- FC: 47.5 % with 12,523,266 parameters\n"
        "- CNN: 63.1 % with 81,834 parameters\n\n\n"
    )
    assert [fact.name for fact in found.facts if "title" in fact.name] == ["fc.title", "cnn.title"]


def test_names_can_be_checked_before_anything_is_trained():
    empty = facts(make_report(), {}, {"cifar10": CIFAR10})
    text = "{{ cnn.test.recall.cat }} {{ cnn.test.confusions[0].true }} {{ cnn.history.val_loss.best_epoch }}"
    assert {fact.text for fact in render(parse(text, "a.md"), empty).facts} == {"not measured"}
    with pytest.raises(Exception, match="did you mean `cat`"):
        render(parse("{{ cnn.test.recall.catt }}", "a.md"), empty)


def test_facts_and_answers_need_no_heavy_library():
    code = """
import sys
from tests.factories import make_facts
from reportgen.results import listing
world = make_facts()
listing(world)
world["cnn"].test.significantly_better_than(world["fc"])
print(*(name for name in ("scipy", "statsmodels", "pandas", "sklearn", "tensorflow", "matplotlib")
        if name in sys.modules))
"""
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.split() == []
