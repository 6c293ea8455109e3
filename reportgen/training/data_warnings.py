"""Warnings about the data of a training, said before it begins."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from reportgen.datasets.inputs import slices
from reportgen.datasets.table import by_column, number
from reportgen.datasets.types import Dataset, Split

_NAMED = 5  # columns at most


def data_warnings(splits: Mapping[str, Split], dataset: Dataset, *, network: bool = False) -> tuple[str, ...]:
    """Return what is probably wrong with the data of a training; mostly nothing.

    Parameters
    ----------
    network : bool
        Whether a network takes them: it has no use for numbers without a value (NaN).
    """
    train = splits["train"]
    found = [_unseen(splits, dataset.classes), *_words(train, dataset.columns)]
    return tuple(filter(None, [*found, lacking(train, dataset.columns) if network else ""]))


def lacking(train: Split, columns: Sequence[str]) -> str:
    """Say in how many training items what has no value (NaN); mostly empty."""
    told = [f"{name} ({count} of {len(train.labels)})" for name, count in _gaps(train, columns) if count]
    if not told:
        return ""
    places = ", ".join(told[:_NAMED]) + f" and {len(told) - _NAMED} more" * (len(told) > _NAMED)
    remedy = 'fill them in, or leave such items out (of a table: missing = "drop")'
    return (
        f"training items have no value (NaN) in {places}; a network makes NaN of it, or 0 by ReLU: {remedy}"
    )


def _gaps(train: Split, columns: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield of each column of a table, or of each input, how many items have no value."""
    for name, values in train.several.items() or [("the inputs", train.arrays[0])]:
        if values.dtype.kind == "f":
            flat = values.reshape(len(values), -1)
            parts = slices(len(flat), flat[:1].nbytes)
            if columns and not train.several:
                yield from zip(columns, sum(np.isnan(flat[some]).sum(axis=0) for some in parts), strict=True)
            else:
                yield name, sum(int(np.isnan(flat[some]).any(axis=1).sum()) for some in parts)


def _words(train: Split, columns: Sequence[str]) -> Iterator[str]:
    """Yield what is odd about columns of words, each of which has become as many inputs as it has values."""
    if not columns or train.several or train.texts:
        return
    (inputs,) = train.arrays
    for name, places in by_column(columns).items():
        words = [columns[place].partition(" = ")[2] for place in places]
        if len(places) < 2 or not all(words):
            continue
        counts = np.count_nonzero(inputs[:, places], axis=0)
        rows, alone = int(counts.sum()), int(np.sum(counts == 1))
        numeric = np.array([number(word, ".") is not None or number(word, ",") is not None for word in words])
        numbers = int(counts[numeric].sum())
        if rows / 2 < numbers < rows:
            other = words[int(np.argmin(numeric))]
            what = f"a number in {numbers} of {rows} rows and {other!r} or the like in others"
            remedy = f"write numbers, leave such cells empty, or leave {name} out"
            yield f"{name} is {what}, so each of its {len(words)} values is an input: {remedy}"
        elif alone > rows / 2:
            what = f"has a value of its own in {alone} of {rows} rows, and each value is an input"
            yield f'{name} {what}, which says nothing of other rows: leave_out = ["{name}"]'


def _unseen(splits: Mapping[str, Split], names: Sequence[str]) -> str:
    """Name classes or labels without training or test items."""
    if not names:
        return ""
    held_out = f": the last {len(splits['validation'].labels)} are held out"
    told = []
    for part, name, why in (("train", "training", held_out), ("test", "test", "")):
        labels = splits[part].labels
        counts = labels.sum(axis=0) if labels.ndim > 1 else np.bincount(labels, minlength=len(names))
        if missing := [each for each, count in zip(names, counts, strict=True) if not count]:
            told.append(f"no {name} items of {', '.join(missing)}{why}")
    return "; ".join(told)
