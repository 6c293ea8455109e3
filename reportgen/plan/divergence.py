"""Notes in the store on trainings that diverged: the same training would end the same on any machine."""

from reportgen.store import Store

_NOTE = "diverged"


def divergence(store: Store, key: str) -> str:
    """Return what was noted when the training of a key diverged; empty where it is not known to."""
    noted = store.noted(_NOTE, key, shared=True)
    return noted.decode(errors="replace") if noted else ""


def note_divergence(store: Store, key: str, what: str) -> None:
    """Note that the training of a key diverged."""
    store.note(_NOTE, key, what.encode(), shared=True)


def forget_divergence(store: Store, key: str) -> None:
    """Remove the note: the training has succeeded after all."""
    store.forget(_NOTE, key, shared=True)
