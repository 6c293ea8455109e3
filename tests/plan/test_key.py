import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.plan import canonical, digest

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def shuffled(value: Any, pick: random.Random) -> Any:
    if isinstance(value, dict):
        items = list(value.items())
        pick.shuffle(items)
        return {key: shuffled(item, pick) for key, item in items}
    if isinstance(value, list):
        return [shuffled(item, pick) for item in value]
    return value


def identity(value: Any) -> object:
    """Return what tells two values apart: types and signs of zero included, order of dictionaries not."""
    if isinstance(value, dict):
        return frozenset((key, identity(item)) for key, item in value.items())
    if isinstance(value, list):
        return tuple(identity(item) for item in value)
    return type(value).__name__, repr(value)


@given(VALUES, VALUES)
def test_equal_values_have_equal_keys_and_no_others(one: Any, two: Any) -> None:
    assert (digest(one) == digest(two)) == (identity(one) == identity(two))


@given(VALUES, st.randoms(use_true_random=False))
def test_the_order_of_dictionaries_does_not_matter(value: Any, pick: random.Random) -> None:
    assert canonical(shuffled(value, pick)) == canonical(value)


@given(VALUES)
def test_a_key_survives_being_stored(value: Any) -> None:
    assert digest(json.loads(canonical(value))) == digest(value)


def test_tuples_are_lists() -> None:
    assert digest((1, ("a",))) == digest([1, ["a"]])


def test_keys_are_the_same_for_ever() -> None:
    value = {"b": [1, 2.5, None, True, "é"], "a": {}}
    assert canonical(value) == b'{"a":{},"b":[1,2.5,null,true,"\\u00e9"]}'
    assert digest(value) == "3e4df3ab85001d9c5e305ad814f45df8e26ee937b204dd2d0e87885117bea945"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [1, float("-inf")]])
def test_what_is_not_finite_has_no_key(value: object) -> None:
    with pytest.raises(ValueError, match="key"):
        digest(value)


@pytest.mark.parametrize("value", [b"bytes", {1: 2}, {"a": {None: 1}}, {1, 2}, object()])
def test_what_is_no_json_has_no_key(value: object) -> None:
    with pytest.raises(TypeError, match=r"key|mapping"):
        digest(value)
