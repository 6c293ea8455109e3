import pytest

from reportgen.errors import InputError
from reportgen.language import reprint
from reportgen.language.functions import FUNCTIONS
from reportgen.results import by_text, facts, functions, listing
from tests.factories import CIFAR10, make_facts, make_report


@pytest.fixture(scope="module")
def world():
    return make_facts(("fc", "cnn_dropout"), seeds=(1, 2))


def test_every_entry_can_be_asked_for_by_its_name(world):
    entries = listing(world)
    assert len(entries) > 300
    assert len({entry.name for entry in entries}) == len(entries)
    for entry in entries:
        if entry.kind not in ("show", "list", "matrix", "truth", "missing"):
            assert reprint(entry.name, world) == entry.text
        assert entry.description, entry.name


def test_a_group_is_listed_below_its_name(world):
    entries = listing(world, "cnn_dropout.test")
    assert entries[0].name == "cnn_dropout.test.accuracy"
    assert all(entry.name.startswith("cnn_dropout.test.") for entry in entries)


def test_a_number_is_listed_with_its_interval_and_spread(world):
    entries = {
        entry.name.removeprefix("fc.test.accuracy"): entry for entry in listing(world, "fc.test.accuracy")
    }
    assert list(entries) == ["", ".lower", ".upper", ".interval", ".spread"]
    assert entries[""].kind == "share"
    assert entries[""].description.startswith("Share of items classified right")
    assert entries[".spread"].kind == "points"
    assert entries[".interval"].kind == "word"


def test_a_list_is_shown_in_part_in_the_whole_and_whole_by_itself(world):
    part = [entry.name for entry in listing(world, "fc") if ".test.confusions[" in entry.name]
    whole = [entry.name for entry in listing(world, "fc.test.confusions")]
    assert "fc.test.confusions[2].count" in part
    assert "fc.test.confusions[3].count" not in part
    assert "fc.test.confusions[3].count" in whole


def test_models_in_a_list_are_not_listed_twice(world):
    assert [entry.name for entry in listing(world, "report.models")] == ["report.models"]


def test_an_unknown_name_has_the_nearest(world):
    with pytest.raises(InputError, match="did you mean `accuracy`"):
        listing(world, "fc.test.acuracy")


def test_it_tells_what_there_will_be_before_anything_is_trained():
    empty = facts(make_report(), {}, {"cifar10": CIFAR10})
    texts = {entry.name: entry.text for entry in listing(empty)}
    assert texts["cnn.test.accuracy"] == "not measured"
    assert texts["cnn.epochs"] == "15"
    assert texts["cnn.test.confusions"] == "not measured"


def test_swedish():
    world = make_facts(("cnn",), language="sv")
    texts = {entry.name: entry.text.replace("\xa0", " ") for entry in listing(world, "cnn.parameters")}
    assert texts["cnn.parameters.total"] == "81 834"


def test_names_by_text():
    names = by_text(make_facts())
    assert names["63.1 %"] == "cnn.test.accuracy"
    assert names["12,523,266"] == "fc.parameters.total"
    assert "10" not in names


def test_every_function_is_listed_with_its_parameters_and_meaning():
    found = {entry.name: entry.description for entry in functions()}
    assert {name.partition("(")[0] for name in found} == set(FUNCTIONS)
    assert all(found.values())
    assert found["learning_curves(*models)"].startswith("Figure: loss and accuracy")
    assert "confusion_difference(one, other)" in found
