"""Streams say what has changed, and a reader that takes nothing is let go."""

import asyncio
import json
from typing import Any

import pytest

from reportgen.preview import app
from reportgen.preview.controller import Controller
from reportgen.preview.hub import Hub


def test_a_stream_says_everything_then_what_has_changed() -> None:
    async def use() -> None:
        hub = Hub()
        hub.set(page={"order": ["a", "b"]}, blocks={"a": "1", "b": "2"}, state="ready")
        stream = hub.changes()
        first = await anext(stream)
        assert first == {"page": {"order": ["a", "b"]}, "blocks": {"a": "1", "b": "2"}, "state": "ready"}
        hub.set(blocks={"a": "1", "b": "3"}, state="ready")
        assert await anext(stream) == {"blocks": {"b": "3"}}
        for number in range(1_000):  # a slow reader gets the last, and nothing piles up
            hub.set(state=str(number))
        assert await anext(stream) == {"state": "999"}
        waiting = asyncio.ensure_future(anext(stream, None))
        await asyncio.sleep(0)
        hub.close()
        assert await waiting is None

    asyncio.run(use())


def test_a_stream_with_nothing_to_say_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.preview.hub.HEARTBEAT", 0.01)

    async def use() -> None:
        stream = Hub().changes()
        assert await anext(stream) == {}
        assert await anext(stream) == {}

    asyncio.run(use())


def test_a_reader_that_takes_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "SLOW", 0.05)

    async def use() -> None:
        stream = app._Stream(Controller({}, ["report.pdf"]))
        begun: list[Any] = []

        async def never() -> Any:
            await asyncio.Event().wait()

        async def send(message: Any) -> None:
            begun.append(message)
            if message["type"] == "http.response.body":
                await asyncio.Event().wait()

        async with asyncio.timeout(5):
            await stream({"type": "http"}, never, send)
        assert len(begun) == 2
        assert stream._open == 0

    asyncio.run(use())


def test_a_reader_that_goes_is_forgotten() -> None:
    async def use() -> None:
        stream = app._Stream(Controller({}, ["report.pdf"]))
        sent: list[bytes] = []

        async def gone() -> Any:
            await asyncio.sleep(0.05)
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message.get("body", b""))

        async with asyncio.timeout(5):
            await stream({"type": "http"}, gone, send)
        (data,) = (each for each in sent if each.startswith(b"data: "))
        assert json.loads(data[6:])["state"] == "rendering"
        assert stream._open == 0

    asyncio.run(use())
