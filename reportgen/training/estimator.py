"""Fit what has ``fit`` and ``predict``: estimators of scikit-learn, and what is made like them."""

import hashlib
import json
import re
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from reportgen.datasets.inputs import Array, pictures, texts
from reportgen.datasets.types import Dataset, Split
from reportgen.errors import InputError, Problem
from reportgen.plan.estimators import FITTED, NO_METRICS, for_networks
from reportgen.report.types import SCALES, Scale
from reportgen.training import tasks
from reportgen.training.environment import environment, now
from reportgen.training.importance import importance
from reportgen.training.job import SEED_PARAMETERS, Identity, Job
from reportgen.training.record import Architecture, History, Layer, Record, input_layers
from reportgen.training.scale import scale_of
from reportgen.training.sources import Functions
from reportgen.training.tensorflow import keras

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")  # of an object that does not say what it holds: its source is keyed
_LONGEST = 200  # letters of a parameter


def is_estimator(made: Any) -> bool:
    """Tell whether what a builder returned is no network and has a method of its own that fits it."""
    if isinstance(made, type | keras.Model):
        return False
    return all(callable(getattr(made, name, None)) for name in ("fit", "predict"))


def identity(estimator: Any, job: Job, functions: Functions, dataset: Dataset) -> Identity:
    """Return what tells two estimators apart: class, all parameters, and the type of the numbers they get.

    Raises
    ------
    InputError
        If report.toml asks for what only networks have, or one of several inputs is text.
    """
    _refuse(job)
    if words := [name for name, part in dataset.train.several.items() if texts(part)]:
        message = (
            f"{job.model}: {words[0]} is text, and an estimator gets several inputs side by side, as numbers"
        )
        remedy = "make numbers of it where the data are made, or train by a network or a function"
        raise functions.sources.problem(functions.value(job.builder), message, remedy)
    config = _config(estimator, dataset)
    digest = hashlib.sha256(config.encode())
    digest.update(str(job.projection.get("builder")).encode())
    return Identity(config, digest.hexdigest(), dict(functions.reads))


def fit(
    estimator: Any, job: Job, dataset: Dataset, splits: Mapping[str, Split], functions: Functions
) -> Record:
    """Fit an estimator to the training items, and measure it on every split.

    Everything random takes the job's seed. Inputs are floats of shape (n, values) that can't be written to,
    images scaled as report.toml says and laid out row by row, several inputs side by side, or texts: str of
    shape (n,). Labels are integers of shape (n,), 0 and 1 of shape (n, labels), or numbers to predict.

    Raises
    ------
    InputError
        If it raises, or what it predicts are no labels, at the builder's line.
    """
    _refuse(job)
    builder, config, task = functions.value(job.builder), _config(estimator, dataset), tasks.of(dataset)
    inputs = {name: _inputs(split, job, dataset) for name, split in splits.items()}
    _seed(estimator, job.seed)
    started, began = now(), time.perf_counter()
    with functions.sources.blamed(f"fitting {job.model}", builder):
        estimator.fit(inputs["train"], task.for_estimator(splits["train"].labels))
    seconds = time.perf_counter() - began
    with functions.sources.blamed(f"{job.model}.predict()", builder):
        evaluations = {
            name: task.of_estimator(estimator, inputs[name], split.labels, keep=name != "train")
            for name, split in splits.items()
        }
    with functions.sources.blamed(f"{job.model}.predict()", builder):
        important = importance(
            dataset.columns,
            splits["validation"],
            lambda split: (
                task.of_estimator(estimator, _inputs(split, job, dataset), split.labels, keep=False).predicted
            ),
            job.seed,
        )
    return Record(
        key=job.key,
        projection=job.projection,
        seed=job.seed,
        dataset=dataset.fingerprint,
        architecture=Architecture(tuple(_layers(estimator, dataset)), 0, 0),
        history=History((), (), (), (), (), ()),
        evaluations=evaluations,
        environment=environment(job, started, seconds, libraries=_libraries(estimator)),
        code=job.code,
        config=config,
        way=f"{FITTED}, given {'texts' if dataset.train.texts else _type(dataset.train)}",
        precision=_type(dataset.train),
        reads=dict(functions.reads),
        estimator=type(estimator).__name__,
        importance=important,
    )


def _refuse(job: Job) -> None:
    """Raise for what report.toml asks of networks only."""
    wanted = job.training
    asked = {
        "augmentation": (wanted.augmentation is not None, 'set augmentation = "" for it'),
        "class_weights": (
            wanted.class_weights is not None,
            "set class_weights = {} for it, and give the estimator its own class_weight",
        ),
        "metrics": (bool(set(wanted.metrics) - {"accuracy"}), NO_METRICS),
    }
    problems = [
        Problem(
            job.toml,
            job.lines.get(key) or job.lines.get("", 0),
            for_networks(job.model, key),
            remedy,
        )
        for key, (there, remedy) in asked.items()
        if there
    ]
    if problems:
        raise InputError(problems)


def _inputs(split: Split, job: Job, dataset: Dataset) -> Array:
    """Return inputs as an estimator gets them: the data set itself where that can be, else one copy."""
    if split.texts:
        return split.arrays[0]
    scale, kind = scale_of(job.training.scale, dataset), _type(split)
    flat = [part.reshape(len(part), -1) for part in split.arrays]
    ends = np.cumsum([part.shape[1] for part in flat])
    found = flat[0].astype(kind, copy=split.pictures) if len(flat) == 1 else np.hstack(flat, dtype=kind)
    for part, end in zip(split.arrays, ends, strict=True):
        if pictures(part):
            _bring(found[:, end - part[0].size : end], scale)
    found = found.view()
    found.flags.writeable = False
    return found


def _bring(images: Array, scale: Scale) -> None:
    """Bring images, as floats, to the range of a scale."""
    low, high = SCALES[scale]
    images /= 255 / (high - low)
    images += low


def _type(split: Split) -> str:
    """Return as which floats inputs are given: of 32 bits where these hold every value, else of 64."""
    return "float32" if all(np.can_cast(part.dtype, np.float32) for part in split.arrays) else "float64"


def _seed(estimator: Any, seed: int) -> None:
    """Give the seed to everything random that has none of its own."""
    np.random.seed(seed)
    if hasattr(estimator, "get_params"):
        names = [name for name, value in estimator.get_params().items() if _open_seed(name) and value is None]
        estimator.set_params(**dict.fromkeys(names, seed))


def _open_seed(name: str) -> bool:
    return name.rpartition("__")[2] in SEED_PARAMETERS


def _config(estimator: Any, dataset: Dataset) -> str:
    """Return class and parameters as JSON, those of estimators inside it included, and what it is given.

    That is left out where it is float64, as it once was of all data.
    """
    parameters = estimator.get_params() if hasattr(estimator, "get_params") else dict(vars(estimator))
    told = {name: _told(value) for name, value in parameters.items()}
    found: dict[str, object] = {"class_name": _class(estimator), "parameters": told}
    if (given := _type(dataset.train)) != "float64":
        found["inputs"] = given
    return json.dumps(found, sort_keys=True)


def _told(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"array {value.shape} {hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()}"
    if callable(value) and hasattr(value, "__qualname__"):
        return f"{value.__module__}.{value.__qualname__}"
    return _ADDRESS.sub("", repr(value))


def _class(value: Any) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"


def _libraries(estimator: Any) -> list[str]:
    """Return NumPy and the packages that an estimator and its steps come from, as they are distributed."""
    parts = [estimator, *(step for _, step in getattr(estimator, "steps", []))]
    names = {type(part).__module__.partition(".")[0] for part in parts}
    return ["numpy", *sorted("scikit-learn" if name == "sklearn" else name for name in names)]


def _layers(estimator: Any, dataset: Dataset) -> list[Layer]:
    """Return the input, then the steps of a pipeline or the estimator itself, with their parameters."""
    steps = list(getattr(estimator, "steps", [])) or [(type(estimator).__name__.lower(), estimator)]
    layers = [*input_layers(dataset.input_shape)]
    for name, step in steps:
        parameters = step.get_params(deep=False) if hasattr(step, "get_params") else {}
        details = {key: _told(value).strip("'")[:_LONGEST] for key, value in parameters.items()}
        layers.append(Layer(str(name), type(step).__name__, (), 0, "", details))
    return layers
