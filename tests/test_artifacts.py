"""The key of an artifact changes when its values would, and a maker sees nothing else."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import artifacts
from reportgen.artifacts import Addressed, Artifacts, digest
from reportgen.figures import Look, ShownModel
from reportgen.store import Store
from tests.factories import CIFAR10, make_record
from tests.kept import Kept

RECORD = make_record("cnn")
BASE = digest("CNN", (RECORD,), CIFAR10, Look())
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner)
)


def double(value: object, times: int) -> bytes:
    return repr(value).encode() * times


def test_it_is_made_once_for_the_same_values(tmp_path: Path) -> None:
    keep = Artifacts(Store.open(tmp_path))
    assert keep(double, "a", 2) == b"'a''a'"
    assert keep(double, "a", 2) == b"'a''a'"
    assert len([path for path in tmp_path.rglob("artifacts/*/*/*") if path.is_file()]) == 1
    keep(double, "a", 3)
    assert len([path for path in tmp_path.rglob("artifacts/*/*/*") if path.is_file()]) == 2


def test_another_maker_keeps_apart() -> None:
    kept = Kept()
    kept(double, "a", 2)
    kept(only, "a", 2)
    assert len(kept) == 2


def only(value: object, times: int) -> bytes:
    return b""


def test_a_value_told_by_its_digest_is_loaded_by_the_maker_alone() -> None:
    kept, loads = Kept(), []

    def load() -> bytes:
        loads.append(1)
        return b"large"

    for _ in range(2):
        assert kept(loaded, Addressed("d1", load)) == b"large"
    assert len(loads) == 1
    kept(loaded, Addressed("d2", load))
    assert len(loads) == 2


def loaded(value: Addressed[bytes]) -> bytes:
    return value.load()


def inner() -> Callable[..., bytes]:
    seen = b"hidden"
    return lambda: seen


@pytest.mark.parametrize(
    "maker", [inner(), lambda: b"", partial(double, "a", 1), b"x".join, Kept, RECORD.__repr__]
)
def test_what_may_see_more_than_its_values_makes_nothing(maker: Callable[..., bytes]) -> None:
    with pytest.raises(TypeError, match="may see more than its values"):
        Kept()(maker)


@given(VALUES, VALUES)
def test_different_values_have_different_digests(one: object, other: object) -> None:
    # repr tells -0.0 from 0.0 and 1 from True, as it must; what is equal by its repr is the same value
    assert (digest(one) == digest(other)) == (_canonical(one) == _canonical(other))


def _canonical(value: object) -> str:
    if isinstance(value, dict):
        return repr({key: _canonical(value[key]) for key in sorted(value)})
    if isinstance(value, list | tuple):
        return type(value).__name__ + repr([_canonical(item) for item in value])
    return repr(value)


def test_equal_values_equal_digests() -> None:
    assert digest("CNN", (make_record("cnn"),), CIFAR10, Look()) == BASE
    assert len(BASE) == 64


@pytest.mark.parametrize(
    "other",
    [
        ("Net", (RECORD,), CIFAR10, Look()),
        ("CNN", (RECORD, RECORD), CIFAR10, Look()),
        ("CNN", (make_record("cnn", seed=2),), CIFAR10, Look()),
        ("CNN", (RECORD,), CIFAR10[::-1], Look()),
        ("CNN", (RECORD,), CIFAR10, Look("sv")),
        ("CNN", (RECORD,), CIFAR10, Look(family="Source Sans Pro")),
    ],
)
def test_other_values_other_digests(other: tuple[object, ...]) -> None:
    assert digest(*other) != BASE


def test_one_prediction_is_enough() -> None:
    test = RECORD.evaluations["test"]
    predicted = test.predicted.copy()
    predicted[17] ^= 1
    changed = dataclasses.replace(
        RECORD, evaluations={**RECORD.evaluations, "test": dataclasses.replace(test, predicted=predicted)}
    )
    assert digest("CNN", (changed,), CIFAR10, Look()) != BASE


def test_values_do_not_run_together() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest(("a",), "b") != digest(("a", "b"))
    assert digest(1) != digest("1")
    assert digest(1) != digest(True)
    assert digest(np.zeros(2, np.uint8)) != digest(np.zeros((2, 1), np.uint8))
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest({"b", "a"}) == digest({"a", "b"}) != digest(["a", "b"])
    assert digest(Path("a")) != digest(Path("b"))
    assert digest(datetime(2020, 1, 1, tzinfo=UTC)) != digest(datetime(2021, 1, 1, tzinfo=UTC))
    assert digest(ShownModel("CNN", (RECORD,), dataset="CIFAR-10")) != digest(("CNN", (RECORD,), "CIFAR-10"))


@pytest.mark.parametrize("value", [object(), np.array([object()]), Kept])
def test_what_cannot_be_written_down_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="can't be part of a key"):
        digest(value)


@pytest.mark.parametrize("change", ["source", "data", "library", "python"])
def test_another_maker_of_everything_is_another_key(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, installed = tmp_path / "package", tmp_path / "installed"
    package.mkdir()
    installed.mkdir()
    (package / "a.py").write_text("A = 1")
    monkeypatch.setattr(artifacts, "PACKAGE", package)
    monkeypatch.setattr("sys.path", [str(installed)])

    def environment() -> str:
        artifacts.sources.cache_clear()
        return artifacts.environment.__wrapped__()

    before = environment()
    assert environment() == before
    match change:
        case "source":
            (package / "a.py").write_text("A = 2")
        case "data":
            (package / "dictionary.txt").write_text("x")
        case "library":
            (installed / "matplotlib-3.11.2.dist-info").mkdir()
        case "python":
            monkeypatch.setattr("sys.version", "3.99")
    assert environment() != before
    monkeypatch.undo()
    artifacts.sources.cache_clear()
