"""Executors by their names on the command line: ``local``, ``ray[:HOST:PORT]``, ``slurm[:PARTITION]``."""

import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from reportgen import DISTRIBUTION
from reportgen.errors import InputError, Problem, printable
from reportgen.executors.engine import Engine
from reportgen.executors.interface import Executor
from reportgen.executors.process import MODULE

LOCAL = "local"


@dataclass(frozen=True)
class EngineKind:
    """A kind of engine.

    Attributes
    ----------
    module : str
        Its client.
    place : str
        How people write what may follow the name.
    pattern : str
        What may follow the name.
    library, extra : str
        What the client imports, and the extra that brings it; empty where it needs nothing.
    programs : tuple of str
        What the client runs, and `where` they are found.
    """

    module: str
    place: str
    pattern: str
    library: str = ""
    extra: str = ""
    programs: tuple[str, ...] = ()
    where: str = ""


KINDS: Mapping[str, EngineKind] = {
    "ray": EngineKind(
        "reportgen.executors.ray.client", "HOST:PORT", r"(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}", "ray", "ray"
    ),
    "slurm": EngineKind(
        "reportgen.executors.slurm.client",
        "PARTITION",
        r"[\w.,-]+",
        programs=("sbatch", "squeue", "scancel", "sinfo"),
        where="run it on a login node of the cluster",
    ),
}
FORMS = " | ".join([LOCAL, *(f"{name}[:{kind.place}]" for name, kind in KINDS.items())])


def check(name: str) -> str:
    """Return the name of an executor, or raise a ValueError that tells the forms that it may have."""
    kind, colon, place = name.partition(":")
    if name == LOCAL or (kind in KINDS and (not colon or re.fullmatch(KINDS[kind].pattern, place))):
        return name
    raise ValueError(f"{printable(name)!r} is none of {FORMS}")


def named(name: str, store: str, project: Path, module: str = MODULE) -> Executor:
    """Return an executor of other machines; nothing is started before it is used.

    Parameters
    ----------
    name : str
        As `check` takes it, and not ``local``.
    store : str
        The URL of the store that all machines share; empty where there is none.
    project : Path
        Its folder, which an engine may need all machines to see.
    module : str
        What the worker processes run.

    Raises
    ------
    InputError
        If there is no such store, its URL holds a secret, or the engine is not installed here.
    """
    kind, _, place = check(name).partition(":")
    if not store:
        message = f"--executor {kind} needs a store that all machines reach, and there is none"
        remedy = "name it with --store: s3://…, or file:///… for a folder that all of them mount"
        raise InputError(Problem("", 0, message, remedy))
    if urlsplit(store).password:
        message = "the URL of the store holds a password, which would be sent to every machine"
        raise InputError(Problem("", 0, message, "give it to each machine in its environment instead"))
    needed = KINDS[kind]
    if needed.library and find_spec(needed.library) is None:
        message = f"--executor {kind} needs the extra {needed.extra!r}: {needed.library} is not installed"
        raise InputError(Problem("", 0, message, f"pip install '{DISTRIBUTION}[{needed.extra}]'"))
    if missing := [each for each in needed.programs if shutil.which(each) is None]:
        message = f"--executor {kind} needs {', '.join(missing)}, which this machine does not have"
        raise InputError(Problem("", 0, message, needed.where))
    options = {"store": store, "module": module, "place": place, "folder": str(project)}
    return Engine(kind.capitalize(), needed.module, options, _told)


def _told(sentence: str) -> None:
    sys.stderr.write(f"reportgen: {printable(sentence)}\n")
