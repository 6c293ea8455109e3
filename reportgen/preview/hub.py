"""Hold what the page shows now, in parts; a stream gets what it has not seen, in its newest form."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

HEARTBEAT: Final = 10.0  # seconds after which a stream says that it is still there


class Hub:
    """Holds the parts; a stream that is slow misses what was replaced meanwhile, and nothing piles up."""

    def __init__(self) -> None:
        self._parts: dict[str, Any] = {}
        self._blocks: dict[str, str] = {}
        self._changed = asyncio.Event()
        self.closed = False

    def __getitem__(self, name: str) -> Any:
        return self._parts[name]

    def get(self, name: str) -> Any:
        """Return a part, or None where there is none yet."""
        return self._parts.get(name)

    def set(self, **parts: Any) -> None:
        """Replace some parts; ``blocks`` are those of the page by name."""
        self._blocks = parts.pop("blocks", self._blocks)
        self._parts |= parts
        self._wake()

    def close(self) -> None:
        """End every stream."""
        self.closed = True
        self._wake()

    async def changes(self) -> AsyncIterator[Mapping[str, Any]]:
        """Yield all parts, then those that change; an empty mapping where nothing has for a while."""
        seen: dict[str, Any] = {}
        blocks: dict[str, str] = {}
        while not self.closed:
            changed = self._changed
            new = {name: value for name, value in self._parts.items() if seen.get(name) != value}
            if moved := {name: text for name, text in self._blocks.items() if blocks.get(name) != text}:
                new["blocks"] = moved
            seen, blocks = dict(self._parts), self._blocks
            if new:
                yield new
                continue
            try:
                async with asyncio.timeout(HEARTBEAT):
                    await changed.wait()
            except TimeoutError:
                yield {}

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
