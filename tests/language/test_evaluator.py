import pytest

from reportgen.errors import InputError
from tests.language.world import value_of


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("cnn.accuracy > fc.accuracy", True),
        ("cnn.accuracy > fc.accuracy > 0.5", False),
        ("0.6 < cnn.accuracy < 0.7", True),
        ("cnn.accuracy > 0.7 or fc.parameters > cnn.parameters", True),
        ("not cnn.accuracy > 0.7", True),
        ("cnn.accuracy > fc.accuracy and cnn.parameters < fc.parameters", True),
        ("cnn.parameters * 100 < fc.parameters", True),
        ("fc.parameters / cnn.parameters > 150", True),
        ("cnn.accuracy - fc.accuracy > 0.1", True),
        ("cnn.accuracy.lower > 0.60", True),
        ("cnn.accuracy.spread < 0.02", True),
        ('cnn.worst == "cat"', True),
        ('cnn.worst != "dog"', True),
        ("cnn.worst == fc.worst", True),
        ('cnn.worst in ("cat", "dog")', True),
        ('"frog" not in ("cat", "dog")', True),
        ('"dog" in cnn.classes', True),
        ("cnn.classes[1] == 'dog'", True),
        ("cnn.classes[-1] == 'frog'", True),
        ("cnn.recall.cat == cnn.recall['dog']", True),
        ("cnn.recall[cnn.worst] == 0.5", True),
        ("cnn.nesterov", True),
        ("cnn.nesterov == true", True),
        ("cnn.accuracy is about(0.63, 0.005)", True),
        ("cnn.accuracy is about(fc.accuracy, 0.05)", False),
        ("cnn.accuracy is between(0.6, 0.7)", True),
        ("fc.parameters is times(153, cnn.parameters)", True),
        ("fc.parameters is times(200, cnn.parameters)", False),
        ("cnn.accuracy is not about(fc.accuracy, 0.05)", True),
        ("max(cnn.accuracy, fc.accuracy) == cnn.accuracy", True),
        ("min(cnn.accuracy, fc.accuracy) == fc.accuracy", True),
        ("abs(fc.accuracy - cnn.accuracy) > 0.15", True),
        ("mean(cnn.accuracy, fc.accuracy) < 0.56", True),
        ("mean(1, 2) == 1.5", True),
        ("(1 if cnn.nesterov else 2) == 1", True),
        ("-cnn.parameters < 0", True),
        ("cnn is better_than(fc)", True),
        ("fc is better_than(cnn)", False),
    ],
)
def test_values(expression, value):
    assert value_of(expression).value is value


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("cnm.accuracy > 0", "unknown name `cnm` (did you mean `cnn`?)"),
        ("cnn.acuracy > 0", "unknown name `cnn.acuracy` (did you mean `accuracy`?)"),
        ("cnn.accuracy.upp > 0", "unknown name `cnn.accuracy.upp` (did you mean `upper`?)"),
        ("cnn.recall.catt > 0", "unknown name `cnn.recall.catt` (did you mean `cat`?)"),
        ("cnn.classes[7] == 'cat'", "cnn.classes has 3 entries, counted from 0: there is no 7"),
        ("cnn.classes['cat'] == 'cat'", "cnn.classes is a list (its entries are numbered: `cnn.classes[0]`)"),
        ("cnn.classes.cat == 'cat'", "cnn.classes is a list"),
        ("cnn.worst.upper == 'CAT'", "cnn.worst has no `upper`"),
        ('cnn.worst == "catt"', 'cnn.worst is never "catt" (did you mean `cat`?)'),
        (
            "cnn.accuracy > cnn.parameters",
            "can't compare cnn.accuracy (a share) with cnn.parameters (a count)",
        ),
        ("cnn.accuracy > 63", "with 63 (a share lies between 0 and 1: 62 % is 0.62)"),
        ("cnn.accuracy > '0.63'", 'can\'t compare cnn.accuracy (a share) with "0.63"'),
        ("cnn > fc", "can't compare cnn with fc by `>`"),
        ("cnn.worst > 'a'", 'can\'t compare cnn.worst with "a" by `>`'),
        ("cnn.nesterov > 0", "can't compare true with 0 by `>`"),
        ("cnn.accuracy and cnn.nesterov", "cnn.accuracy (a share) is not true or false"),
        ("not 1", "1 is not true or false"),
        ("'a' + 'b'", "can't add"),
        ("'a' * 99999", "can't multiply"),
        ("(1, 2) * 99999", "can't multiply"),
        ("1 / 0", "can't divide by zero"),
        ("1000000000000000 * 1000000000000000", "too large a number"),
        (
            "cnn.accuracy is better_thn(fc)",
            "`is better_thn` does not apply to cnn.accuracy (a share)",
        ),
        ("cnn is better_thn(fc)", "did you mean `better_than`?"),
        ("cnn is better_than", "`better_than`: missing a required argument"),
        ("cnn is better_than(fc, 1, 2)", "`better_than`: too many positional arguments"),
        ("cnn is better_than(fc, name=1)", "`better_than`: got an unexpected keyword"),
        ("cnn.accuracy is about(0.6, -0.1)", "a tolerance can't be negative"),
        ("cnn.accuracy is about('x', 0.1)", "`about` takes numbers"),
        ("cnn.accuracy | percnt == 1", "unknown filter `percnt` (did you mean `percent`?)"),
        ("(cnn.accuracy | percent) > 0.6", "a filter returns text"),
        ("(cnn.accuracy | percent) + 1", "the text that a filter returns"),
        ("abs == 1", "`abs` is a function (call it: `abs(…)`)"),
        ("sum(1, 2) == 3", "unknown function `sum`"),
        ("max() > 1", "`max` takes numbers"),
        ("mean(cnn.accuracy, cnn.parameters) > 1", "can't take the mean of"),
        ("mean(cnn.accuracy, 0.5) > 1", "`mean` takes facts or bare numbers"),
        ("1 in 5", "`in` needs a list"),
        ("1 in cnn.classes", "can't compare 1 with cnn.classes[0]"),
        ("'catt' in cnn.classes", 'is never "catt"'),
        ("cnn.recall[1.5] > 1", "1.5 can't be used in square brackets"),
        ("cnn.accuracy[:2] == 1", "can't be sliced like that"),
        ("cnn.classes[::2] == 1", "can't be sliced like that"),
        ("ref(cnn.accuracy) == 1", "`ref` takes something shown"),
    ],
)
def test_errors_name_the_place_the_expression_and_the_way_out(expression, message):
    with pytest.raises(InputError) as caught:
        value_of(expression)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("report.toml", 7)
    assert f"`{expression}`" in problem.message
    assert message in str(problem)


def test_a_requirement_looks_names_up_on_its_model_first():
    assert value_of("accuracy > 0.62", model="cnn").value is True
    assert value_of("accuracy > fc.accuracy", model="cnn").value is True
    with pytest.raises(InputError, match=r"did you mean `accuracy`"):
        value_of("acuracy > 0.62", model="cnn")


def test_measured_facts_are_recorded_once_in_order():
    found = value_of("cnn.accuracy > fc.accuracy and cnn.accuracy.lower > 0.7 and cnn.worst == 'cat'")
    assert [(fact.name, fact.text.replace("\xa0", " ")) for fact in found.measured] == [
        ("cnn.accuracy", "63.1 %"),
        ("fc.accuracy", "47.5 %"),
        ("cnn.accuracy.lower", "60.1 %"),
        ("cnn.worst", "cat"),
    ]


def test_and_evaluates_both_sides_so_that_all_is_reported():
    found = value_of("cnn.accuracy > 0.7 and cnn is better_than(fc)")
    assert found.value is False
    assert [test.hypothesis for test in found.tests] == ["cnn = fc"]
    assert [fact.name for fact in found.measured] == ["cnn.accuracy", "fc.accuracy"]


def test_comparisons_are_recorded_with_their_sides():
    (first, second) = value_of("0.6 < cnn.accuracy <= 0.7").comparisons
    assert (first.left, first.sign, first.right.name, first.holds) == (0.6, "<", "cnn.accuracy", True)
    assert (second.left.name, second.sign, second.right) == ("cnn.accuracy", "<=", 0.7)


def test_a_missing_fact_leaves_the_value_open():
    found = value_of("cnn.accuracy > 0.62 and new.accuracy > 0.62")
    assert (found.value, found.reason) == (None, "new.accuracy: not measured")
    assert ("new.accuracy", "not measured") in [(fact.name, fact.text) for fact in found.measured]
    assert value_of("lost.accuracy > 0.62").reason == "lost.accuracy: training diverged"
    assert value_of("new.worst == 'cat'").value is None
    assert value_of("'cat' in new.classes").value is None
    assert value_of("new.classes[0] == 'cat'").value is None
    assert value_of("'cat' in new.classes[:1]").value is None


def test_a_typo_beside_a_missing_fact_is_still_found():
    with pytest.raises(InputError, match="never"):
        value_of("new.worst == 'catt'")
    with pytest.raises(InputError, match="can't compare"):
        value_of("new.accuracy > new.parameters")


def test_adjusted_p_values_decide_instead_of_the_raw_ones():
    assert value_of("cnn is better_than(fc)").value is True
    assert value_of("cnn is better_than(fc)", adjusted={"cnn = fc": 0.06}).value is False
    assert value_of("cnn is better_than(fc)", adjusted={"other": 0.06}).value is True
