"""Tell of a training without checkpoints that it starts over, where an earlier one was interrupted."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen.training.job import Observer, Progress

_BEGUN = "begun"  # a file that an interrupted training leaves


@contextmanager
def without_checkpoints(folder: Path, name: str, observe: Observer) -> Iterator[None]:
    """Mark a folder while a training runs; where it was marked before, say that `name` starts over."""
    mark = folder / _BEGUN
    note = f"an earlier training was interrupted: {name} starts over" if mark.exists() else ""
    observe(Progress("building", 0, 0, 0, 0, note=note))
    mark.touch()
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)
