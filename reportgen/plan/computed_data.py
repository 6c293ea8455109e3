"""Fingerprint the data that a function of models.py returns by its source, without calling it every time."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict

from reportgen.plan.key import canonical, digest
from reportgen.plan.reads import mark
from reportgen.plan.source.closure import Projector
from reportgen.plan.versions import installed
from reportgen.report.dataset_file import DatasetFile
from reportgen.store import Store

_NOTES, _READS = "data", "data-reads"
_NAMING = ("name", "title", "items", "path", "place", "sha256", "url")  # these change no array
_OF_SEVERAL = ("targets", "multilabel")  # where nothing is said, as if there were no such keys
Compute = Callable[[], tuple[str, Mapping[str, str]]]


def fingerprint(store: Store, projector: Projector, declared: DatasetFile, compute: Compute) -> str:
    """Return the fingerprint of what the function returns.

    It is known for the source of the function, the versions of the libraries that it uses, and what all that
    it was ever seen to read gives now; else it is computed.

    Parameters
    ----------
    compute : callable
        Calls the function; gives the fingerprint, and what was read.
    """
    code = projector.project(declared.function)
    values = {
        name: value
        for name, value in asdict(declared).items()
        if name not in _NAMING and (value or name not in _OF_SEVERAL)
    }
    source = digest(
        {
            "declared": values,
            "code": code.digest,
            "versions": {name: installed(name) for name in ("numpy", *code.libraries)},
        }
    )

    def key() -> str:
        noted = store.noted(_READS, source, shared=True)
        names = json.loads(noted) if noted else []
        return digest(
            {"data": source, "reads": {name: mark(name, projector.snapshot.folder) for name in names}}
        )

    if known := store.noted(_NOTES, key(), shared=True):
        return known.decode()
    found, reads = compute()
    noted = store.noted(_READS, source, shared=True)
    names = sorted({*(json.loads(noted) if noted else []), *reads})
    if names:
        store.note(_READS, source, canonical(names), shared=True)
    if all(mark(name, projector.snapshot.folder) == value for name, value in reads.items()):
        store.note(_NOTES, key(), found.encode(), shared=True)
    return found
