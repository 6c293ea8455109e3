"""Records of several targets and of several labels an item, without training."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from reportgen.training.record import Evaluation, Record
from tests.factories import make_record

TARGETS = ("height", "weight", "shoe size")
LABELS = ("sport", "politics", "culture at home")


def make_targets(
    name: str = "net", *, seed: int = 1, noise: float = 1.0, n: int = 300, targets: int = 3
) -> Record:
    """Return the record of a network that predicts several numbers, the second ten times as large."""
    sizes = np.array([1.0, 10.0, 0.3, *np.ones(targets)])[:targets]
    evaluations = {}
    record = make_record(name, seed=seed)
    for split in record.evaluations:
        random = np.random.default_rng(sum(map(ord, split)))
        true = sizes * random.normal(10, 3, (n, targets))
        random = np.random.default_rng([seed, *map(ord, f"{name}{split}")])
        errors = sizes * np.arange(1, targets + 1) * noise * random.normal(0, 1, (n, targets)) / 2
        loss = float(np.mean(errors**2))
        evaluations[split] = Evaluation(loss, true, true + errors, np.empty(0, np.float16), {})
    history = replace(record.history, accuracy=(), val_accuracy=())
    return replace(record, evaluations=evaluations, history=history)


def make_labels(
    name: str = "net", *, seed: int = 1, noise: float = 1.0, n: int = 300, labels: int = 3
) -> Record:
    """Return the record of a network that gives items labels of 50, 30 and 10 %."""
    shares = np.array([0.5, 0.3, 0.1, *np.full(labels, 0.2)])[:labels]
    evaluations: Mapping[str, Evaluation] = {}
    record = make_record(name, seed=seed)
    for split in record.evaluations:
        true = np.random.default_rng(sum(map(ord, split))).random((n, labels)) < shares
        random = np.random.default_rng([seed, *map(ord, f"{name}{split}")])
        logits = 3.0 * true - 1.5 + noise * random.normal(0, 1.2, (n, labels))
        sure = 1 / (1 + np.exp(-logits))
        likely = np.where(true, sure, 1 - sure)
        kept = sure.astype(np.float16) if split != "train" else np.empty(0, np.float16)
        evaluations = {
            **evaluations,
            split: Evaluation(float(-np.log(likely).mean()), true, sure > 0.5, kept, {}),
        }
    history = replace(record.history, accuracy=(), val_accuracy=())
    return replace(record, evaluations=evaluations, history=history)
