"""What this machine computes with, in words."""

import platform
import sys
from pathlib import Path


def processor() -> str:
    """Return the name of the processor, as its maker calls it where the system says so."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine() or sys.platform
