"""A TCP proxy that can be slow or cut connections."""

import contextlib
import socket
import socketserver
import threading


class Proxy:
    """Forwards to a port on loopback.

    Attributes
    ----------
    cut_after : int or None
        Bytes sent by one client connection after which it is cut.
    stalled : threading.Event
        While it is not set, nothing is forwarded.
    """

    def __init__(self, port: int) -> None:
        self.target = port
        self.cut_after: int | None = None
        self.cuts = 0
        self.flowing = threading.Event()
        self.flowing.set()
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with (
                    contextlib.suppress(OSError),
                    socket.create_connection(("127.0.0.1", proxy.target)) as upstream,
                ):
                    back = threading.Thread(target=proxy.copy, args=(upstream, self.request), daemon=True)
                    back.start()
                    proxy.copy(self.request, upstream, counted=True)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def copy(self, source: socket.socket, target: socket.socket, *, counted: bool = False) -> None:
        """Forward until one side closes, or until it is time to cut."""
        passed = 0
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self.flowing.wait()
                passed += len(data)
                if counted and self.cut_after is not None and passed > self.cut_after:
                    self.cuts += 1
                    break
                target.sendall(data)
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stop listening."""
        self.flowing.set()
        self.server.shutdown()
        self.server.server_close()
