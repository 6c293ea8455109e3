"""Says when files have changed: answers, templates, and results that anybody's training adds to the store."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Final

import watchfiles

TEXTS: Final = frozenset({".md", ".j2", ".css", ".bib"})
_LEFT: Final = ("~", ".swp", ".swx", ".tmp")  # what editors leave beside a file while they write it
_TOGETHER, _STEP, _LOOK = (
    40,
    10,
    1_000,
)  # milliseconds: writes that are told as one; a new look at the folders


async def changes(folders: Callable[[], Iterable[Path]]) -> AsyncIterator[bool]:
    """Yield whenever something has changed: whether that is text only.

    Parameters
    ----------
    folders : callable
        Gives the folders to watch, with all that is in them; those that aren't there are waited for, and one
        that was removed and made anew is watched anew.
    """
    watched = _there(folders())
    while True:
        if not watched:
            await asyncio.sleep(_LOOK / 1000)
            watched = _there(folders())
            if watched:
                yield False
            continue
        async for found in watchfiles.awatch(
            *(path for path, _ in watched),
            watch_filter=None,
            debounce=_TOGETHER,
            step=_STEP,
            rust_timeout=_LOOK,
            yield_on_timeout=True,
        ):
            names = [Path(name) for _, name in found if not name.endswith(_LEFT)]
            if names:
                yield all(path.suffix in TEXTS for path in names)
            if (now := _there(folders())) != watched:
                watched = now
                yield False
                break


def _there(folders: Iterable[Path]) -> set[tuple[Path, int]]:
    """Return the folders that exist, each with what tells it from another of the same name."""
    found = set()
    for path in folders:
        try:
            if path.is_dir():
                found.add((path, path.stat().st_ino))
        except OSError:
            continue
    return found
