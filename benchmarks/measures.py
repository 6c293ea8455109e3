"""How often the paired test by each measure finds a difference between two models that have none.

The models are simulated: they err on the same hard items and for reasons of their own, and are equally good.

    python benchmarks/measures.py [--repeats 1000]
"""

import argparse
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reportgen.language import MissingError, style_of
from reportgen.results.measures import Measure, between, of_classes, of_errors
from reportgen.results.multilabel.facts import LabelFacts
from reportgen.results.quantity_maker import Maker
from reportgen.results.regression.several import TargetFacts
from reportgen.results.statistics import ALPHA
from reportgen.training.record import Evaluation

SIZES = (60, 150, 600, 2000)
THREE, TWO = ("a", "b", "c"), ("no", "yes")
SHARES = (0.6, 0.3, 0.1)
Runs = tuple[Evaluation, Evaluation]
Draw = Callable[[np.random.Generator, int], Runs]


def run(labels: NDArray[np.uint8], predicted: NDArray[np.uint8], sure: ArrayLike = ()) -> Evaluation:
    return Evaluation(1.0, labels, predicted, np.array(sure, np.float16), {})


def three_classes(random: np.random.Generator, n: int) -> Runs:
    """Draw classes of 60, 30 and 10 % of the items, and two models that are right alike often."""
    labels = random.choice(3, n, p=SHARES).astype(np.uint8)
    hard = 0.7 * random.normal(size=n)

    def model() -> Evaluation:
        right = 1 + hard + random.normal(size=n) > 0
        wrong = (labels + random.integers(1, 3, n)) % 3
        return run(labels, np.where(right, labels, wrong).astype(np.uint8))

    return model(), model()


def two_classes(random: np.random.Generator, n: int) -> Runs:
    """Draw two classes, the second of 30 % of the items, and two models that give probabilities."""
    labels = (random.random(n) < 0.3).astype(np.uint8)
    hard = random.normal(size=n)

    def model() -> Evaluation:
        logit = 0.8 * (2.0 * labels - 1) + 0.7 * hard + 0.7 * random.normal(size=n) - 0.3
        second = 1 / (1 + np.exp(-logit))
        predicted = (second > 0.5).astype(np.uint8)
        return run(labels, predicted, np.where(predicted == 1, second, 1 - second))

    return model(), model()


def numbers(random: np.random.Generator, n: int) -> Runs:
    """Draw numbers, and two models whose errors have heavy tails."""
    true = random.normal(0, 3, n)
    hard = 0.6 * random.standard_t(4, n)

    def model() -> Evaluation:
        predicted = true + hard + 0.8 * random.standard_t(4, n)
        return Evaluation(1.0, true, predicted, np.empty(0, np.float16), {})

    return model(), model()


def three_labels(random: np.random.Generator, n: int) -> Runs:
    """Draw labels that 50, 30 and 15 % of the items have, and two models that give probabilities."""
    labels = random.random((n, 3)) < [0.5, 0.3, 0.15]
    hard = 0.7 * random.normal(size=(n, 1))

    def model() -> Evaluation:
        logits = 2.4 * labels - 1.2 + hard + random.normal(size=(n, 3))
        sure = 1 / (1 + np.exp(-logits))
        return Evaluation(1.0, labels, sure > 0.5, sure.astype(np.float16), {})

    return model(), model()


def two_targets(random: np.random.Generator, n: int) -> Runs:
    """Draw two numbers an item, and two models whose errors have heavy tails."""
    parts = [numbers(random, n) for _ in range(2)]
    pair = (tuple(part[which] for part in parts) for which in range(2))
    one, other = (
        Evaluation(
            1.0,
            np.stack([each.labels for each in both], axis=1),
            np.stack([each.predicted for each in both], axis=1),
            np.empty(0, np.float16),
            {},
        )
        for both in pair
    )
    return one, other


def measured(found: Evaluation, by: str, classes: tuple[str, ...]) -> Measure:
    if found.task == "multilabel":
        return LabelFacts("a", "a", [found], classes, Maker(style_of("en"))).measured_by(by)
    if found.labels.ndim > 1:
        return TargetFacts("a", "a", [found], ("one", "two"), Maker(style_of("en"))).measured_by(by)
    return of_classes("a", by, [found], classes) if classes else of_errors("a", by, [found])


def rate(draw: Draw, by: str, classes: tuple[str, ...], n: int, repeats: int) -> float:
    """Return the share of simulated pairs in which a difference is found."""
    random, found = np.random.default_rng(n), list[bool]()
    while len(found) < repeats:
        try:
            a, b = (measured(each, by, classes) for each in draw(random, n))
        except MissingError:  # a class that happens to have no item
            continue
        found.append(between(a, b).p_value <= ALPHA)
    return float(np.mean(found))


KINDS: tuple[tuple[Draw, tuple[str, ...], tuple[str, ...]], ...] = (
    (three_classes, THREE, ("macro_f1", "balanced_accuracy", "mcc")),
    (two_classes, TWO, ("f1", "auc", "brier")),
    (numbers, (), ("rmse", "r2")),
    (three_labels, THREE, ("hamming_loss", "micro_f1", "macro_f1", "samples_f1", "f1.c", "macro_auc")),
    (two_targets, (), ("r2",)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=1000)
    repeats = parser.parse_args().repeats
    print(f"| by | {' | '.join(f'{n:,} items' for n in SIZES)} |")
    print(f"| --- |{' ---: |' * len(SIZES)}")
    for draw, classes, names in KINDS:
        for by in names:
            shares = (rate(draw, by, classes, n, repeats) for n in SIZES)
            print(f"| `{by}` | {' | '.join(f'{100 * share:.1f} %' for share in shares)} |")


if __name__ == "__main__":
    main()
