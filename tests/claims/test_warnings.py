from dataclasses import replace

import pytest

from reportgen.claims import judge
from tests.claims.runs import claiming, judged
from tests.factories import make_facts, make_record

OTHER = ("not evidence that there is none",)  # warnings of something else than chance


@pytest.mark.parametrize(
    ("expression", "doubt"),
    [
        ("cnn_dropout.test.accuracy > cnn.test.accuracy", "differ by no more than chance explains"),
        ("cnn.test.accuracy < cnn_dropout.test.accuracy", "differ by no more than chance explains"),
        ("cnn.test.accuracy > fc.test.accuracy", ""),
        ("cnn.test.accuracy > 0.62", "threshold 62.0 % lies inside the 95 % interval"),
        ("0.62 < cnn.test.accuracy", "threshold 62.0 % lies inside the 95 % interval"),
        ("cnn.test.accuracy > 0.55", ""),
        ("cnn.test.accuracy.lower > 0.59", ""),
        ("cnn.test.accuracy > data.cifar10.chance", ""),
        ("cnn_dropout.test.accuracy - cnn.test.accuracy > 0", "threshold 0.0 points lies inside"),
        ("cnn.test.accuracy - fc.test.accuracy > 0.05", ""),
        ("cnn.validation.accuracy > cnn.test.accuracy", "tested on different items"),
        ("cnn.train.accuracy > cnn.test.accuracy", ""),
        ("cnn.test.recall.cat > 0.6", "lies inside"),
        ("cnn.test.recall.ship > 0.1", ""),
        ("cnn.test.recall.dog > cnn.test.recall.cat", "differ by no more than chance explains"),
        ("cnn.epochs <= 25", ""),
        ("cnn.test is not significantly_better_than(cnn_dropout.test)", "not evidence that there is none"),
        ("not (cnn.test is significantly_better_than(cnn_dropout.test))", "not evidence that there is none"),
        ("not (cnn.test.accuracy < 0.1)", ""),
        ("cnn.test is significantly_better_than(fc.test)", ""),
    ],
)
def test_what_holds_by_chance_perhaps_is_doubted(expression: str, doubt: str) -> None:
    (verdict,) = judged(expression)
    assert verdict.holds
    assert len(verdict.warnings) == bool(doubt)
    assert doubt in "".join(verdict.warnings)
    assert verdict.noise == (bool(doubt) and doubt not in OTHER)


def test_several_seeds_are_compared_across_seeds() -> None:
    (verdict,) = judged(
        "cnn.test.accuracy > fc.test.accuracy",
        models=("fc", "cnn"),
        seeds=(1, 2, 3),
        records={
            "fc": [make_record("fc", seed=seed, accuracy={"test": 0.60 + 0.01 * seed}) for seed in (1, 2, 3)],
            "cnn": [
                make_record("cnn", seed=seed, accuracy={"test": 0.61 + 0.01 * seed}) for seed in (1, 2, 3)
            ],
        },
    )
    assert "between the two ways of training" in verdict.warnings[0]


def test_what_is_false_gets_no_warning() -> None:
    (verdict,) = judged("cnn.test.accuracy > cnn_dropout.test.accuracy")
    assert (verdict.holds, verdict.warnings) == (False, ())


def test_a_comparison_across_data_sets_is_doubted() -> None:
    expressions = {
        "mnist_fc.test.accuracy > cnn.test.accuracy": True,
        "mnist_fc.test.accuracy - cnn.test.accuracy > 0.3": True,
        "cnn.test.loss > mnist_fc.test.loss": True,
        "mnist_fc.test.recall[3] > cnn.test.recall.ship": True,
        "cnn.parameters.total <= mnist_fc.parameters.total": False,
        "mnist_fc.test.accuracy > cnn.chance": False,
    }
    report = claiming(
        "\n".join(f"{{% claim {each} %}}So{{% endclaim %}}." for each in expressions),
        models=("cnn", "mnist_fc"),
    )
    training = replace(report.models["mnist_fc"].training, dataset="mnist")
    models = {**report.models, "mnist_fc": replace(report.models["mnist_fc"], training=training)}
    report = replace(report, models=models)
    found = judge(report, make_facts(report=report))
    doubted = {each.expression: "measured on" in "".join(each.warnings) for each in found}
    assert doubted == expressions
