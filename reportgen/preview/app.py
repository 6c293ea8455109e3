"""The routes of the preview: the page and its assets, one stream of changes, questions, and four buttons."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from reportgen import files
from reportgen.preview.controller import Controller
from reportgen.preview.guard import INERT

STATIC: Final = Path(__file__).parent / "static"
STREAMS: Final = 16  # at a time; a window of the browser has one
SLOW: Final = 15.0  # seconds in which a stream must take what it is sent
ASKED: Final = ("about", "name", "model", "cell", "other")
BODY: Final = 10_000  # bytes of what a button sends
_FOREVER: Final = {"cache-control": "private, max-age=31536000, immutable"}
_TYPES: Final = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def make(controller: Controller, lifespan: Lifespan) -> Starlette:
    """Return the application; `guard` decides who may reach it."""

    async def page(request: Request) -> Response:
        return _file("index.html")

    async def frame(request: Request) -> Response:
        return _file("frame.html")

    async def static(request: Request) -> Response:
        return _file(request.path_params["name"])

    async def asset(request: Request) -> Response:
        found = controller.assets.get(request.url.path)
        if found is None:
            return Response("there is no such thing any more", 404)
        inert = {} if found.type == "application/pdf" else {"content-security-policy": INERT}
        return Response(found.data, media_type=found.type, headers={**_FOREVER, **inert})

    async def ask(request: Request) -> Response:
        try:
            question = json.loads(request.query_params.get("q", ""))
        except ValueError:
            question = None
        if not isinstance(question, dict):
            return Response("the question is no JSON object", 400)
        return JSONResponse(
            await controller.ask({name: question[name] for name in ASKED if name in question})
        )

    async def train(request: Request) -> Response:
        models = (await _body(request)).get("models", [])
        if not isinstance(models, list) or not all(isinstance(name, str) for name in models):
            return Response("models is a list of names", 400)
        return _done(controller.train(models))

    async def stop(request: Request) -> Response:
        controller.stop()
        return _done(True)

    async def export(request: Request) -> Response:
        return _done(controller.export())

    async def pages(request: Request) -> Response:
        controller.set_pages()
        return _done(True)

    return Starlette(
        routes=[
            Route("/", page),
            Route("/frame", frame),
            Route("/static/{name:path}", static),
            Route("/asset/{digest}/{name}", asset),
            Route("/pages/{name}", asset),
            Route("/ask", ask),
            Route("/events", _Stream(controller)),
            Route("/train", train, methods=["POST"]),
            Route("/stop", stop, methods=["POST"]),
            Route("/export", export, methods=["POST"]),
            Route("/pages", pages, methods=["POST"]),
        ],
        lifespan=lifespan,
    )


class _Stream:
    """Server-sent events: every part of the page that has changed, until the reader goes or is too slow."""

    def __init__(self, controller: Controller) -> None:
        self._desk = controller
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._open >= STREAMS:
            await Response("there are too many streams", 503)(scope, receive, send)
            return
        self._open += 1
        tasks = [asyncio.create_task(self._send(send)), asyncio.create_task(_gone(receive))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._open -= 1
            for task in tasks:
                task.cancel()
            with contextlib.suppress(TimeoutError):
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _send(self, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async for text in _events(self._desk):
            async with asyncio.timeout(SLOW):
                await send({"type": "http.response.body", "body": text, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _events(controller: Controller) -> AsyncIterator[bytes]:
    yield b"retry: 1000\n\n"
    async for new in controller.hub.changes():
        # Written with escapes only, so there is no end of line in it.
        yield b"data: " + json.dumps(new, separators=(",", ":")).encode() + b"\n\n"


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(request: Request) -> dict[str, Any]:
    """Return what a button sends; empty where that is nothing, or nothing that a button sends."""
    data = b""
    async for block in request.stream():
        data += block
        if len(data) > BODY:
            return {}
    try:
        found = json.loads(data or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _file(name: str) -> Response:
    path = (STATIC / name).resolve()
    if not path.is_relative_to(STATIC) or path.suffix not in _TYPES or not path.is_file():
        return Response("there is no such file", 404)
    return Response(files.read(path), media_type=_TYPES[path.suffix])


def _done(begun: bool) -> Response:
    return JSONResponse({"begun": begun}, 202 if begun else 409)
