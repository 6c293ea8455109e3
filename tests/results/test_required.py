import pytest

from reportgen.results.required import configured_numbers, least_accuracy
from tests.factories import make_facts, make_report


def world(*requirements):
    return make_facts(report=make_report(("cnn",), requirements={"cnn": requirements}))


@pytest.mark.parametrize(
    ("requirement", "name", "text"),
    [
        ("test.accuracy > 0.62", "test.accuracy", "62.0 %"),
        ("test.accuracy.lower >= 0.6", "test.accuracy.lower", "60.0 %"),
        ("epochs <= 25", "epochs", "25"),
        ("parameters.total <= 654454 and epochs <= 25", "parameters.total", "654,454"),
        ("parameters.total <= 654454 and epochs <= 25", "epochs", "25"),
    ],
)
def test_a_bound_can_be_named(requirement, name, text):
    required = world(requirement)["cnn"].required
    assert str(required[name]).replace("\xa0", " ") == text


@pytest.mark.parametrize(
    "requirement", ["test.acuracy > 0.6", "test > 0.6", "epochs <", "converged", "1 < 2"]
)
def test_what_is_no_bound_of_a_fact_is_left_out(requirement):
    assert len(world(requirement)["cnn"].required) == 0


def test_the_numbers_of_a_model():
    (spec,) = make_report(("cnn",), requirements={"cnn": ["test.accuracy > 0.62"]}).models.values()
    assert set(configured_numbers(spec)) == {15, 32, 1, 0.01, 0.9, 0.62}


@pytest.mark.parametrize(
    ("requirements", "least"),
    [
        (["test.accuracy > 0.62"], 0.62),
        (["test.accuracy >= 0.5", "test.accuracy > 0.6 and epochs <= 25"], 0.6),
        (["test.accuracy < 0.9"], None),
        (["validation.accuracy > 0.6", "parameters.total <= 10"], None),
        ([], None),
    ],
)
def test_the_accuracy_that_must_be_reached(requirements, least):
    assert least_accuracy(make_report(("cnn",), requirements={"cnn": requirements}).models["cnn"]) == least
