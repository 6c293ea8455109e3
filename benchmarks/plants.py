"""Statements about a report's models, each in a right and a wrong version, for `detection.py`.

What is true is worked out from the stored predictions with NumPy and SciPy.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy import stats

from reportgen.training.record import Evaluation, Record

Records = Mapping[str, tuple[Record, ...]]
MARKS = "The check says so."


@dataclass(frozen=True)
class Plant:
    """A statement, right and wrong; `stale` names the model whose results are then taken away, if any."""

    family: str
    right: str
    wrong: str
    stale: str = ""


def claim(expression: str) -> str:
    return f"{{% claim {expression} %}}{MARKS}{{% endclaim %}}"


# ---- what is true, from the predictions themselves --------------------------------------------------


def accuracy(runs: Sequence[Record], split: str = "test") -> float:
    """Return the mean accuracy over the runs."""
    return float(
        np.mean([np.mean(run.evaluations[split].labels == run.evaluations[split].predicted) for run in runs])
    )


def confused(run: Record, classes: int) -> np.ndarray:
    """Return the confusion counts with an empty diagonal."""
    test = run.evaluations["test"]
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (test.labels, test.predicted), 1)
    np.fill_diagonal(counts, 0)
    return counts


def earlier(records: Records, chance: random.Random) -> dict[str, tuple[Record, ...]]:
    """Return results as they may have been a week ago."""
    return {
        name: (runs[1],) if len(runs) > 1 else (with_changes(runs[0], chance),)
        for name, runs in records.items()
    }


def with_changes(record: Record, chance: random.Random) -> Record:
    """Return a record with 2 % of its test predictions made right or wrong."""
    test = record.evaluations["test"]
    predicted = test.predicted.copy()
    picked = np.array(chance.sample(range(len(predicted)), len(predicted) // 50))
    better = chance.random() < 0.5
    wrong = (test.labels[picked] + 1) % (int(test.labels.max()) + 1)
    predicted[picked] = test.labels[picked] if better else wrong
    changed: Evaluation = replace(test, predicted=predicted)
    return replace(record, evaluations={**record.evaluations, "test": changed})


# ---- the plants --------------------------------------------------------------------------------------


def plants(
    records: Records, class_names: Mapping[str, Sequence[str]], chance: random.Random
) -> Iterator[Plant]:
    """Yield all that can be planted into a report with these results."""
    before = earlier(records, chance)
    for name, runs in records.items():
        yield from numbers(name, runs, chance)
        yield from classes(name, runs[0], class_names[name], chance)
        yield from signs(name, runs)
        yield from empty(name)
        old, new = accuracy(before[name]), accuracy(runs)
        if abs(old - new) > 0.001:
            said, is_ = (f"{name}.test.accuracy is about({value:.5f}, 0.0005)" for value in (old, new))
            yield Plant("true last week", claim(is_), claim(said), name)
    for a, b in combinations(records, 2):
        yield from orders(a, b, records)
        if records[a][0].dataset == records[b][0].dataset:
            yield from overclaims(a, b, records)


def numbers(name: str, runs: Sequence[Record], chance: random.Random) -> Iterator[Plant]:
    value, off = accuracy(runs), chance.choice((-0.01, 0.01))
    total = runs[0].architecture.total
    about = f"{name}.test.accuracy is about({{:.5f}}, 0.0005)"
    yield Plant("wrong number", claim(about.format(value)), claim(about.format(value + off)))
    count = f"{name}.parameters.total == {{}}"
    yield Plant(
        "wrong number", claim(count.format(total)), claim(count.format(total + chance.choice((-1, 10, 1000))))
    )
    named, typed = f"{{{{ {name}.test.accuracy }}}}", f"{100 * (value + off):.1f} %"
    sentence = "The model reaches {} on the test images."
    yield Plant("typed number", sentence.format(named), sentence.format(typed))
    for hidden in (
        f"{typed[0]}**{typed[1]}**{typed[2:]}",
        f"&#{ord(typed[0])};{typed[1:]}",
        f"{typed[0]}\N{ZERO WIDTH SPACE}{typed[1:]}",
        f"{{{{ 0.1 + {value + off - 0.1:.3f} }}}}",
        f"much^[That is {typed}.]",
    ):
        yield Plant("hidden number", sentence.format(named), sentence.format(hidden))


def empty(name: str) -> Iterator[Plant]:
    """Yield claims that can't be false, beside such that could."""
    share = f"{name}.test.accuracy"
    for right, wrong in (
        (f"{share} > 0", f"{share} >= 0"),
        (f"{share}.upper < 1", f"{share} <= {share}.upper"),
        (f"{name}.test.error < 1", f"{name}.test.error + {share} == 1"),
        (f"{name}.epochs > 0", f"{name}.epochs > 0 or {name}.epochs <= 3"),
    ):
        yield Plant("says nothing", claim(right), claim(wrong))


def classes(name: str, run: Record, labels: Sequence[str], chance: random.Random) -> Iterator[Plant]:
    counts = confused(run, len(labels))
    first, second = np.sort(counts, axis=None)[[-1, -2]]
    if first == second:  # two pairs are confused equally often: neither is "the most confused"
        return
    true, predicted = (labels[int(index)] for index in np.unravel_index(np.argmax(counts), counts.shape))
    other = chance.choice([label for label in labels if label not in (true, predicted)])
    pair = f'{name}.test.most_confused.true == "{{}}" and {name}.test.most_confused.predicted == "{{}}"'
    for wrong in ((predicted, true), (true, other)):
        yield Plant("wrong class pair", claim(pair.format(true, predicted)), claim(pair.format(*wrong)))


def signs(name: str, runs: Sequence[Record]) -> Iterator[Plant]:
    gap = accuracy(runs, "train") - accuracy(runs, "validation")
    if abs(gap) > 0.02:
        says = f"{name}.train.accuracy - {name}.validation.accuracy {{}} 0"
        signs_ = (">", "<") if gap > 0 else ("<", ">")
        yield Plant("wrong sign", *(claim(says.format(sign)) for sign in signs_))


def orders(a: str, b: str, records: Records) -> Iterator[Plant]:
    one, other = accuracy(records[a]), accuracy(records[b])
    if abs(one - other) > 0.04:
        high, low = (a, b) if one > other else (b, a)
        more = "{}.test.accuracy > {}.test.accuracy"
        yield Plant("wrong order", claim(more.format(high, low)), claim(more.format(low, high)))
        difference = "{}.test.accuracy - {}.test.accuracy > 0.005"
        yield Plant("wrong sign", claim(difference.format(high, low)), claim(difference.format(low, high)))
    size, other_size = (records[name][0].architecture.total for name in (a, b))
    if size != other_size:
        large, small = (a, b) if size > other_size else (b, a)
        fewer = "{}.parameters.total < {}.parameters.total"
        yield Plant("wrong order", claim(fewer.format(small, large)), claim(fewer.format(large, small)))


def overclaims(a: str, b: str, records: Records) -> Iterator[Plant]:
    rows = [
        [run.evaluations["test"].labels == run.evaluations["test"].predicted for run in records[name]]
        for name in (a, b)
    ]
    if len(rows[0]) == len(rows[1]) == 1:
        wins, losses = (
            int(np.sum(one & ~other)) for one, other in ((rows[0][0], rows[1][0]), (rows[1][0], rows[0][0]))
        )
        p_value = stats.binomtest(wins, wins + losses).pvalue if wins + losses else 1.0
    elif min(map(len, rows)) > 1:
        p_value = stats.ttest_ind(*(np.mean(row, axis=1) for row in rows), equal_var=False).pvalue
    else:
        return
    if p_value > 0.2:
        high, low = (a, b) if accuracy(records[a]) >= accuracy(records[b]) else (b, a)
        measured = claim(f"{high}.test.accuracy >= {low}.test.accuracy")
        yield Plant("overclaim", measured, claim(f"{high}.test is significantly_better_than({low}.test)"))
