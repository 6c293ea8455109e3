"""The executor of this machine: tasks run in worker processes here, some at a time."""

import contextlib
import queue
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

from reportgen.executors import node
from reportgen.executors.interface import Machine, Outcome, Task, TaskObserver
from reportgen.executors.machine import this_machine
from reportgen.executors.process import MODULE, Running, end
from reportgen.store import Store

_PAUSE = 0.1  # seconds between two tries to end what runs


class Local:
    """Runs tasks on this machine.

    Parameters
    ----------
    store : Store
    root : Path
        Where the files of the tasks stand, see `request.root_of`.
    workers : int
        How many run at a time.
    module : str
        See `node.Site`.
    """

    shared = False
    gone = ""

    def __init__(self, store: Store, root: Path, workers: int = 1, module: str = MODULE) -> None:
        self._store, self._root, self._module, self._workers = store, root, module, workers
        self._done: queue.SimpleQueue[Future[Outcome]] = queue.SimpleQueue()
        self._slots: queue.SimpleQueue[int] = queue.SimpleQueue()
        for slot in range(workers):
            self._slots.put(slot)
        self._begin()

    def machines(self) -> tuple[Machine, ...]:
        """Return this machine."""
        return (this_machine(),)

    def start(self, task: Task, observe: TaskObserver) -> None:
        """Start a task, or let it wait for a slot."""
        future = self._pool.submit(self._run, task, observe, self._running, self._stop)
        self._pending.add(future)
        future.add_done_callback(self._done.put)

    def outcome(self) -> Outcome:
        """Wait for the next task that ends; what was not foreseen is raised as it is."""
        future = self._done.get()
        self._pending.discard(future)
        return future.result()

    def cancel(self) -> None:
        """End all tasks that were started, and wait for that."""
        self._stop.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        pending = {future for future in self._pending if not future.cancelled()}
        while pending:  # a process may be starting just now
            end(self._running)
            pending = wait(pending, timeout=_PAUSE).not_done
        with contextlib.suppress(queue.Empty):
            while True:
                self._done.get_nowait()
        self._begin()

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False)

    def _begin(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=self._workers)
        self._pending: set[Future[Outcome]] = set()
        self._running: Running = set()
        self._stop = threading.Event()

    def _run(self, task: Task, observe: TaskObserver, running: Running, stop: threading.Event) -> Outcome:
        slot = self._slots.get()
        try:
            site = node.Site(
                self._store,
                lambda event: observe(task.id, event),
                running,
                stop,
                self._root,
                slot,
                self._module,
            )
            return node.run(task.id, task.request, site)
        finally:
            self._slots.put(slot)
