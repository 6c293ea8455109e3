"""Write JSON lines to standard output, whatever else is printed there."""

import json
import os
import sys
from collections.abc import Callable
from typing import IO, Any

Say = Callable[..., None]


def claim_stdout() -> IO[str]:
    """Keep stdout for the protocol: whatever else is printed, by native code too, goes to stderr."""
    protocol = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return protocol


def speaker(stream: IO[str]) -> Say:
    """Return a function that writes an event as one line."""

    def say(**event: Any) -> None:
        stream.write(json.dumps(event) + "\n")
        stream.flush()

    return say
