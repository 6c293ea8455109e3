"""Threads that take their steps one at a time, in an order that a test sets."""

import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any

PATIENCE = 30.0  # seconds after which a step that never ends fails its test


class Turns:
    """Runs several actions, each in a thread of its own that stops before every step.

    Attributes
    ----------
    errors : list of BaseException
        What the actions raised.
    """

    def __init__(self) -> None:
        self.errors: list[BaseException] = []
        self._may_go: dict[str, threading.Semaphore] = {}
        self._waits: dict[str, queue.SimpleQueue[bool]] = {}
        self._over: set[str] = set()

    def start(self, name: str, action: Callable[[], object]) -> None:
        """Begin an action, which stops before its first step."""
        self._may_go[name], self._waits[name] = threading.Semaphore(0), queue.SimpleQueue()

        def run() -> None:
            try:
                action()
            except BaseException as error:
                self.errors.append(error)
            finally:
                self._waits[name].put(False)

        threading.Thread(target=run, daemon=True).start()
        self._until_it_waits(name)

    def step(self, name: str) -> None:
        """Wait, within an action, until it is that action's turn."""
        if name in self._waits:
            self._waits[name].put(True)
            assert self._may_go[name].acquire(timeout=PATIENCE)

    def play(self, order: Iterable[str], after: Callable[[], object] = lambda: None) -> int:
        """Give turns in an order, then in rotation until all have ended; return how many were taken.

        `after` is called after each of them.
        """
        taken = 0
        for name in order:
            taken += self._turn(name, after)
        while len(self._over) < len(self._waits):
            for name in self._waits:
                taken += self._turn(name, after)
        assert not self.errors, self.errors
        return taken

    def _turn(self, name: str, after: Callable[[], object]) -> int:
        if name in self._over:
            return 0
        self._may_go[name].release()
        self._until_it_waits(name)
        after()
        return 1

    def _until_it_waits(self, name: str) -> None:
        if not self._waits[name].get(timeout=PATIENCE):
            self._over.add(name)


class Stepping:
    """A file system of fsspec whose every call by one publisher is a step of it."""

    def __init__(self, system: Any, name: str, turns: Turns, calls: Iterable[str]) -> None:
        self._system, self._name, self._turns, self._calls = system, name, turns, frozenset(calls)

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self._system, attribute)
        if attribute not in self._calls:
            return found

        def call(*arguments: Any, **keywords: Any) -> Any:
            self._turns.step(self._name)
            return found(*arguments, **keywords)

        return call
