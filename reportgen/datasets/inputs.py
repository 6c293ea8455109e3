"""What the inputs of items are: one array, or several by name, which are cut and ordered as one array is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.labels import Wrong

Array = NDArray[Any]
Given = Array | Mapping[str, Array]
"""Inputs as authors give them, and as models get them: an array, or an array for each name."""
Shape = tuple[int, ...]

_BLOCK = 1 << 24  # bytes of items that are looked at together: large data are not held twice


@dataclass(frozen=True, eq=False)
class NamedInputs:
    """Several inputs of each item, an array of shape (n, ...) for each name.

    They are cut and ordered together, and each array stays as it is: a training takes it over without a copy.
    """

    parts: Mapping[str, Array]

    def __len__(self) -> int:
        return len(next(iter(self.parts.values())))

    def __getitem__(self, chosen: slice | Array) -> "NamedInputs":
        return NamedInputs({name: part[chosen] for name, part in self.parts.items()})

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of an item with all its inputs."""
        return np.dtype([(name, part.dtype, part.shape[1:]) for name, part in self.parts.items()])

    def replaced(self, name: str, part: Array) -> "NamedInputs":
        """Return the same inputs but for one."""
        return NamedInputs({**self.parts, name: part})

    def blocks(self) -> Iterator[Array]:
        """Yield the items in structured arrays, of a few at a time."""
        kind = self.dtype
        for some in slices(len(self), kind.itemsize):
            chosen = self[some]
            made = np.empty(len(chosen), kind)
            for name, part in chosen.parts.items():
                made[name] = part
            yield made


Inputs = Array | NamedInputs


def several(inputs: Inputs) -> Mapping[str, Array]:
    """Return each of several inputs by its name; nothing where there is one."""
    return inputs.parts if isinstance(inputs, NamedInputs) else {}


def given(inputs: Inputs) -> Given:
    """Return inputs as a model gets them."""
    return inputs.parts if isinstance(inputs, NamedInputs) else inputs


def arrays(inputs: Inputs) -> tuple[Array, ...]:
    """Return the array of each input."""
    return tuple(inputs.parts.values()) if isinstance(inputs, NamedInputs) else (inputs,)


def flat(name: str, inputs: Inputs) -> dict[str, Array]:
    """Return inputs as arrays that may be files: several by their places, as names may be any letters."""
    if isinstance(inputs, NamedInputs):
        return {f"{name}.{place}": part for place, part in enumerate(inputs.parts.values())}
    return {name: inputs}


def joined(name: str, arrays: Mapping[str, Array], names: Sequence[str]) -> Inputs:
    """Return what `flat` has made arrays of."""
    if name in arrays:
        return arrays[name]
    return NamedInputs({each: arrays[f"{name}.{place}"] for place, each in enumerate(names)})


def count(inputs: Given) -> int:
    """Return how many items there are; 0 of what has no axis of items."""
    first = next(iter(inputs.values())) if isinstance(inputs, Mapping) else inputs
    return len(first) if first.ndim else 0


def shape_of(inputs: Inputs) -> Shape | dict[str, Shape]:
    """Return the shape of one item: of several inputs, of each by its name."""
    if isinstance(inputs, NamedInputs):
        return {name: part.shape[1:] for name, part in inputs.parts.items()}
    return inputs.shape[1:]


def pictures(inputs: Inputs) -> bool:
    """Tell whether inputs are images: bytes of shape (n, height, width, channels)."""
    return not isinstance(inputs, NamedInputs) and inputs.dtype == np.uint8 and inputs.ndim == 4


def texts(inputs: Inputs) -> bool:
    """Tell whether inputs are texts: str of shape (n,)."""
    return not isinstance(inputs, NamedInputs) and inputs.dtype.kind == "U" and inputs.ndim == 1


def images(inputs: Inputs) -> Array | None:
    """Return the images that items have; of several inputs the first that is images."""
    return next(filter(pictures, arrays(inputs)), None)


def type_of(inputs: Inputs) -> str:
    """Return the type of inputs as text: of several the name, type and shape of each, in their order."""
    return str(inputs.dtype.descr) if isinstance(inputs, NamedInputs) else inputs.dtype.str


def ready(train: Given, test: Given) -> tuple[Inputs, Inputs]:
    """Return inputs in which nothing is wrong as they are kept: images with an axis of channels."""
    if not isinstance(train, Mapping) or not isinstance(test, Mapping):
        return _alike(np.asarray(train), np.asarray(test))
    pairs = {name: _alike(train[name], test[name]) for name in train}
    first, second = ({name: pair[place] for name, pair in pairs.items()} for place in (0, 1))
    return NamedInputs(first), NamedInputs(second)


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


def _alike(train: Array, test: Array) -> tuple[Array, Array]:
    """Return the same input of both splits in one form."""
    if texts(train):
        wide = np.result_type(train, test)  # as long as the longest of both
        train, test = train.astype(wide, copy=False), test.astype(wide, copy=False)
    elif train.dtype == np.uint8 and train.ndim == 3:
        train, test = train[..., np.newaxis], test[..., np.newaxis]
    return np.ascontiguousarray(train), np.ascontiguousarray(test)


def _wrong(name: str, inputs: Array) -> Wrong:
    if not texts(inputs) and (inputs.dtype.kind not in "buif" or inputs.ndim < 2):
        wanted = "numbers of shape (n, ...), or images: uint8 of shape (n, height, width[, channels])"
        return [(f"{name} is {inputs.dtype} of shape {inputs.shape}", wanted)]
    if not inputs.size:
        return [(f"{name} has no items", "")]
    if inputs.dtype.kind == "f" and _infinite(inputs):
        return [(f"{name} contains infinite numbers", "")]
    return []


def _infinite(values: Array) -> bool:
    """Tell whether a number is infinite."""
    return any(np.isinf(values[some]).any() for some in slices(len(values), values[:1].nbytes))


def slices(items: int, size: int) -> Iterator[slice]:
    """Yield the places of a few items at a time; `size` is how many bytes one has."""
    few = max(1, _BLOCK // max(1, size))
    return (slice(start, start + few) for start in range(0, items, few))


def _unlike(one: str, train: Array, other: str, test: Array) -> Wrong:
    same = train.dtype == test.dtype or (texts(train) and texts(test))
    if same and train.shape[1:] == test.shape[1:]:
        return []
    kinds = [f"{each.dtype} of shape {each.shape[1:]}" for each in (train, test)]
    return [(f"inputs are {kinds[0]} in {one} but {kinds[1]} in {other}", "")]


def _names(train: Mapping[str, Array], test: Mapping[str, Array]) -> Wrong:
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


def _lengths(split: str, parts: Mapping[str, Array]) -> Wrong:
    if len({len(part) for part in parts.values()}) < 2:
        return []
    told = ", ".join(f"{len(part)} of {name}" for name, part in parts.items())
    return [(f"{split} has different numbers of items: {told}", "an item has all inputs")]
