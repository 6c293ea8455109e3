"""Checkpoints after each epoch, whole on disk or not at all."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from reportgen.errors import Problem, TrainingError, shown
from reportgen.files import disk
from reportgen.training.job import CHECKPOINT
from reportgen.training.record import CURVES, History

_FORMAT = "3"
_BEST = "best"


@dataclass(frozen=True)
class Checkpoint:
    """State after some epochs; going on from it gives the same bits as never having stopped.

    Attributes
    ----------
    started : str
        When the first sitting began (ISO 8601, UTC).
    history : History
        Curves so far; its length is the number of epochs done.
    sittings : tuple of str
        Where each sitting so far ran, and its epochs.
    threads : int
        How many computed; as many must go on.
    state : tuple of ndarray
        Values of all variables, in the order of `variables`.
    best : tuple of ndarray
        The same after the epoch of lowest validation loss, where training may end early; else empty.
    """

    started: str
    history: History
    sittings: tuple[str, ...]
    threads: int
    state: tuple[NDArray[Any], ...]
    best: tuple[NDArray[Any], ...] = ()


def write(folder: Path, identity: str, checkpoint: Checkpoint) -> None:
    """Put a checkpoint in place of the previous one.

    Parameters
    ----------
    identity : str
        What must agree for training to resume from it: the experiment's key and the built model's digest.

    Raises
    ------
    TrainingError
        If it can't be written, as where the disk is full; the previous one stays.
    """
    tensors = {f"{index:05d}": value for index, value in enumerate(checkpoint.state)}
    tensors |= {f"{_BEST}{index:05d}": value for index, value in enumerate(checkpoint.best)}
    header = {
        "format": _FORMAT,
        "identity": identity,
        "started": checkpoint.started,
        "history": json.dumps(asdict(checkpoint.history)),
        "sittings": json.dumps(checkpoint.sittings),
        "threads": str(checkpoint.threads),
        "sha256": _digest((*checkpoint.state, *checkpoint.best)),
    }
    try:
        disk.put(folder / CHECKPOINT, save(tensors, header), folder)
    except OSError as error:
        message = f"the checkpoint can't be written here: {error.strerror or error}"
        raise TrainingError(Problem(shown(folder), 0, message)) from error


def read(folder: Path, identity: str) -> Checkpoint | None:
    """Return the checkpoint of the same experiment, or None where there is none that is whole."""
    try:
        with safe_open(folder / CHECKPOINT, framework="numpy") as file:
            header = file.metadata() or {}
            names = sorted(file.keys())
            state = tuple(file.get_tensor(name) for name in names if not name.startswith(_BEST))
            best = tuple(file.get_tensor(name) for name in names if name.startswith(_BEST))
        if (
            header["identity"] != identity
            or header["sha256"] != _digest((*state, *best))
            or header["format"] != _FORMAT
        ):
            return None
        curves = json.loads(header["history"])
        sittings = tuple(map(str, json.loads(header["sittings"])))
        began, count = header["started"], int(header["threads"])
        return Checkpoint(began, _history(curves), sittings, count, state, best)
    except (OSError, SafetensorError, KeyError, ValueError, TypeError):
        return None


def threads(folder: Path) -> int:
    """Return how many threads compute the training whose checkpoint this is; 0 where there is none."""
    try:
        with safe_open(folder / CHECKPOINT, framework="numpy") as file:
            return int((file.metadata() or {})["threads"])
    except (OSError, SafetensorError, KeyError, ValueError):
        return 0


def history(folder: Path) -> History | None:
    """Return the curves of the training whose checkpoint this is; None where there is none."""
    try:
        with safe_open(folder / CHECKPOINT, framework="numpy") as file:
            found = json.loads((file.metadata() or {})["history"])
        return _history(found)
    except (OSError, SafetensorError, KeyError, ValueError, TypeError, AttributeError):
        return None


def _history(curves: Mapping[str, Sequence[float]]) -> History:
    found: dict[str, Any] = {name: tuple(curves[name]) for name in CURVES}
    return History(**found)


def capture(variables: Sequence[Any]) -> tuple[NDArray[Any], ...]:
    """Return the values of Keras variables; scalars keep their shape."""
    return tuple(np.ascontiguousarray(variable.numpy()).reshape(variable.shape) for variable in variables)


def restore(variables: Sequence[Any], state: Sequence[NDArray[Any]]) -> None:
    """Set Keras variables to the values that `capture` returned."""
    for variable, value in zip(variables, state, strict=True):
        variable.assign(value)


def _digest(state: Sequence[NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for value in state:
        digest.update(np.ascontiguousarray(value).tobytes())
    return digest.hexdigest()
