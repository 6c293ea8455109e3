"""What takes a moment to make is kept for another time."""

from collections.abc import Callable

Make = Callable[[], bytes]
Keep = Callable[[str, Make], bytes]
"""``keep(key, make)`` returns what is kept under `key`, or keeps and returns what `make` gives."""
