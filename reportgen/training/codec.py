"""Records as files and back: JSON, and the predictions as compressed NumPy arrays.

Nothing here needs TensorFlow, and nothing that is read is ever unpickled.
"""

import io
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic_core import CoreSchema, core_schema

from reportgen.decoding import Decoder, UndecodableError
from reportgen.decoding import documents as of
from reportgen.decoding.arrays import read_array
from reportgen.errors import StoreError
from reportgen.plan.trace import TRACE, Trace
from reportgen.report.dataset_file import Task
from reportgen.training.record import (
    CURVES,
    FOLDS,
    SPLITS,
    Architecture,
    Environment,
    Evaluation,
    History,
    Layer,
    Record,
)

RECORD = "record.json"
PREDICTIONS = "predictions.npy.z"
WEIGHTS = "weights.safetensors"
MODEL = "model.keras"
METRICS = "metrics.json"

_FORMAT = 1
_ARRAYS = ("labels", "predicted", "confidence")
_CLASSES = (np.dtype(np.uint8), np.dtype(np.uint16))  # by their number
_KINDS = {np.dtype(np.bool_): (2,), np.dtype(np.float64): (1, 2), **dict.fromkeys(_CLASSES, (1,))}
"""The types of labels and predictions, each with the dimensions that it may have."""
_RANKED = "ranked"
_RANKS = "ranks"  # of the true classes; a fourth array, where the JSON says so
_OWN_TYPES = {"confidence": np.dtype(np.float16), _RANKS: np.dtype(np.uint16)}
_SURE = 1.01  # probabilities add up to 1 but for rounding
_LARGEST = 1 << 28  # bytes of all predictions; an image has four, a number sixteen


def files_of(record: Record) -> dict[str, bytes]:
    """Return a record as named files; the weights are a file of their own.

    `RECORD` holds all but the predictions, as JSON with sorted keys. `PREDICTIONS` is a zlib
    stream of ``.npy`` arrays: labels, predicted, confidence and, where they were kept, ranks of each
    split, in the order of the JSON. Equal records give equal bytes.
    """
    bare = {name: _without_arrays(evaluation) for name, evaluation in record.evaluations.items()}
    values = asdict(replace(record, evaluations={}, projection=dict(record.projection)))
    values |= {"format": _FORMAT, "evaluations": bare}
    arrays = io.BytesIO()
    for name in sorted(record.evaluations):
        found = record.evaluations[name]
        for array in (*_ARRAYS, *([_RANKS] if len(found.ranks) else [])):
            value = getattr(found, array)
            kind = _OWN_TYPES.get(array) or _kind(found)
            np.lib.format.write_array(arrays, value.astype(kind), allow_pickle=False)
    text = json.dumps(values, sort_keys=True, indent=1, allow_nan=False)
    trace = Trace(record.way, record.reads).to_bytes()
    return {RECORD: text.encode(), PREDICTIONS: zlib.compress(arrays.getvalue(), 9), TRACE: trace}


def read(source: Callable[[str], bytes]) -> Record:
    """Return the record that files hold.

    Parameters
    ----------
    source : callable
        Returns a file's bytes by its name.

    Raises
    ------
    StoreError
        If they are not a record, or one of another format.
    """
    try:
        data = source(RECORD)
        if _HEAD(data).get("format") != _FORMAT:
            raise StoreError("a stored result is of another version of reportgen: train it again")
        bare: Record = _RECORD(data)
        return replace(bare, evaluations=_with_arrays(bare.evaluations, _inflate(source(PREDICTIONS))))
    except (UndecodableError, zlib.error) as error:
        raise StoreError(f"a stored result can't be read: {error}") from error


def metrics_file(metrics: Mapping[str, Mapping[str, float]]) -> bytes:
    """Return further metrics, by split and name, as a file."""
    return json.dumps(metrics, sort_keys=True, indent=1, allow_nan=False).encode()


def with_metrics(record: Record, source: Callable[[str], bytes]) -> Record:
    """Return a record with the further metrics that a file holds in place of its own."""
    try:
        metrics = _METRICS(source(METRICS))
        if not metrics.keys() >= {*SPLITS}:
            raise UndecodableError("a split is missing")
    except UndecodableError as error:
        raise StoreError(f"stored metrics can't be read: {error}") from error
    evaluations = {
        name: replace(found, metrics=metrics.get(name, found.metrics))
        for name, found in record.evaluations.items()
    }
    return replace(record, evaluations=evaluations)


def check_task(record: Record, task: Task) -> None:
    """Refuse predictions of another task than the data set's, of more classes than it has, or of other width.

    Raises
    ------
    StoreError
        If a label or a predicted class is none of them.
    """
    classes = len(task.names)
    for name, found in record.evaluations.items():
        if found.task != task.kind:
            raise StoreError(f"a stored result is one of {found.task}, where {task.kind} is wanted")
        if task.kind != "classification":
            if found.labels.shape[1:] != ((classes,) if classes else ()):
                raise StoreError(f"a stored result has other labels or targets than the {classes} declared")
            continue
        several = (found.labels, found.predicted, found.ranks)
        if any(len(labels) and int(labels.max()) >= classes for labels in several):
            raise StoreError(f"a stored result has more than {classes} classes on the {name} split")


def _without_arrays(evaluation: Evaluation) -> dict[str, Any]:
    found: dict[str, Any] = {"loss": evaluation.loss, "metrics": dict(evaluation.metrics)}
    found |= {_RANKED: True} if len(evaluation.ranks) else {}
    return found | ({"folds": evaluation.folds} if evaluation.folds else {})


def _with_arrays(evaluations: Mapping[str, Evaluation], arrays: bytes) -> dict[str, Evaluation]:
    """Return evaluations with their labels, predictions and confidences."""
    found, at = {}, 0
    for name in sorted(evaluations):
        read: dict[str, Any] = {}
        ranked = len(evaluations[name].ranks) > 0
        for array in (*_ARRAYS, *([_RANKS] if ranked else [])):
            read[array], at = read_array(arrays, at)
            kinds = {_OWN_TYPES[array]: (1, 2)} if array in _OWN_TYPES else _KINDS
            if read[array].ndim not in kinds.get(read[array].dtype, ()):
                raise UndecodableError("an array of predictions is of the wrong kind")
        if read["labels"].dtype != read["predicted"].dtype or not _finite(read["labels"], read["predicted"]):
            raise UndecodableError("predictions are not of the kind of the labels, or no finite numbers")
        if read["labels"].shape[1:] != read["predicted"].shape[1:]:
            raise UndecodableError("predictions are not of the shape of the labels")
        if not np.all((read["confidence"] >= 0) & (read["confidence"] <= _SURE)):
            raise UndecodableError("a confidence is no probability")
        images = len(read["labels"])
        wide = read["labels"].shape[1:] if read["labels"].dtype == np.bool_ else ()
        if len(read["confidence"]) and read["confidence"].shape[1:] != wide:
            raise UndecodableError("confidences are not of the shape of the labels")
        if ranked and read[_RANKS].shape != read["labels"].shape:
            raise UndecodableError("ranks are not of the shape of the labels")
        if len(evaluations[name].folds) not in (0, images):
            raise UndecodableError("the folds are not those of the predictions")
        if len(read["predicted"]) != images or len(read["confidence"]) not in (0, images) or not images:
            raise UndecodableError("the arrays of predictions differ in length")
        found[name] = replace(evaluations[name], **read)
    if at != len(arrays):
        raise UndecodableError("there is more than the predictions")
    return found


def _kind(found: Evaluation) -> np.dtype[Any]:
    """Return the type in which labels and predictions are kept."""
    return found.labels.dtype if found.labels.dtype in _KINDS else _CLASSES[0]


def _finite(*arrays: NDArray[Any]) -> bool:
    return all(np.isfinite(array).all() for array in arrays)


def _inflate(packed: bytes) -> bytes:
    stream = zlib.decompressobj()
    content = stream.decompress(packed, _LARGEST)
    if not stream.eof:
        raise UndecodableError("the predictions are cut short or too large")
    return content


def _schema() -> CoreSchema:
    """Return what a record consists of; the arrays of its evaluations are a file of their own."""
    curve = of.several(of.number())
    shape = of.several(of.maybe(of.count()), most=32)
    details = core_schema.with_default_schema(of.maybe(of.named(of.text())), default=None)
    layer = of.made(
        Layer,
        name=of.text(),
        type=of.text(),
        output_shape=shape,
        parameters=of.count(),
        activation=core_schema.with_default_schema(of.text(), default=""),
        details=details,
    )
    environment = of.made(
        _environment,
        versions=of.named(of.text()),
        processor=of.text(),
        cores=of.count(),
        device=of.text(),
        commit=of.text(),
        started=of.text(100),
        seconds=of.number(ge=0),
        settings=of.optional(of.named(of.text())),
        sittings=of.optional(of.several(of.text())),
    )
    evaluation = of.made(
        _evaluation,
        loss=of.maybe(of.number()),
        metrics=of.named(of.number()),
        ranked=of.optional(core_schema.bool_schema()),
        folds=of.optional(of.several(of.count())),
    )
    return of.made(
        _record,
        key=of.text(100),
        projection=of.named(core_schema.any_schema()),
        seed=core_schema.int_schema(ge=-(1 << 63), le=1 << 63),
        dataset=of.text(100),
        architecture=of.made(
            _architecture, layers=of.several(layer, least=1), total=of.count(), trainable=of.count()
        ),
        history=of.made(
            _history, **dict.fromkeys(CURVES, curve), further=of.optional(of.named(curve, most=1_000))
        ),
        evaluations=of.made(dict, **dict.fromkeys(SPLITS, evaluation), **{FOLDS: of.optional(evaluation)}),
        environment=environment,
        code=of.text(_LONGEST),
        config=of.text(_LONGEST),
        way=of.optional(of.text()),
        precision=of.optional(of.text()),
        reads=of.optional(of.named(of.text())),
        estimator=of.optional(of.text()),
        function=of.optional(of.text()),
        importance=of.optional(of.named(curve, most=1_000)),
    )


def _record(**values: Any) -> Record:
    record = Record(**values)
    history = record.history
    if record.network and not (len(history.loss) and len(history.val_loss) and len(history.learning_rate)):
        raise ValueError("a network has at least one epoch")
    if record.network and len(history.accuracy) != len(history.val_accuracy):
        raise ValueError("the curves differ in length")
    return record


def _evaluation(
    loss: float | None, metrics: Mapping[str, float], ranked: bool = False, folds: tuple[int, ...] = ()
) -> Evaluation:
    """Return an evaluation without its arrays; that there are ranks is told by their number."""
    nothing: NDArray[Any] = np.empty(0)
    ranks = np.empty(int(ranked), np.uint16)
    return Evaluation(loss, nothing, nothing, nothing, metrics, ranks, folds)


def _history(**curves: Any) -> History:
    found = History(**curves)
    every = (*(curves[name] for name in CURVES), *found.further.values())
    if any(curve and len(curve) != len(found) for curve in every):
        raise ValueError("the curves differ in length")
    return found


def _architecture(layers: tuple[Layer, ...], total: int, trainable: int) -> Architecture:
    if trainable > total:
        raise ValueError("more weights are trained than there are")
    return Architecture(layers, total, trainable)


def _environment(started: str, **values: Any) -> Environment:
    if datetime.fromisoformat(started).tzinfo is None:
        raise ValueError("the start has no time zone")
    return Environment(started=started, **values)


_LONGEST = 16 << 20  # bytes of a record; the largest models of Keras have configurations of 1 MB
_HEAD = Decoder[Mapping[str, Any]](
    lambda: of.made(dict, format=of.optional(core_schema.any_schema())), _LONGEST
)
_RECORD = Decoder[Record](_schema, _LONGEST)
_METRICS = Decoder[Mapping[str, Mapping[str, float]]](lambda: of.named(of.named(of.number())), 1 << 20)
