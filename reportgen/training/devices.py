"""Divide the graphics processors of this machine among processes, before any library looks for them."""

import os
from itertools import takewhile
from pathlib import Path

VISIBLE = "CUDA_VISIBLE_DEVICES"
_NONE = ("", "-1", "NoDevFiles")  # in it, where there is none; the last one is Slurm's
_DEV = Path("/dev")


def visible() -> tuple[str, ...]:
    """Return what CUDA calls the graphics processors of NVIDIA that this process may use."""
    named = os.environ.get(VISIBLE)
    if named is not None:  # CUDA reads on to the first one that it does not know
        return tuple(takewhile(lambda name: name not in _NONE, map(str.strip, named.split(","))))
    found = len(list(_DEV.glob("nvidia[0-9]*"))) or int((_DEV / "dxg").exists())  # the latter in WSL
    return tuple(map(str, range(found)))


def claim(slot: int) -> None:
    """Leave this process one graphics processor of several; of its memory, see `tensorflow`.

    By the environment, so that it holds for whatever library a training function uses, and for parts of a
    card (MIG), of which CUDA shows a process the first one alone.

    Parameters
    ----------
    slot : int
        Number of this process among those that train at a time; several may share a card.
    """
    cards = visible()
    if len(cards) > 1:
        os.environ[VISIBLE] = cards[slot % len(cards)]
