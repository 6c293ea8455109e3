import numpy as np
import pytest

from reportgen.language import FactError, NumberStyle, style_of
from reportgen.language.functions import mean, smallest
from reportgen.results.quantity_maker import Maker
from reportgen.results.split_facts import SplitFacts
from tests.factories import make_evaluation, make_evaluation_of

CLASSES = ("cat", "dog", "frog")
#          cat cat cat cat dog dog dog frog frog frog
TRUE = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]
TAKEN = [0, 1, 1, 2, 1, 1, 0, 2, 2, 2]

ENGLISH = style_of("en")


def split(*runs, style: NumberStyle = ENGLISH, missing="", classes=CLASSES):
    return SplitFacts("cnn.test", "cifar10/test", runs, classes, Maker(style, missing))


@pytest.fixture
def facts():
    return split(make_evaluation_of(TRUE, TAKEN, loss=1.25))


def test_accuracy_counts_the_right_answers(facts):
    assert (facts.accuracy.value, facts.accuracy.k, facts.accuracy.n) == (0.6, 6, 10)
    assert facts.accuracy.name == "cnn.test.accuracy"
    assert facts.accuracy.owner is facts
    assert facts.accuracy.seeds == ()
    assert (facts.error.value, facts.errors.value, facts.n.value, facts.loss.value) == (0.4, 4, 10, 1.25)


def test_the_interval_is_wilsons(facts):
    # By hand: centre (6 + z²/2) / (10 + z²), z = 1.95996.
    assert facts.accuracy.lower.value == pytest.approx(0.31267, abs=1e-5)
    assert facts.accuracy.upper.value == pytest.approx(0.83182, abs=1e-5)
    assert facts.error.lower.value == pytest.approx(1 - 0.83182, abs=1e-5)


def test_the_confusion_matrix_has_the_true_class_down(facts):
    assert facts.counts.tolist() == [[1, 2, 1], [1, 2, 0], [0, 0, 3]]
    assert facts.counts.dtype == np.int64
    assert facts.confusion.member(("cat", "dog")).value == 2
    assert facts.confusion.member(("dog", "cat")).value == 1


def test_confusions_are_ordered_by_count(facts):
    pairs = [(pair.true, pair.predicted, pair.count.value) for pair in facts.confusions]
    assert pairs == [("cat", "dog", 2), ("cat", "frog", 1), ("dog", "cat", 1)]
    assert facts.confusions[0].share.value == 0.5
    assert facts.confusions[1].count.name == "cnn.test.confusions[1].count"
    assert facts.most_confused.true == "cat"
    assert facts.most_confused.true.name == "cnn.test.most_confused.true"


def test_recall_and_precision_by_class(facts):
    assert [share.value for share in facts.recall] == [0.25, pytest.approx(2 / 3), 1.0]
    assert [share.value for share in facts.precision] == [0.5, 0.5, 0.75]
    assert (facts.recall["cat"].k, facts.recall["cat"].n) == (1, 4)
    assert facts.recall["cat"].name == "cnn.test.recall.cat"
    assert facts.recall["cat"].lower.value < 0.25 < facts.recall["cat"].upper.value


def test_best_and_worst_class(facts):
    assert (facts.best_class, facts.worst_class) == ("frog", "cat")
    assert [entry.label for entry in facts.ranking] == ["frog", "dog", "cat"]


def test_a_class_that_is_never_named_has_no_precision():
    facts = split(make_evaluation_of([0, 1, 2], [0, 1, 1]))
    assert facts.precision["frog"].missing == "there is no such image"
    assert str(facts.precision["frog"]) == "undefined"
    assert facts.recall["frog"].value == 0.0


def test_nothing_confused():
    facts = split(make_evaluation_of([0, 1, 2], [0, 1, 2]))
    assert len(facts.confusions) == 0
    with pytest.raises(FactError, match="no two classes were confused"):
        _ = facts.most_confused


def test_several_seeds_give_the_mean_and_the_spread():
    facts = split(make_evaluation_of(TRUE, TAKEN), make_evaluation_of(TRUE, TRUE))
    assert facts.accuracy.value == pytest.approx(0.8)
    assert facts.accuracy.seeds == (0.6, 1.0)
    assert facts.accuracy.k is None
    assert facts.accuracy.spread.value == pytest.approx(0.4 / 2**0.5)
    assert facts.errors.value == 2
    assert facts.error.value == pytest.approx(0.2)
    assert facts.correct.shape == (2, 10)


def test_confusions_are_those_of_the_first_seed():
    facts = split(make_evaluation_of(TRUE, TAKEN), make_evaluation_of(TRUE, TRUE))
    assert facts.counts.tolist() == [[1, 2, 1], [1, 2, 0], [0, 0, 3]]


def test_confidence_and_overconfidence(facts):
    assert facts.confidence.value == pytest.approx(0.9, abs=1e-3)
    assert facts.overconfidence.value == pytest.approx(0.3, abs=1e-3)
    assert facts.overconfidence.name == "cnn.test.overconfidence"


def test_confidence_that_was_not_kept_is_missing():
    run = make_evaluation(0.5, 10, classes=3)
    bare = type(run)(run.loss, run.labels, run.predicted, np.empty(0, np.float16), {})
    assert split(bare).confidence.missing == "not measured"


@pytest.mark.parametrize("missing", ["not measured", "training diverged"])
def test_without_results_every_fact_says_why(missing):
    facts = split(missing=missing)
    for key in ("accuracy", "error", "errors", "n", "loss", "confidence", "overconfidence"):
        assert facts.member(key).missing == missing
    assert facts.recall["cat"].missing == missing
    assert facts.confusion.member(("cat", "dog")).missing == missing
    assert facts.worst_class.missing == missing
    assert facts.confusions.missing == missing
    assert facts.most_confused.count.missing == missing
    assert facts.ranking.missing == missing


def test_the_language_of_the_report_decides_the_numbers():
    assert str(split(make_evaluation_of(TRUE, TAKEN), style=style_of("sv")).accuracy) == "60,0\xa0%"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("cat", "takes two classes"),
        (("cat",), "takes two classes"),
        (("cat", "dog", "frog"), "takes two classes"),
        (("cat", "dig"), 'no class is called "dig"'),
    ],
)
def test_the_matrix_takes_two_classes(facts, key, message):
    with pytest.raises(FactError, match=message):
        facts.confusion.member(key)


def test_classes_that_are_digits_can_be_numbers():
    facts = split(make_evaluation_of([0, 1, 1], [0, 1, 0]), classes=("0", "1"))
    assert facts.confusion.member((1, 0)).value == 1
    assert facts.recall.member(1).value == 0.5
    assert facts.recall["1"].name == 'cnn.test.recall["1"]'


def test_seventy_of_a_hundred_in_each_of_three_seeds_is_seven_tenths():
    run = make_evaluation_of([0] * 100, [0] * 70 + [1] * 30)
    facts = split(run, run, run)
    assert facts.accuracy >= 0.7
    assert facts.accuracy <= 0.7
    assert facts.error == 0.3
    assert facts.recall["cat"] == 0.7
    assert facts.errors == 30


def test_a_class_without_images_takes_part_in_no_ranking():
    facts = split(make_evaluation_of([1, 1, 2, 2], [1, 2, 2, 2]))
    assert [entry.label for entry in facts.ranking] == ["frog", "dog"]
    assert (facts.best_class, facts.worst_class) == ("frog", "dog")
    shares = [facts.recall["cat"], facts.recall["dog"], facts.recall["frog"]]
    assert smallest(*shares) == 0.5
    assert mean(*shares) == 0.75
    assert mean(shares[0]).undefined
    assert str(shares[0]) == "undefined"


def test_without_any_image_no_class_is_the_best():
    with pytest.raises(FactError, match="no class has items"):
        _ = split(make_evaluation_of([], [])).best_class
