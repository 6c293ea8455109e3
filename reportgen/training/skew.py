"""Refuse a job that was planned for other software than there is here.

The key of a result says which versions computed it, so none may be published that others have computed.
"""

import platform
from collections.abc import Iterator, Mapping

from reportgen.errors import Problem, TrainingError
from reportgen.plan.model_plan import TRAINER
from reportgen.plan.versions import installed
from reportgen.training.job import Job


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
