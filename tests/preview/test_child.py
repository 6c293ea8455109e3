"""Whatever a child does, the server goes on, and the next question has a child that answers."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from reportgen.preview.asset import Asset
from reportgen.preview.child import Child, GoneError

FAKE = "tests.preview.fake_worker"


def run(use: Callable[[Child, list[Asset]], Awaitable[None]]) -> None:
    async def whole() -> None:
        kept: list[Asset] = []
        child = Child({}, kept.append, FAKE)
        try:
            await use(child, kept)
        finally:
            await child.end()

    asyncio.run(whole())


async def pid(child: Child, task: str = "answer", limit: float = 20.0) -> int:
    found: list[Any] = []
    await child.ask(found.append, limit, task=task)
    return int(found[-1]["result"])


def test_a_child_stays_warm_and_hands_its_assets_over() -> None:
    async def use(child: Child, kept: list[Asset]) -> None:
        assert await pid(child) == await pid(child, "show") == child.pid
        assert kept == [Asset("/asset/x/y.svg", "image/svg+xml", b"<svg/>")]

    run(use)


def test_a_child_that_hangs_is_ended_with_all_that_it_has_started() -> None:
    async def use(child: Child, kept: list[Asset]) -> None:
        first = await pid(child)
        with pytest.raises(GoneError, match=r"longer than 0\.3 s"):
            await pid(child, "hang", 0.3)
        until = time.monotonic() + 10
        while True:  # its own child was ended, too: nobody is left in the group
            try:
                os.killpg(first, 0)
            except ProcessLookupError:
                break
            assert time.monotonic() < until
            await asyncio.sleep(0.02)
        assert await pid(child) != first

    run(use)


def test_a_child_that_dies_is_told_with_its_last_words() -> None:
    async def use(child: Child, kept: list[Asset]) -> None:
        with pytest.raises(GoneError, match="ended with status 3: last words"):
            await pid(child, "die")
        assert await pid(child)

    run(use)


def test_a_child_that_babbles_is_replaced() -> None:
    async def use(child: Child, kept: list[Asset]) -> None:
        first = await pid(child)
        with pytest.raises(GoneError, match="failed"):
            await pid(child, "babble")
        assert await pid(child) != first

    run(use)


def test_who_stops_waiting_leaves_no_child_that_answers_late() -> None:
    async def use(child: Child, kept: list[Asset]) -> None:
        first = await pid(child)
        asking = asyncio.create_task(pid(child, "hang"))
        await asyncio.sleep(0.1)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        assert await pid(child) != first

    run(use)
