"""Servers on loopback: one that serves a file and can break, one that never answers."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """What the server does.

    Attributes
    ----------
    breaks : list of int
        After how many bytes the next answers end; when it is empty they are whole.
    asked : list of (str or None)
        The Range header of every request so far.
    """

    data: bytes
    etag: str | None = '"one"'
    ranges: bool = True
    status: int = 200
    length: bool = True
    breaks: list[int] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)
    url: str = ""


@contextmanager
def serve(site: Site) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            site.asked.append(wanted)
            start, status = 0, site.status
            if wanted and site.ranges and self.headers.get("If-Range") == site.etag:
                start, status = int(wanted.removeprefix("bytes=").rstrip("-")), 206
                if start >= len(site.data):
                    start, status = 0, 416
            body = site.data[start:] if status in (200, 206) else b"no"
            self.send_response(status)
            if site.length:
                self.send_header("Content-Length", str(len(body)))
            if status == 206:
                self.send_header("Content-Range", f"bytes {start}-{len(site.data) - 1}/{len(site.data)}")
            if site.etag:
                self.send_header("ETag", site.etag)
            self.end_headers()
            self.wfile.write(body[: site.breaks.pop(0)] if site.breaks else body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        site.url = f"http://127.0.0.1:{server.server_port}/file.tar.gz"
        try:
            yield site
        finally:
            server.shutdown()


@contextmanager
def silent_server() -> Iterator[str]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/file"
