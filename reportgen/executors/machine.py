"""What this machine has to offer."""

import os
import platform

from reportgen import __version__
from reportgen.executors.interface import Machine
from reportgen.plan.versions import COMPUTING, installed
from reportgen.training.devices import visible
from reportgen.training.processor import processor


def this_machine() -> Machine:
    """Return the machine that this process runs on."""
    versions = {"python": platform.python_version(), "reportgen": __version__}
    versions |= {name: installed(name) for name in COMPUTING}
    return Machine(platform.node(), cores(), len(visible()), memory(), versions, processor())


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory() -> int:
    """Return how many bytes of memory there are; 0 where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0
