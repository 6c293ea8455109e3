"""Functions that show several models in one figure."""

import pytest

from reportgen.errors import InputError
from reportgen.language import Show, evaluate, parse, render
from reportgen.language.joint_figures import TOGETHER
from tests.factories import make_facts
from tests.language.world import PLACE

FACTS = make_facts(("mnist_fc", "fc", "cnn", "cnn_dropout"))


def value(expression: str) -> object:
    return evaluate(expression, FACTS, PLACE).value


@pytest.mark.parametrize("kind", TOGETHER)
def test_a_figure_of_two_models(kind: str) -> None:
    shown = value(f"{kind}(cnn, cnn_dropout)")
    assert shown == Show(kind, ("cnn", "cnn_dropout"))
    assert shown.name == f"{kind}(cnn, cnn_dropout)"  # type: ignore[attr-defined]


def test_it_stands_in_an_answer_and_can_be_referred_to() -> None:
    body = "{{ learning_curves(cnn, fc) }}\n\nSee {{ ref(learning_curves(cnn, fc)) }}.\n"
    made = render(parse(body, "a.md"), FACTS)
    assert made.shows == made.refs == (Show("learning_curves", ("cnn", "fc")),)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("learning_curves(cnn)", "takes two to 6 models, not 1"),
        ("learning_curves()", "takes two to 6 models, not 0"),
        ("learning_curves(cnn, cnn)", "names cnn twice"),
        ("learning_curves(cnn, fc.test)", "takes models, such as `cnn`, and fc.test is none"),
        ("learning_curves(cnn, 3)", "takes models, such as `cnn`, and 3 is none"),
        ("confusion_difference(cnn, fc, cnn_dropout)", "too many positional arguments"),
        ("learning_curve(cnn, fc)", "did you mean `learning_curves`"),
        ("learning_curves", "call it"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(expression: str, message: str) -> None:
    with pytest.raises(InputError, match=message.replace("(", r"\(")) as told:
        value(expression)
    assert told.value.problems[0].line == PLACE.line


@pytest.mark.parametrize("kind", ["confusion_difference", "accuracy_by_seed"])
def test_models_of_two_data_sets_are_refused_where_images_are_compared(kind: str) -> None:
    from dataclasses import replace

    report = FACTS.report
    spec = report.models["fc"]
    other = replace(spec, training=replace(spec.training, dataset="mnist"))
    facts = make_facts(report=replace(report, models={**report.models, "fc": other}))
    with pytest.raises(InputError, match="cnn on cifar10 and fc on mnist"):
        evaluate(f"{kind}(cnn, fc)", facts, PLACE)
    assert evaluate("learning_curves(cnn, fc)", facts, PLACE).value == Show("learning_curves", ("cnn", "fc"))
