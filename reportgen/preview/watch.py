"""Watch files for changes: answers, templates, and results that any training adds to the store."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable
from enum import Enum
from pathlib import Path
from typing import Final

import watchfiles

from reportgen.store.names import PARTIAL

TEXTS: Final = frozenset({".md", ".j2", ".css", ".bib"})
_LEFT: Final = ("~", ".swp", ".swx", ".tmp")  # what editors leave beside a file while they write it
_TOGETHER, _STEP = 40, 10  # milliseconds in which writes are reported as one
_LOOK = 1_000  # milliseconds after which the folders are looked at anew


class Change(Enum):
    """What has changed: nothing but epochs of a training, nothing but text, or anything."""

    EPOCHS = 1
    TEXT = 2
    ANYTHING = 3


async def changes(folders: Callable[[], Iterable[Path]]) -> AsyncIterator[Change]:
    """Yield whenever something has changed.

    Parameters
    ----------
    folders : callable
        Gives the folders to watch, with all that is in them; those that aren't there are waited for, and one
        that was removed and made anew is watched anew.
    """
    watched, anew, polling = _there(folders()), False, None
    while True:
        try:
            async for found in _told(watched, polling):
                names = [Path(name) for name in found if not name.endswith(_LEFT)]
                if names or anew:  # what was written before the new watch began is in nobody's list
                    yield Change.ANYTHING if anew else _kind(names)
                    anew = False
                now = _there(folders())
                if now != watched or not watched.isdisjoint(names):  # one was removed, and maybe made anew
                    watched, anew = now, True
                    yield Change.ANYTHING
                    break
        except FileNotFoundError:  # one went just now
            watched, anew = _there(folders()), True
        except OSError:  # as where this user may watch no more files
            polling = True


async def _told(watched: set[Path], polling: bool | None) -> AsyncIterator[list[str]]:
    """Yield the names of what has changed below some folders, and none of them where nothing has for long."""
    while not watched:
        await asyncio.sleep(_LOOK / 1000)
        yield []
    async for found in watchfiles.awatch(
        *watched,
        watch_filter=None,
        debounce=_TOGETHER,
        step=_STEP,
        rust_timeout=_LOOK,
        yield_on_timeout=True,
        force_polling=polling,
    ):
        yield [name for _, name in found]


def _kind(names: Iterable[Path]) -> Change:
    if all(PARTIAL in path.parts for path in names):
        return Change.EPOCHS
    return Change.TEXT if all(path.suffix in TEXTS for path in names) else Change.ANYTHING


def _there(folders: Iterable[Path]) -> set[Path]:
    """Return the folders that exist."""
    return {path for path in folders if os.path.isdir(path)}  # noqa: PTH112 - never fails
