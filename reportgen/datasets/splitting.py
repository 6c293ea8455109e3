"""Which rows of a table are for the test: drawn in equal shares of classes, by group, or the latest."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]
_QUANTILES = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True)
class Parts:
    """Rows to train on, in the order in which the last ones are held out, and rows for the test."""

    train: Rows
    test: Rows


def at_random(labels: NDArray[Any], share: float, seed: int) -> Parts:
    """Draw this share of each label's rows for the test, and at least one; the others come in any order."""
    chosen = np.zeros(len(labels), bool)
    generator = np.random.default_rng([seed, 0])
    for label in np.unique(labels):
        rows = generator.permutation(np.flatnonzero(labels == label))
        chosen[rows[: min(max(round(share * len(rows)), 1), len(rows) - 1)]] = True
    return Parts(
        np.random.default_rng([seed, 1]).permutation(np.flatnonzero(~chosen)), np.flatnonzero(chosen)
    )


def label_strata(labels: NDArray[np.bool_], share: float) -> NDArray[np.intp]:
    """Return of items with several labels which are to be divided alike, one value an item.

    They are those with the same set of labels, where the test's share of these is an item or more. Any other
    item is put together with those that have the same label as their rarest.
    """
    _, sets, counts = np.unique(labels, axis=0, return_inverse=True, return_counts=True)
    sets, none = sets.reshape(-1), labels.shape[1]
    order = np.argsort(labels.sum(axis=0), kind="stable")
    rarest = np.where(labels.any(axis=1), order[np.argmax(labels[:, order], axis=1)], none)
    found: NDArray[np.intp] = np.where(counts[sets] * share >= 1, none + 1 + sets, rarest)
    return found


def by_group(groups: NDArray[np.intp], labels: NDArray[Any], share: float, seed: int) -> Parts:
    """Draw whole groups for the test, so that each label comes as near to its share as groups allow.

    Groups are numbered from 0, two at least. Those to train on follow one another, each in one piece.
    """
    counts = np.zeros((groups.max() + 1, len(np.unique(labels))))
    np.add.at(counts, (groups, np.unique(labels, return_inverse=True)[1]), 1)
    order = np.random.default_rng([seed, 0]).permutation(len(counts))
    lacking, chosen = share * counts.sum(axis=0), np.zeros(len(counts), bool)
    for group in order:
        if np.abs(lacking - counts[group]).sum() < np.abs(lacking).sum():
            chosen[group], lacking = True, lacking - counts[group]
    if not chosen.any():
        chosen[order[np.argmin(counts.sum(axis=1)[order])]] = True
    if chosen.all():
        chosen[order[-1]] = False
    rank = np.empty(len(counts), np.intp)
    rank[np.random.default_rng([seed, 1]).permutation(len(counts))] = np.arange(len(counts))
    train = np.flatnonzero(~chosen[groups])
    return Parts(train[np.argsort(rank[groups[train]], kind="stable")], np.flatnonzero(chosen[groups]))


def folded(groups: NDArray[Any], labels: NDArray[Any], count: int) -> Rows:
    """Return the fold of each row, from 0: groups stay whole, labels come in as equal shares as they allow.

    Numbers to predict count as five classes of one size.

    Raises
    ------
    ValueError
        If there are fewer groups than folds.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    if (there := len(np.unique(groups))) < count:
        raise ValueError(f"{count} folds of {there} groups")
    strata = np.digitize(labels, np.quantile(labels, _QUANTILES)) if labels.dtype.kind == "f" else labels
    found = np.empty(len(labels), np.intp)
    folds = StratifiedGroupKFold(count, shuffle=True, random_state=count)
    with warnings.catch_warnings(action="ignore"):  # of a class with fewer rows than folds
        for number, (_, held_out) in enumerate(folds.split(labels, strata, groups)):
            found[held_out] = number
    return found


def by_time(times: NDArray[Any], share: float) -> Parts:
    """Take the latest rows for the test; those to train on come in order of time."""
    order = np.argsort(times, kind="stable")
    cut = len(order) - min(max(round(share * len(order)), 1), len(order) - 1)
    return Parts(order[:cut], order[cut:])


def divided(groups: NDArray[np.intp], held_out: int) -> str:
    """Return what is wrong with holding out so many rows at the end, if that would divide a group."""
    allowed = cuts(groups)
    if held_out in allowed or not 0 < held_out < len(groups):
        return ""
    near = sorted(sorted(allowed.tolist(), key=lambda cut: abs(cut - held_out))[:2])
    remedy = f"hold out {' or '.join(map(str, near))}" if near else "there is only one to train on"
    return f"validation = {held_out} would divide a group: {remedy}"


def cuts(groups: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return how many rows can be held out at the end of these so that no group is cut."""
    return len(groups) - np.flatnonzero(np.diff(groups) != 0) - 1
