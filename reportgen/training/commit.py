"""Which commit of the authors' repository a model comes from."""

import subprocess
from pathlib import Path

from reportgen.training.job import Job


def commit_of(job: Job) -> str:
    """Return the commit that the machine which asks is at; empty where there is no repository."""
    if job.commit is not None:
        return job.commit
    folder = Path(job.models_path).parent
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
