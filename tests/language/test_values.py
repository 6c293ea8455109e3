import pytest

from reportgen.language import FactError, Keyed, MissingError, Namespace, Quantity, Series, Term, published


class Base(Namespace):
    name = "base"
    hidden = 1

    def __init__(self):
        self.computed = 0

    @published
    def first(self) -> int:
        """What it means,
        on two lines.

        And more.
        """
        self.computed += 1
        return self.computed


class Derived(Base):
    @published
    def second(self) -> str:
        """Second."""
        return "two"


def test_members_are_the_published_ones_of_all_bases():
    assert Base().members() == ("first",)
    assert Derived().members() == ("first", "second")
    assert Derived().member("second") == "two"


@pytest.mark.parametrize(
    "key", ["hidden", "computed", "__class__", "name", "_members", "third", 0, ("first",)]
)
def test_what_is_not_published_is_no_member(key):
    with pytest.raises(KeyError):
        Derived().member(key)


def test_a_member_is_computed_once():
    base = Base()
    assert (base.first, base.first, base.member("first")) == (1, 1, 1)


def test_the_docstring_describes():
    assert Base().describe("first") == "What it means, on two lines."
    assert Base().describe("other") == ""


@pytest.mark.parametrize(
    ("key", "path"), [("a", "base.a"), ("a b", 'base["a b"]'), (3, "base[3]"), ("3", 'base["3"]')]
)
def test_paths_are_expressions(key, path):
    assert Base().path(key) == path


def test_keyed():
    found = Keyed("recall", "Recall", {"cat": 1, "3": 2})
    assert (found.member("cat"), found.member(3), found["3"], len(found), list(found)) == (1, 2, 2, 2, [1, 2])
    assert found.describe("cat") == "Recall: cat"
    with pytest.raises(KeyError):
        found.member("dog")


def test_series():
    found = Series("pairs", "A pair", ("a", "b", "c"))
    assert (found.member(0), found.member(-1), found[1], len(found)) == ("a", "c", "b", 3)
    assert list(found.part(1, None)) == ["b", "c"]
    assert found.part(None, 2).name == "pairs[:2]"
    with pytest.raises(KeyError):
        found.member("a")
    with pytest.raises(KeyError):
        found.member(True)
    with pytest.raises(FactError, match="there is no 3"):
        found.member(3)
    with pytest.raises(MissingError, match="not measured"):
        Series("pairs", "A pair", ("a",), "not measured").member(0)


def test_a_term_knows_what_it_could_be():
    term = Term("cat", "worst", ("cat", "dog"))
    term.require("dog")
    assert (term, term.name) == ("cat", "worst")
    with pytest.raises(FactError, match='never "dig"'):
        term.require("dig")
    with pytest.raises(MissingError):
        Term("", "worst", ("cat",), "not measured").require("cat")


def test_a_namespace_reports_no_headline_of_its_own():
    assert Base().headline() == ()
    quantity = Quantity(1.0, "count", "n")
    assert quantity.headline() == (quantity,)
