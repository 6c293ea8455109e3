"""What is changed around a layout, and put back after it: the log, the garbage collector, the clock."""

import gc
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime


@contextmanager
def quietly(moment: datetime) -> Iterator[list[str]]:
    """Lay out at the date `moment`; gives the list that the layout's errors are gathered in."""
    with _log() as complaints, _uncollected(), _clock(moment):
        yield complaints


@contextmanager
def _log() -> Iterator[list[str]]:
    """Gather errors instead of printing them: each means that something is missing on the page."""
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
        yield complaints
    finally:
        logger.removeHandler(handler)
        logger.level, logger.propagate = level, propagate


@contextmanager
def _uncollected() -> Iterator[None]:
    """Put the garbage collector off: a layout makes boxes by the hundred thousand and no garbage of note."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def _clock(moment: datetime) -> Iterator[None]:
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
