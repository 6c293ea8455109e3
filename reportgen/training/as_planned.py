"""Hold a training to its plan: the versions, files and built model that its key was made from.

The key of a result says what computed it, so nothing else may be published under it.
"""

import platform
from collections.abc import Iterator, Mapping
from pathlib import Path

from reportgen.errors import DataError, InputError, Problem, TrainingError
from reportgen.plan.model_plan import TRAINER
from reportgen.plan.reads import ABSENT, changed, mark
from reportgen.plan.versions import installed
from reportgen.training.job import Job
from reportgen.training.sources import Functions


def check_versions(job: Job) -> None:
    """Raise unless this machine has the versions that the job's key says.

    Raises
    ------
    TrainingError
        Names each of them, as planned and as it is here.
    """
    found = [
        Problem(
            "",
            0,
            f"{job.model} was planned for {what} {planned or '(not installed)'},"
            f" but {platform.node()} has {here or 'none'}",
            "install the same version on both machines",
        )
        for what, planned, here in _both(job)
        if planned != here
    ]
    if found:
        raise TrainingError(found)


def _both(job: Job) -> Iterator[tuple[str, str, str]]:
    """Yield what counts, with its version as planned and as it is here."""
    versions = job.projection.get("versions")
    if isinstance(versions, Mapping):
        for name, planned in versions.items():
            yield name, str(planned), installed(name)
    if "trainer" in job.projection:
        yield "the training loop", str(job.projection["trainer"]), str(TRAINER)


def check_gpu(job: Job, found: bool) -> None:
    """Raise a TrainingError if a network that needs a GPU would be trained without one."""
    if job.needs.gpus and not found:
        message = f"{job.model} needs {job.needs}, and TensorFlow finds no GPU on {platform.node()}"
        remedy = "install it with CUDA there: pip install 'tensorflow[and-cuda]'"
        raise TrainingError(Problem(job.toml, job.lines.get("needs", 0), message, remedy))


def check_reads(job: Job) -> None:
    """Raise a DataError if what models.py read when it was planned has changed, or is not on this machine."""
    path, folder = str(job.models_path), Path(job.models_path).parent
    for name in changed(job.reads, folder):
        if mark(name, folder) == ABSENT:
            here = platform.node()
            message = f"the {name}, which models.py read when {job.model} was planned, is not on {here}"
            variable = name.startswith("variable ")
            remedy = "set it there" if variable else "copy it there, or keep it in answers/"
            raise DataError(Problem(path, 0, message, remedy))
        message = f"{name} was changed while {job.model} was to be trained with it"
        raise DataError(Problem(path, 0, message, "run it again"))


def check_new_reads(job: Job, functions: Functions) -> None:
    """Raise an InputError if models.py reads something in training that its key was not made from."""
    if not job.reads and "built" not in job.projection:
        return
    new = [name for name in functions.reads if name not in job.reads]
    if new:
        message = f"reads the {new[0]} only while {job.model} is trained"
        remedy = "read it at the top of models.py, so that changes to it can be detected"
        raise InputError(Problem(str(job.models_path), 0, message, remedy))


def check_built(job: Job, functions: Functions, digest: str) -> None:
    """Raise an InputError if a model is not the one that the plan built in another process."""
    built = job.projection.get("built") if isinstance(job.projection, dict) else None
    planned = built.get("weights") if isinstance(built, dict) else None
    if planned is None or planned == digest:
        return
    message = f"{job.builder}() builds a different model each time it is called"
    remedy = "iterate over a list, not a set, and give everything random a seed"
    raise functions.sources.problem(functions.value(job.builder), message, remedy)
