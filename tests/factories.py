"""Synthetic values for tests: records, reports and facts without training anything.

Everything is a pure function of its arguments: the same call gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import Place
from reportgen.locales import Locale
from reportgen.report.training_parameters import Component, Training
from reportgen.report.types import ModelSpec, Report, Requirement, Section, TitleBlock
from reportgen.training.record import (
    CURVES,
    SPLITS,
    Architecture,
    Environment,
    Evaluation,
    History,
    Layer,
    Record,
)

if TYPE_CHECKING:
    from reportgen.results import Facts

CIFAR10 = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
SIZES = {"train": 4000, "validation": 1000, "test": 1000}
ACCURACIES: Mapping[str, Mapping[str, float]] = {
    "mnist_fc": {"train": 0.99, "validation": 0.965, "test": 0.963},
    "fc": {"train": 0.58, "validation": 0.485, "test": 0.475},
    "cnn": {"train": 0.756, "validation": 0.641, "test": 0.631},
    "cnn_dropout": {"train": 0.606, "validation": 0.636, "test": 0.632},
    "own": {"train": 0.97, "validation": 0.91, "test": 0.905},
}
CNN_LAYERS = (
    Layer("input_layer", "InputLayer", (None, 32, 32, 3), 0),
    Layer("conv2d", "Conv2D", (None, 28, 28, 32), 2432, "relu", {"kernel_size": "5×5", "filters": "32"}),
    Layer("max_pooling2d", "MaxPooling2D", (None, 14, 14, 32), 0, "", {"pool_size": "2×2"}),
    Layer("conv2d_1", "Conv2D", (None, 11, 11, 64), 32832, "relu", {"kernel_size": "4×4", "filters": "64"}),
    Layer("max_pooling2d_1", "MaxPooling2D", (None, 3, 3, 64), 0, "", {"pool_size": "3×3"}),
    Layer("conv2d_2", "Conv2D", (None, 2, 2, 120), 30840, "relu", {"kernel_size": "2×2", "filters": "120"}),
    Layer("max_pooling2d_2", "MaxPooling2D", (None, 1, 1, 120), 0, "", {"pool_size": "2×2"}),
    Layer("flatten", "Flatten", (None, 120), 0),
    Layer("dense", "Dense", (None, 120), 14520, "relu", {"units": "120"}),
    Layer("dense_1", "Dense", (None, 10), 1210, "softmax", {"units": "10"}),
)
DROPOUT = Layer("dropout", "Dropout", (None, 14, 14, 32), 0, "", {"rate": "0.2"})
FC_LAYERS = (
    Layer("input_layer", "InputLayer", (None, 32, 32, 3), 0),
    Layer("flatten", "Flatten", (None, 3072), 0),
    Layer("dense", "Dense", (None, 3072), 9440256, "tanh", {"units": "3072"}),
    Layer("dense_1", "Dense", (None, 1000), 3073000, "tanh", {"units": "1000"}),
    Layer("dense_2", "Dense", (None, 10), 10010, "softmax", {"units": "10"}),
)
LAYERS = {
    "fc": FC_LAYERS,
    "cnn": CNN_LAYERS,
    "cnn_dropout": (*CNN_LAYERS[:3], DROPOUT, *CNN_LAYERS[3:]),
}


def make_architecture(layers: Sequence[Layer] = CNN_LAYERS, *, non_trainable: int = 0) -> Architecture:
    """Return the architecture whose totals fit its layers."""
    total = sum(layer.parameters for layer in layers)
    return Architecture(tuple(layers), total, total - non_trainable)


def make_evaluation(
    accuracy: float,
    n: int = 1000,
    *,
    classes: int = 10,
    seed: int = 1,
    agreement: float = 0.8,
    split: str = "test",
    confused: Mapping[tuple[int, int], float] | None = None,
    loss: float | None = None,
) -> Evaluation:
    """Return an evaluation with exactly ``round(accuracy * n)`` right answers.

    Parameters
    ----------
    agreement : float
        0 to 1: how much two models (other `seed`, same `split`) find the same images hard.
    confused : mapping of (true, predicted) to float, optional
        How much likelier than the others a wrong answer is; by default class 3 and 5 (cat and dog).
    """
    common = np.random.default_rng(sum(map(ord, split)))
    own = np.random.default_rng([seed, n, round(accuracy * 10_000)])
    labels = (np.arange(n) % classes).astype(np.uint8)
    hardness = agreement * common.random(n) + (1 - agreement) * own.random(n)
    wrong = np.argsort(hardness, kind="stable")[round(accuracy * n) :]
    weights = np.ones((classes, classes))
    if confused is None:
        confused = {(3, 5): 12.0, (5, 3): 10.0} if classes > 5 else {}
    for (true, taken), weight in confused.items():
        weights[true, taken] = weight
    np.fill_diagonal(weights, 0)
    cumulative = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    predicted = labels.copy()
    draws = own.random(len(wrong))
    predicted[wrong] = [
        min(int(np.searchsorted(cumulative[label], draw, side="right")), classes - 1)
        for label, draw in zip(labels[wrong], draws, strict=True)
    ]
    confidence = np.where(predicted == labels, 0.6 + 0.4 * own.random(n), 0.3 + 0.5 * own.random(n))
    mean_loss = float(1.6 * (1 - accuracy) + 0.4) if loss is None else loss
    return Evaluation(mean_loss, labels, predicted, confidence.astype(np.float16), {})


def make_evaluation_of(labels: Sequence[int], predicted: Sequence[int], *, loss: float = 1.0) -> Evaluation:
    """Return the evaluation with exactly these labels and predictions."""
    confidence = np.full(len(labels), 0.9, np.float16)
    return Evaluation(loss, np.array(labels, np.uint8), np.array(predicted, np.uint8), confidence, {})


def make_history(
    accuracy: float, val_accuracy: float, epochs: int = 15, *, diverged: bool = False, seed: int = 1
) -> History:
    """Return smooth curves that end near the given accuracies."""
    wobble = np.random.default_rng([seed, epochs]).normal(0, 0.002, (2, epochs))
    rise = 1 - 0.6 * np.exp(-np.arange(1, epochs + 1) / max(epochs / 6, 1))

    def tuple_of(values: NDArray[np.float64]) -> tuple[float, ...]:
        return tuple(float(value) for value in values)

    loss, val_loss = 2.2 - 1.9 * accuracy * rise, 2.2 - 1.8 * val_accuracy * rise
    if diverged:
        loss[-1] = val_loss[-1] = np.nan
    return History(
        loss=tuple_of(loss),
        accuracy=tuple_of(np.clip(accuracy * rise + wobble[0], 0, 1)),
        val_loss=tuple_of(val_loss),
        val_accuracy=tuple_of(np.clip(val_accuracy * rise + wobble[1], 0, 1)),
        learning_rate=(0.01,) * epochs,
        seconds=(11.0, *(10.0,) * (epochs - 1)),
    )


def make_record(
    name: str = "cnn",
    *,
    seed: int = 1,
    accuracy: Mapping[str, float] | None = None,
    sizes: Mapping[str, int] = SIZES,
    classes: int = 10,
    epochs: int = 15,
    dataset: str = "cifar10",
    layers: Sequence[Layer] | None = None,
    non_trainable: int = 0,
    confused: Mapping[tuple[int, int], float] | None = None,
    agreement: float = 0.8,
    evaluations: Mapping[str, Evaluation] | None = None,
    diverged: bool = False,
    seconds: float | None = None,
    key: str | None = None,
) -> Record:
    """Return a synthetic record; the names of `ACCURACIES` have fitting default accuracies.

    `accuracy` overrides single splits; `evaluations` replaces whole splits; a `diverged` record has
    NaN losses. Other seeds than 1 are up to 0.6 points better or worse.
    """
    shares = {**ACCURACIES.get(name, ACCURACIES["cnn"]), **(accuracy or {})}
    shares = {
        split: min(max(share + 0.003 * (seed * 7 % 5 - 2), 0.0), 1.0) for split, share in shares.items()
    }
    salt = seed + sum(map(ord, name))
    made = {
        split: make_evaluation(
            shares[split],
            sizes[split],
            classes=classes,
            seed=salt,
            agreement=agreement,
            split=split,
            confused=confused,
            loss=float("nan") if diverged else None,
        )
        for split in SPLITS
    }
    history = make_history(shares["train"], shares["validation"], epochs, diverged=diverged, seed=salt)
    return Record(
        key=key or hashlib.sha256(f"{name} {seed} {dataset} {shares}".encode()).hexdigest(),
        projection={"builder": name, "seed": seed},
        seed=seed,
        dataset=dataset,
        architecture=make_architecture(layers or LAYERS.get(name, CNN_LAYERS), non_trainable=non_trainable),
        history=history,
        evaluations={**made, **(evaluations or {})},
        environment=Environment(
            versions={"python": "3.11.7", "keras": "3.15.1", "tensorflow": "2.21.0", "numpy": "2.4.6"},
            processor="Example CPU",
            cores=2,
            device="CPU",
            commit="0123456789abcdef0123456789abcdef01234567",
            started="2024-03-01T12:00:00+00:00",
            seconds=sum(history.seconds) if seconds is None else seconds,
        ),
        code=f"def {name}(input_shape, classes):\n    return keras.Sequential([...])\n",
        config="{}",
    )


def make_training(dataset: str = "cifar10", **changes: object) -> Training:
    """Return the training of the lab's questions 2 to 8, with some fields changed."""
    fields: dict[str, object] = {
        "dataset": dataset,
        "validation": None,
        "epochs": 15,
        "batch_size": 32,
        "optimizer": Component("SGD", {"momentum": 0.9, "nesterov": True}),
        "learning_rate": 0.01,
        "loss": Component("categorical_crossentropy"),
        "metrics": ("accuracy",),
        "augmentation": None,
        "precision": "float32",
    }
    return Training(**{**fields, **changes})  # type: ignore[arg-type]


def make_report(
    models: Sequence[str] = ("fc", "cnn", "cnn_dropout"),
    *,
    seeds: Sequence[int] | Mapping[str, Sequence[int]] = (1,),
    bodies: Mapping[str, str] | None = None,
    requirements: Mapping[str, Sequence[str]] | None = None,
    language: str = "en",
    dataset: str = "cifar10",
    project: Path = Path("/project"),
    **training: object,
) -> Report:
    """Return a validated-looking report.

    `bodies` maps section ids to answers (Jinja and Markdown); a body begins on line 6 of its file.
    Models are found by name in the body. `training` changes the training of each.
    """
    answers = project / "answers"
    specs: dict[str, ModelSpec] = {}
    for number, name in enumerate(models):
        own_seeds = seeds.get(name, (1,)) if isinstance(seeds, Mapping) else seeds
        line = 10 + 10 * number
        specs[name] = ModelSpec(
            name=name,
            title=name.replace("_", " ").upper(),
            builder=name,
            training=make_training("mnist" if name.startswith("mnist") else dataset, **training),
            seeds=tuple(own_seeds),
            requirements=tuple(
                Requirement(name, text, Place(answers / "report.toml", line + 5 + offset))
                for offset, text in enumerate((requirements or {}).get(name, ()))
            ),
            place=Place(answers / "report.toml", line),
        )
    if bodies is None:
        bodies = {"q1": "The test accuracy is {{ cnn.test.accuracy }}.\n"} if "cnn" in models else {}
    sections = tuple(
        Section(
            id=identifier,
            number=number,
            title=f"Question {number}",
            question=f"What is question {number}?",
            body=body,
            body_line=6,
            path=answers / f"{number:02d}-{identifier}.md",
            models=tuple(name for name in models if name in body),
        )
        for number, (identifier, body) in enumerate(bodies.items(), start=1)
    )
    return Report(
        project=project,
        answers=answers,
        templates=project / "templates",
        title_block=TitleBlock(
            title="Deep Learning",
            course="TBMI26",
            assignment="Computer Assignment Report",
            deadline="March 14 2021",
            authors=("Ada Lovelace", "Alan Turing"),
        ),
        language=Locale(language),
        theme="default",
        paper="a4",
        models_path=answers / "models.py",
        models=specs,
        datasets={},
        sections=sections,
    )


def make_records(report: Report, **changes: object) -> dict[str, tuple[Record, ...]]:
    """Return one record for every model and seed of `report`; `changes` go to `make_record`."""
    return {
        name: tuple(
            make_record(name, seed=seed, dataset=spec.training.dataset, **changes)  # type: ignore[arg-type]
            for seed in spec.seeds
        )
        for name, spec in report.models.items()
    }


def make_facts(
    models: Sequence[str] = ("fc", "cnn", "cnn_dropout"),
    *,
    report: Report | None = None,
    records: Mapping[str, Sequence[Record]] | None = None,
    language: str = "en",
    seeds: Sequence[int] | Mapping[str, Sequence[int]] = (1,),
) -> Facts:
    """Return the facts of synthetic records (by default of `make_report` and `make_records`)."""
    from reportgen.results import facts

    report = report or make_report(models, language=language, seeds=seeds)
    made = make_records(report) if records is None else {n: tuple(r) for n, r in records.items()}
    digits = tuple("0123456789")
    return facts(
        report, made, {name: CIFAR10 if name == "cifar10" else digits for name in report.used_datasets}
    )


def make_fitted(name: str = "forest", **changes: object) -> Record:
    """Return the record of an estimator: no epochs, no weights, the steps of a pipeline."""
    record = make_record(name, **changes)  # type: ignore[arg-type]
    steps = (
        Layer("input", "Input", (None, 4), 0),
        Layer("standardscaler", "StandardScaler", (), 0, "", {"with_mean": "True"}),
        Layer("forest", "RandomForestClassifier", (), 0, "", {"n_estimators": "100", "max_depth": "None"}),
    )
    return replace(
        record,
        architecture=Architecture(steps, 0, 0),
        history=History((), (), (), (), (), ()),
        way="by its own fit()",
        precision="float64",
        estimator="Pipeline",
    )


def make_trained(name: str = "own", *, told: Sequence[str] | None = None, **changes: object) -> Record:
    """Return the record of a training function that told of some curves, by default of those of networks."""
    record = make_record(name, **changes)  # type: ignore[arg-type]
    curves = {each: getattr(record.history, each) for each in CURVES}
    usual = ("loss", "accuracy", "val_loss", "val_accuracy")
    kept = {each: curves[each] for each in (usual if told is None else told) if each in curves}
    seconds = record.history.seconds if told is None or told else ()
    further = {each: record.history.accuracy for each in told or () if each not in curves}
    step = Layer("train_net", "train_net", (), 0, "", {"rate": "0.1"})
    return replace(
        record,
        architecture=Architecture((Layer("input", "Input", (None, 4), 0), step), 0, 0),
        history=History(**{**dict.fromkeys(CURVES, ()), **kept, "seconds": seconds}, further=further),
        way="by the authors' function train_net()",
        function="train_net",
    )


def make_numbers(name: str = "ridge", *, seed: int = 1, noise: float = 1.0, n: int = 400) -> Record:
    """Return the record of a network that predicts numbers, with errors of about this size."""
    record = make_record(name, seed=seed)
    evaluations = {}
    for split in record.evaluations:
        true = np.random.default_rng(sum(map(ord, split))).normal(10, 3, n)
        errors = np.random.default_rng([seed, n, *map(ord, f"{name}{split}")]).normal(0, noise, n)
        loss = float(np.mean(errors**2))
        evaluations[split] = Evaluation(loss, true, true + errors, np.empty(0, np.float16), {})
    history = replace(record.history, accuracy=(), val_accuracy=())
    return replace(record, evaluations=evaluations, history=history)
