"""Show on stderr what the modules log: what a command decides, and why."""

import logging

from reportgen.cli.terminal import console


class _Handler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        seconds = record.relativeCreated / 1000
        place = record.name.removeprefix("reportgen.")
        console.tell(f"[{seconds:7.2f}] {place}: {record.getMessage()}", err=True)


def show_log() -> None:
    """Show everything that modules of this package log, however small."""
    logger = logging.getLogger("reportgen")
    logger.setLevel(logging.DEBUG)
    logger.handlers = [_Handler()]
    logger.propagate = False
