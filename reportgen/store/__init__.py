"""Content-addressed results on disk: published atomically, verified when read, shared between machines."""

from reportgen.store.manifest import DamagedError
from reportgen.store.store import Store
from reportgen.store.stored import Stored
from reportgen.store.upkeep import Listed, Moved, Pruned, Verified

__all__ = ["DamagedError", "Listed", "Moved", "Pruned", "Store", "Stored", "Verified"]
