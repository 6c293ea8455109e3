"""The server's work: have the report rendered when files change; train, export and set pages on request."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from reportgen.plan.underway import COLUMNS
from reportgen.preview.asset import Asset
from reportgen.preview.child import Child, GoneError, HungError, Message
from reportgen.preview.hub import Hub

LIMIT: Final = 300.0  # seconds; within it the steps of a rendering have limits of their own, as in a build
OVERTAKEN: Final = 5.0  # seconds after which a rendering is given up once its text has changed again
LOOK: Final = 1.0  # seconds between two looks at what trains
ELSEWHERE: Final = 10.0  # the same where other machines may train, of which no file here tells
LONGEST: Final = 7 * 86400.0
KEPT: Final = 4_000  # assets; the oldest go


class Controller:
    """The server's state, and the children that work for it.

    Parameters
    ----------
    settings : mapping
        Which project, see `worker.opened`.
    outs : sequence of str
        The files that an export writes.
    """

    def __init__(self, settings: Mapping[str, Any], outs: Sequence[str]) -> None:
        self.hub = Hub()
        self.assets: dict[str, Asset] = {}
        self._settings, self._outs = settings, list(outs)
        self._renderer = self._child()
        self._trainer, self._exporter, self._setter = self._child(), self._child(), self._child()
        self._wanted: bool | None = None  # whether only text has changed since the last rendering
        self._began = 0.0
        self._due = asyncio.Event()
        self._reading = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._curves: dict[str, dict[str, list[Any]]] = {}
        self._seen: dict[str, list[str]] = {}  # rows of what trains, as the store says
        idle = {"running": False, "models": {}}
        self.hub.set(state="rendering", problems=[], training=idle, export={"running": False}, pages={})

    def _child(self) -> Child:
        return Child(self._settings, self._keep)

    def _keep(self, asset: Asset) -> None:
        self.assets[asset.address] = asset
        while len(self.assets) > KEPT:
            del self.assets[next(iter(self.assets))]

    # rendering

    def changed(self, *, text_only: bool) -> None:
        """Have the report rendered; a rendering that takes long and is of an older text is given up."""
        self._wanted = text_only and self._wanted is not False
        self._due.set()
        if self._began and time.monotonic() - self._began > OVERTAKEN:
            self._start(self._renderer.end())

    async def run(self) -> None:
        """Render whenever something has changed, until cancelled."""
        while True:
            await self._due.wait()
            self._due.clear()
            text_only, self._wanted = bool(self._wanted), None
            self.hub.set(state="rendering")
            self._began = time.monotonic()
            if problem := await self._render(text_only):
                self.hub.set(problems=[problem])
            self._began = 0.0
            if not self._due.is_set():
                self.hub.set(state="ready")
                self.trained()

    async def _render(self, text_only: bool) -> dict[str, str] | None:
        """Have the report rendered; return why nobody could, unless it has changed again meanwhile."""
        for last in (False, True):  # one child may have been killed while it had nothing to do
            try:
                await self._renderer.ask(self._rendered, LIMIT, task="render", text_only=text_only)
                return None
            except GoneError as error:
                if self._due.is_set():
                    return None
                if last or isinstance(error, HungError):
                    return _problem(str(error))
        return None

    def trained(self) -> None:
        """Have it read what trains, and how far it is, once in a while."""
        if not self._reading:
            self._reading = True
            self._start(self._trainings())

    async def look_elsewhere(self) -> None:
        """Have it read again and again what trains where there is a shared store, until cancelled."""
        while True:
            await asyncio.sleep(ELSEWHERE)
            if self.hub.get("shared"):
                self.trained()

    async def _trainings(self) -> None:
        await asyncio.sleep(LOOK)
        self._reading = False
        answer = await self.ask({"about": "trainings"})
        if "result" not in answer:
            return
        gone = self._seen.keys() - answer["result"]["rows"].keys()
        self._seen = answer["result"]["rows"]
        self.hub.set(epochs=answer["result"]["epochs"])
        self._tabulate()
        if gone and self.hub.get("shared"):  # its result may be in the shared store now
            self.changed(text_only=False)

    def _tabulate(self) -> None:
        """Set the table of what trains: what this preview trains itself is known best here."""
        now = self.hub["training"]
        own = {name: event["row"] for name, event in now["models"].items() if "row" in event}
        fresh = {each["name"] for each in self.hub.get("models") or () if each["status"] == "fresh"}
        rows = {**self._seen, **(own if now["running"] else {})}
        self.hub.set(table=[list(COLUMNS), *(row for name, row in sorted(rows.items()) if name not in fresh)])

    def _rendered(self, message: Message) -> None:
        if "parts" in message:
            self.hub.set(**message["parts"])
            self._tabulate()
        elif "problems" in message:
            self.hub.set(problems=message["problems"])

    async def ask(self, question: Mapping[str, Any]) -> Any:
        """Return what the render child answers to a panel."""
        found: list[Message] = []
        try:
            await self._renderer.ask(found.append, LIMIT, task="ask", **question)
        except GoneError as error:
            return {"problems": [_problem(str(error))]}
        return found[-1] if found else {"problems": [_problem("there is no answer")]}

    # what buttons do

    def train(self, models: list[str]) -> bool:
        """Begin to train the given models, or all; False where something trains already."""
        if self.hub["training"]["running"]:
            return False
        self._curves = {}
        self._tell_training(running=True, asked=models, began=time.time(), problems=[], stopped=False)
        self._start(self._training(models))
        return True

    def stop(self) -> None:
        """End the training; what is finished of it is kept, and gone on from."""
        if self.hub["training"]["running"]:
            self._tell_training(stopped=True)
            self._trainer.tell(signal.SIGTERM)

    async def _training(self, models: list[str]) -> None:
        problems: list[Any] = []

        def take(message: Message) -> None:
            if "event" in message:
                self._progress(message["event"])
            problems.extend(message.get("problems", ()))

        try:
            await self._trainer.ask(take, LONGEST, task="train", models=models)
        except GoneError as error:
            if not self.hub["training"]["stopped"]:
                problems.append(_problem(str(error)))
        finally:
            await self._trainer.end(signal.SIGTERM)
            self._tell_training(running=False, problems=problems)
            self.changed(text_only=False)

    def _progress(self, event: Mapping[str, Any]) -> None:
        """Take one event of a training; every epoch adds a point to the curves."""
        name = event["model"]
        curves = self._curves.setdefault(name, {"epoch": [], "loss": [], "accuracy": [], "val_accuracy": []})
        if event.get("phase") == "training" and event.get("epoch"):
            epochs = curves["epoch"]
            if not epochs or epochs[-1] != event["epoch"]:
                epochs.append(event["epoch"])
                for key in ("loss", "accuracy", "val_accuracy"):
                    curves[key].append(None)
            curves["loss"][-1], curves["accuracy"][-1] = event.get("loss"), event.get("accuracy")
            if len(epochs) > 1:  # validation is reported for the last whole epoch
                curves["val_accuracy"][-2] = event.get("val_accuracy")
            if event.get("step") == event.get("steps"):
                curves["val_accuracy"][-1] = event.get("val_accuracy")
        before = self.hub["training"]["models"]
        models = {**before, name: {**event, "curves": _copy(curves)}}
        self.hub.set(training={**self.hub["training"], "models": models})
        self._tabulate()

    def _tell_training(self, **changes: Any) -> None:
        before = {} if changes.get("asked") is not None else self.hub["training"]
        self.hub.set(training={"models": {}, **before, **changes})
        self._tabulate()

    def export(self) -> bool:
        """Begin to build PDF, HTML and notebook; False where that is under way."""
        if self.hub["export"]["running"]:
            return False
        self.hub.set(export={"running": True, "step": "opening the report"})
        self._start(self._exporting())
        return True

    async def _exporting(self) -> None:
        told: dict[str, Any] = {"problems": []}

        def take(message: Message) -> None:
            if "event" in message:
                event = message["event"]
                step = event.get("step") if "model" not in event else f"training {event['model']}"
                self.hub.set(export={"running": True, "step": step})
            elif "problems" in message:
                told["problems"] = message["problems"]
            else:
                told.update(message["result"])

        try:
            await self._exporter.ask(take, LONGEST, task="export", outs=self._outs)
        except GoneError as error:
            told["problems"] = [_problem(str(error))]
        finally:
            await self._exporter.end()
            self.hub.set(export={"running": False, **told})

    def set_pages(self) -> None:
        """Have the pages of the PDF set in the background."""
        if not self.hub["pages"].get("running"):
            self.hub.set(pages={"running": True, "address": self.hub["pages"].get("address", "")})
            self._start(self._setting())

    async def _setting(self) -> None:
        told: dict[str, Any] = {"address": self.hub["pages"].get("address", ""), "problems": []}

        def take(message: Message) -> None:
            if "problems" in message:
                told["problems"] = message["problems"]
            elif "result" in message:
                told["address"] = message["result"]

        try:
            await self._setter.ask(take, LIMIT, task="pages")
        except GoneError as error:
            told["problems"] = [_problem(str(error))]
        finally:
            await self._setter.end()
            self.hub.set(pages={"running": False, **told})

    # ending

    async def end(self) -> None:
        """End every child; a training keeps its epochs."""
        for task in tuple(self._tasks):
            task.cancel()
        await self._trainer.end(signal.SIGTERM)
        for child in (self._renderer, self._exporter, self._setter):
            await child.end()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _copy(curves: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    return {name: list(values) for name, values in curves.items()}


def _problem(message: str) -> dict[str, str]:
    return {"message": message, "remedy": ""}
