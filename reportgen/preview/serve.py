"""Run the server on this machine, for one user, until it is interrupted."""

import asyncio
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from reportgen.errors import InputError, Problem, UndecidedError, shown
from reportgen.preview import app, watch
from reportgen.preview.controller import Controller
from reportgen.preview.guard import Guard
from reportgen.store.names import PARTIAL

ADDRESS = "127.0.0.1"


def serve(
    project: Path,
    answers: Path | None,
    store: str | None,
    *,
    seeds: int | None = None,
    outs: Sequence[Path],
    port: int = 0,
    ready: Callable[[str], None],
) -> None:
    """Serve the preview of a report until the process is signalled to end.

    Parameters
    ----------
    project, answers, store, seeds
        See `reportgen.pipeline.project.open_project`.
    outs : sequence of Path
        The files that an export writes.
    port : int
        0 takes one that is free.
    ready : callable
        Called with the address to open, once it answers.

    Raises
    ------
    InputError
        If there is no report.
    UndecidedError
        If the port is taken.
    """
    folder = (answers or project / "answers").absolute()
    if not (folder / "report.toml").is_file():
        remedy = "pass --project, or start a report: reportgen new FOLDER"
        raise InputError(Problem(shown(folder / "report.toml"), 0, "there is no such file", remedy))
    settings = {
        "project": str(project.absolute()),
        "answers": str(folder) if answers else None,
        "store": store,
        "seeds": seeds,
    }
    token, listening = secrets.token_urlsafe(32), _listening(port)
    port = listening.getsockname()[1]

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        controller.changed(text_only=False)
        tasks = [
            asyncio.create_task(controller.run()),
            asyncio.create_task(_follow(controller, project, folder)),
            asyncio.create_task(controller.look_elsewhere()),
        ]
        ready(f"http://{ADDRESS}:{port}/?token={token}")
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await controller.end()

    controller = Controller(settings, [str(out.absolute()) for out in outs])
    config = uvicorn.Config(
        Guard(app.make(controller, lifespan), token, port),
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=32_768,
    )
    with listening:
        _Server(config, controller).run(sockets=[listening])


def _listening(port: int) -> socket.socket:
    """Return a socket that this machine alone can reach."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((ADDRESS, port))
        made.listen()
    except OSError as error:
        made.close()
        remedy = "pass another --port, or none"
        raise UndecidedError(Problem("", 0, f"port {port} can't be used: {error.strerror}", remedy)) from None
    return made


async def _follow(controller: Controller, project: Path, answers: Path) -> None:
    """Have the report rendered whenever its files, or the results in its store, change."""

    def folders() -> list[Path]:
        found = [answers, project.absolute() / "templates"]
        if place := controller.hub.get("store"):
            found += [Path(place) / "results", Path(place) / PARTIAL]
        return found

    async for change in watch.changes(folders):
        if change is watch.Change.EPOCHS:
            controller.trained()
        else:
            controller.changed(text_only=change is watch.Change.TEXT)


class _Server(uvicorn.Server):
    """A server that ends its streams on a signal, so that it need not wait for them."""

    def __init__(self, config: uvicorn.Config, controller: Controller) -> None:
        super().__init__(config)
        self._desk = controller

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End."""
        self._desk.hub.close()
        super().handle_exit(sig, frame)
