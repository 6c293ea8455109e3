"""Describe where an experiment runs: library versions, processor, device, commit."""

import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from reportgen import __version__
from reportgen.plan.versions import installed
from reportgen.report.types import NOTHING
from reportgen.training.commit import commit_of
from reportgen.training.fast import core_count, thread_count
from reportgen.training.job import Job
from reportgen.training.processor import processor
from reportgen.training.record import Environment
from reportgen.training.tensorflow import on_gpu, tf

_LIBRARIES = ("tensorflow", "keras", "numpy")


def environment(
    job: Job,
    started: str,
    seconds: float,
    sittings: tuple[str, ...] = (),
    libraries: Sequence[str] = _LIBRARIES,
) -> Environment:
    """Describe this machine.

    Parameters
    ----------
    job : Job
        What was trained.
    started : str
        When training began, ISO 8601.
    seconds : float
        Wall time of training, all sittings added.
    sittings : tuple of str
        Which epochs ran where, see `sitting`.
    libraries : sequence of str
        Packages that computed.
    """
    return Environment(
        versions={"python": platform.python_version(), "reportgen": __version__}
        | {name: installed(name) for name in libraries},
        processor=processor(),
        cores=thread_count(),
        device=_device(libraries),
        commit=commit_of(job),
        started=started,
        seconds=seconds,
        settings={"oneDNN": "on" if os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1") != "0" else "off"}
        | ({} if job.needs == NOTHING else {"needs": str(job.needs)}),
        sittings=sittings,
    )


def sitting(first: int, last: int) -> str:
    """Describe the sitting in which the epochs `first` to `last`, counted from 1, were trained."""
    epochs = f"epoch {first}" if first == last else f"epochs {first} to {last}"
    return f"{epochs}: {_device()}, {processor()}, {thread_count()} threads on {core_count()} cores"


def now() -> str:
    """Return the time in UTC, to the second, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _device(libraries: Sequence[str] = _LIBRARIES) -> str:
    """Return the device that computed, as far as TensorFlow or PyTorch can tell."""
    if "tensorflow" in libraries and on_gpu():
        gpu = tf.config.get_visible_devices("GPU")[0]
        return str(tf.config.experimental.get_device_details(gpu).get("device_name", "GPU"))
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        return str(torch.cuda.get_device_name())
    return "CPU"
