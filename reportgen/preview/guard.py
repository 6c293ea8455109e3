"""Refuse every request that does not come from the user's own browser.

The server listens on this machine alone, but pages of others can reach it there: one of the web by way of the
browser, under its own name or, after a change of its DNS entry, under one that leads here. So a request needs
the token of this run, a Host that is this server's own, and no foreign Origin.
"""

import hmac
import http.cookies
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
)
# What the report brings is shown and never runs, opened by itself, too.
INERT: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; font-src 'self'; sandbox"
HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "cache-control": "no-store",
}


class Guard:
    """Answers any request that is not the user's own with 403; the token in an address becomes a cookie.

    Parameters
    ----------
    app : ASGI application
        What is guarded.
    token : str
    port : int
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app, self._token = app, token
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self._cookie = f"reportgen-{port}"  # a cookie is seen by all ports of a machine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = _once(scope)
        if headers is None or (why := self._wrong(scope["method"], headers)):
            await _answer(send, 403, {}, why if headers is not None else "a header stands twice")
        elif scope["method"] == "GET" and scope["path"] == "/" and self._introduced(scope):
            cookie = f"{self._cookie}={self._token}; Path=/; HttpOnly; SameSite=Strict"
            await _answer(send, 303, {"location": "/", "set-cookie": cookie}, "")
        elif not self._known(headers):
            await _answer(send, 403, {}, "open the address that `reportgen preview` has printed")
        else:
            await self._app(scope, receive, _with_headers(send))

    def _wrong(self, method: str, headers: Mapping[str, str]) -> str:
        """Return what is wrong with a request's origin; empty where nothing is."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if host not in self._hosts:
            return "this server has another name"
        if origin is not None and origin != f"http://{host}":
            return "a page of another origin asks"
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return "a page of another site asks"
        if method not in ("GET", "POST"):
            return f"nothing answers {method}"
        return "it says no origin" if method == "POST" and origin is None else ""

    def _introduced(self, scope: Scope) -> bool:
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])
        return hmac.compare_digest(given[0].encode(), self._token.encode())

    def _known(self, headers: Mapping[str, str]) -> bool:
        try:
            found = http.cookies.SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except http.cookies.CookieError:
            return False
        return found is not None and hmac.compare_digest(found.value.encode(), self._token.encode())


def _once(scope: Scope) -> Mapping[str, str] | None:
    """Return the headers by name; None where one that decides stands twice."""
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    names = [name for name, _ in pairs]
    if any(names.count(name) > 1 for name in ("host", "origin", "cookie")):
        return None
    return dict(pairs)


async def _answer(send: Send, status: int, headers: Mapping[str, str], text: str) -> None:
    whole = {**HEADERS, "content-type": "text/plain; charset=utf-8", **headers}
    pairs = [(name.encode(), value.encode()) for name, value in whole.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": text.encode()})


def _with_headers(send: Send) -> Send:
    """Return what sends with the headers of every answer, where it has none of its own."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            given: list[Any] = list(message.get("headers", ()))
            names = {name.decode().lower() for name, _ in given}
            given += [(name.encode(), value.encode()) for name, value in HEADERS.items() if name not in names]
            message = {**message, "headers": given}
        await send(message)

    return sending
