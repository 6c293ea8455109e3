"""Records as files and back: JSON, and the predictions as compressed NumPy arrays.

Nothing here needs TensorFlow, and nothing that is read is ever unpickled.
"""

import io
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from reportgen.errors import StoreError
from reportgen.experiment.record import Architecture, Environment, Evaluation, History, Layer, Record
from reportgen.plan.trace import TRACE, Trace

RECORD = "record.json"
PREDICTIONS = "predictions.npy.z"
WEIGHTS = "weights.safetensors"
METRICS = "metrics.json"

_FORMAT = 1
_ARRAYS = ("labels", "predicted", "confidence")
_DTYPES = {"labels": np.uint8, "predicted": np.uint8, "confidence": np.float16}
_LARGEST = 1 << 30


def files_of(record: Record) -> dict[str, bytes]:
    """Return a record as named files; the weights are a file of their own.

    `RECORD` holds all but the predictions, as JSON with sorted keys. `PREDICTIONS` is a zlib
    stream of ``.npy`` arrays: labels, predicted and confidence of each split, in the order of
    the JSON. Equal records give equal bytes.
    """
    bare = {name: _without_arrays(evaluation) for name, evaluation in record.evaluations.items()}
    values = asdict(replace(record, evaluations={}, projection=dict(record.projection)))
    values |= {"format": _FORMAT, "evaluations": bare}
    arrays = io.BytesIO()
    for name in sorted(record.evaluations):
        for array in _ARRAYS:
            value = getattr(record.evaluations[name], array)
            np.lib.format.write_array(arrays, value.astype(_DTYPES[array]), allow_pickle=False)
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
        values = json.loads(source(RECORD))
        if values.pop("format") != _FORMAT:
            raise StoreError("a stored result is of another version of reportgen: train it again")
        arrays = io.BytesIO(_inflate(source(PREDICTIONS)))
        evaluations = {}
        for name in sorted(values["evaluations"]):
            found: dict[str, Any] = {
                array: np.lib.format.read_array(arrays, allow_pickle=False) for array in _ARRAYS
            }
            if any(value.dtype != _DTYPES[array] or value.ndim != 1 for array, value in found.items()):
                raise ValueError("an array of predictions is of the wrong kind")
            evaluations[name] = Evaluation(**found, **values["evaluations"][name])
        values["evaluations"] = evaluations
        values["architecture"] = _architecture(values["architecture"])
        values["history"] = History(**{name: tuple(curve) for name, curve in values["history"].items()})
        here = values["environment"]
        values["environment"] = Environment(**here | {"sittings": tuple(here.get("sittings", ()))})
        return Record(**values)
    except (ValueError, TypeError, KeyError, AttributeError, EOFError, zlib.error) as error:
        raise StoreError(f"a stored result can't be read: {error}") from error


def metrics_file(metrics: Mapping[str, Mapping[str, float]]) -> bytes:
    """Return further metrics, by split and name, as a file."""
    return json.dumps(metrics, sort_keys=True, indent=1, allow_nan=False).encode()


def with_metrics(record: Record, source: Callable[[str], bytes]) -> Record:
    """Return a record with the further metrics that a file holds in place of its own."""
    try:
        metrics = json.loads(source(METRICS))
        evaluations = {
            name: replace(found, metrics={str(key): float(value) for key, value in metrics[name].items()})
            for name, found in record.evaluations.items()
        }
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreError(f"stored metrics can't be read: {error}") from error
    return replace(record, evaluations=evaluations)


def _without_arrays(evaluation: Evaluation) -> dict[str, Any]:
    return {"loss": evaluation.loss, "metrics": dict(evaluation.metrics)}


def _architecture(values: Mapping[str, Any]) -> Architecture:
    layers = [Layer(**layer | {"output_shape": tuple(layer["output_shape"])}) for layer in values["layers"]]
    return Architecture(tuple(layers), values["total"], values["trainable"])


def _inflate(packed: bytes) -> bytes:
    stream = zlib.decompressobj()
    content = stream.decompress(packed, _LARGEST)
    if stream.unconsumed_tail or not stream.eof:
        raise ValueError("the predictions are cut short or too large")
    return content
