"""Settings in force during layout: errors instead of log lines, a fixed clock, a temporary folder."""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from reportgen.errors import RenderError


@contextmanager
def strictly() -> Iterator[None]:
    """Raise what the layout library only logs: an error means that something is missing on the page.

    Raises
    ------
    RenderError
        With the first error of the block, at its end.
    """
    logger = logging.getLogger("weasyprint")
    complaints: list[str] = []

    class Gather(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.ERROR:
                complaints.append(record.getMessage())

    handler = Gather()
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.level, logger.propagate = level, propagate
    if complaints:
        raise RenderError(complaints[0])


@contextmanager
def temporary() -> Iterator[None]:
    """Keep temporary files in a folder that goes at the end; WeasyPrint removes its own late or never."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="reportgen-", ignore_cleanup_errors=True) as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = before


@contextmanager
def clock(moment: datetime) -> Iterator[None]:
    """Give libraries that stamp what they write the report's own date."""
    name, before = "SOURCE_DATE_EPOCH", os.environ.get("SOURCE_DATE_EPOCH")
    os.environ[name] = str(int(moment.timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
