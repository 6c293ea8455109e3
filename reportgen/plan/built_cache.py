"""Cache what builders build, under everything it depends on."""

import json
from functools import partial

from reportgen.plan.key import canonical, digest
from reportgen.plan.reads import mark
from reportgen.plan.result import Identity, ModelPlan
from reportgen.store import Store

_KIND = "built"
_NAMES = "reads"
_FORMAT = 2  # raise it when a built model is identified by something else than before


def built(store: Store, plan: ModelPlan) -> Identity | None:
    """Return what the builder of a plan builds, if it was built before from the same files and variables."""
    try:
        config, weights, reads = json.loads(store.artifact(_KIND, built_key(store, plan), _not_built))
    except LookupError:
        return None
    return config, weights, reads


def remember_built(store: Store, plan: ModelPlan, identity: Identity) -> None:
    """Keep what a builder built."""
    reads = identity[2]
    names = {*_names(store, plan), *reads}
    if names:
        store.note(_NAMES, plan.source_of_build, canonical(sorted(names)))
    if all(mark(name, plan.snapshot.folder) == found for name, found in reads.items()):
        store.artifact(_KIND, built_key(store, plan), partial(canonical, [*identity[:2], dict(reads)]))


def built_key(store: Store, plan: ModelPlan) -> str:
    """Return where the store keeps what a builder builds.

    That is under its source and under what all that it was ever seen to read gives now. It may read
    something new only after something known has changed, and then the key is another one.
    """
    reads = {name: mark(name, plan.snapshot.folder) for name in _names(store, plan)}
    return digest({"format": _FORMAT, "built": plan.source_of_build, "reads": reads})


def _names(store: Store, plan: ModelPlan) -> list[str]:
    noted = store.noted(_NAMES, plan.source_of_build)
    return [str(name) for name in json.loads(noted)] if noted else []


def _not_built() -> bytes:
    raise LookupError
