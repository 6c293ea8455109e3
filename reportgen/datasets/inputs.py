"""What the inputs of items are: one array, or several by name, which are kept as one structured array.

A structured array has one item of all inputs in each place, so that it is cut, ordered, stored and hashed as
any other array is. Only what hands inputs to a model or shows them asks here for their parts.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.labels import Wrong

Inputs = NDArray[Any]
Given = Inputs | Mapping[str, Inputs]
"""Inputs as authors give them, and as models get them: an array, or an array for each name."""
Shape = tuple[int, ...]

_FEW = 1024  # items


def several(inputs: Given) -> Mapping[str, Inputs]:
    """Return each of several inputs by its name; nothing where there is one."""
    if isinstance(inputs, Mapping):
        return inputs
    return {name: inputs[name] for name in inputs.dtype.names or ()}


def given(inputs: Inputs) -> Given:
    """Return inputs as a model gets them."""
    return several(inputs) or inputs


def count(inputs: Given) -> int:
    """Return how many items there are; 0 of what has no axis of items."""
    first = next(iter(inputs.values())) if isinstance(inputs, Mapping) else inputs
    return len(first) if first.ndim else 0


def shape_of(inputs: Inputs) -> Shape | dict[str, Shape]:
    """Return the shape of one item: of several inputs, of each by its name."""
    parts = several(inputs)
    return {name: part.shape[1:] for name, part in parts.items()} if parts else inputs.shape[1:]


def pictures(inputs: Inputs) -> bool:
    """Tell whether inputs are images: bytes of shape (n, height, width, channels)."""
    return inputs.dtype == np.uint8 and inputs.ndim == 4


def texts(inputs: Inputs) -> bool:
    """Tell whether inputs are texts: str of shape (n,)."""
    return inputs.dtype.kind == "U" and inputs.ndim == 1


def images(inputs: Inputs) -> Inputs | None:
    """Return the images that items have; of several inputs the first that is images."""
    return next(filter(pictures, [*several(inputs).values()] or [inputs]), None)


def type_of(inputs: Inputs) -> str:
    """Return the type of inputs as text: of several the name, type and shape of each, in their order."""
    return str(inputs.dtype.descr) if inputs.dtype.names else inputs.dtype.str


def ready(train: Given, test: Given) -> tuple[Inputs, Inputs]:
    """Return inputs in which nothing is wrong as they are kept: images with an axis of channels."""
    if not isinstance(train, Mapping) or not isinstance(test, Mapping):
        return _alike(np.asarray(train), np.asarray(test))
    pairs = {name: _alike(train[name], test[name]) for name in train}
    first, second = ({name: pair[place] for name, pair in pairs.items()} for place in (0, 1))
    return _together(first), _together(second)


def wrong(train: Given, test: Given) -> Wrong:
    """Return what is wrong with the inputs of both splits."""
    if not isinstance(train, Mapping) and not isinstance(test, Mapping):
        return _wrong("x_train", train) + _wrong("x_test", test) + _unlike("x_train", train, "x_test", test)
    if not (isinstance(train, Mapping) and isinstance(test, Mapping)):
        single = "x_test" if isinstance(train, Mapping) else "x_train"
        return [(f"{single} is one input, and the other split has several", "give both the same inputs")]
    problems = _names(train, test)
    for split, parts in (("x_train", train), ("x_test", test)):
        found = [problem for name, part in parts.items() for problem in _wrong(f"{split}.{name}", part)]
        problems += found or _lengths(split, parts)
    return problems or [
        problem
        for name in train
        for problem in _unlike(f"x_train.{name}", train[name], f"x_test.{name}", test[name])
    ]


def _together(parts: Mapping[str, Inputs]) -> Inputs:
    """Return several inputs as one structured array."""
    first = next(iter(parts.values()))
    made = np.empty(len(first), [(name, part.dtype, part.shape[1:]) for name, part in parts.items()])
    for name, part in parts.items():
        made[name] = part
    return made


def _alike(train: Inputs, test: Inputs) -> tuple[Inputs, Inputs]:
    """Return the same input of both splits in one form."""
    if texts(train):
        wide = np.result_type(train, test)  # as long as the longest of both
        train, test = train.astype(wide, copy=False), test.astype(wide, copy=False)
    elif train.dtype == np.uint8 and train.ndim == 3:
        train, test = train[..., np.newaxis], test[..., np.newaxis]
    return np.ascontiguousarray(train), np.ascontiguousarray(test)


def _wrong(name: str, inputs: Inputs) -> Wrong:
    if not texts(inputs) and (inputs.dtype.kind not in "buif" or inputs.ndim < 2):
        wanted = "numbers of shape (n, ...), or images: uint8 of shape (n, height, width[, channels])"
        return [(f"{name} is {inputs.dtype} of shape {inputs.shape}", wanted)]
    if not inputs.size:
        return [(f"{name} has no items", "")]
    if inputs.dtype.kind == "f" and _infinite(inputs):
        return [(f"{name} contains infinite numbers", "")]
    return []


def _infinite(values: Inputs) -> bool:
    """Tell whether a number is infinite, a few items at a time: large data are not held twice."""
    return any(np.isinf(values[at : at + _FEW]).any() for at in range(0, len(values), _FEW))


def _unlike(one: str, train: Inputs, other: str, test: Inputs) -> Wrong:
    same = train.dtype == test.dtype or (texts(train) and texts(test))
    if same and train.shape[1:] == test.shape[1:]:
        return []
    kinds = [f"{each.dtype} of shape {each.shape[1:]}" for each in (train, test)]
    return [(f"inputs are {kinds[0]} in {one} but {kinds[1]} in {other}", "")]


def _names(train: Mapping[str, Inputs], test: Mapping[str, Inputs]) -> Wrong:
    problems: Wrong = [
        (f"{name!r} can't be the name of an input", 'letters, digits and _, such as "scan"')
        for name in dict.fromkeys([*train, *test])
        if not (isinstance(name, str) and name.isidentifier())
    ]
    if problems:
        return problems
    if len(train) == 1 == len(test):
        (name,) = train
        return [(f"{name} is the only input", "give one input without a name, as x_train and x_test")]
    for has, lacks, parts, others in (
        ("x_train", "x_test", train, test),
        ("x_test", "x_train", test, train),
    ):
        if missing := [name for name in parts if name not in others]:
            told = ", ".join(missing)
            problems.append((f"{has} has the input{'s'[: len(missing) > 1]} {told}, and {lacks} has not", ""))
    return problems


def _lengths(split: str, parts: Mapping[str, Inputs]) -> Wrong:
    if len({len(part) for part in parts.values()}) < 2:
        return []
    told = ", ".join(f"{len(part)} of {name}" for name, part in parts.items())
    return [(f"{split} has different numbers of items: {told}", "an item has all inputs")]
