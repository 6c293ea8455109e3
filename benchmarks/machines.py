"""Many trainings on many machines, simulated: whether machines, the share or the planner set the pace.

What a training costs the share and the planner is measured first, on this machine and a folder; then events
follow one another on paper. A share is taken to have a rate and a time for each request, and to serve one
request after the other; so is the planner, which starts every training and fetches every result.

    python benchmarks/machines.py                              1,000 trainings on 100 machines
    python benchmarks/machines.py --trainings 200 --machines 20
"""

import argparse
import heapq
import itertools
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import markdown

from reportgen.executors.attachments import attached
from reportgen.executors.request import Request, carried
from reportgen.report import Component, Training
from reportgen.store import Store
from reportgen.training.job import Job

RESULT, CHECKPOINT = 3_000_000, 5_000_000  # bytes: the convolutional network of the lab, with its optimizer
EPOCHS = 20
# Requests to the share by one training, beside a note every 20 s and checkpoints: what it looks for first,
# the parts of a result and of its manifest, what it clears away; and those by the planner.
OF_NODE, OF_PLANNER = 17, 6
NOTES = 20.0  # seconds
TENTH = 9  # a checkpoint is shared when the time since the last one is 9 times what that one took
# Seconds a training takes longer, and seconds to hand it over, as measured; see docs/machines.md.
ENGINES = {"Ray": (0.35, 0.002), "Slurm": (3.0, 0.012)}
SHARES = {"a folder over 1 Gbit/s": (110e6, 0.002), "S3 over 10 Gbit/s": (1e9, 0.0005)}


Share = tuple[float, float]
"""Bytes a second, and seconds for each request."""


@dataclass(frozen=True)
class Costs:
    """Seconds of the planner for each training: to start it, for each of its events, to fetch its result."""

    start: float
    event: float
    fetch: float


@dataclass
class Server:
    """Serves one after the other."""

    free: float = 0.0
    busy: float = 0.0

    def serve(self, now: float, seconds: float) -> float:
        """Return when what comes now is served."""
        self.free = max(self.free, now) + seconds
        self.busy += seconds
        return self.free


def measured() -> Costs:
    """Measure what the planner does for a training."""
    training = Training(
        dataset="digits",
        epochs=1,
        batch_size=32,
        optimizer=Component("SGD"),
        learning_rate=0.1,
        loss=Component("mse"),
    )
    job = Job("a", "a", {"models.py": "x" * 10_000}, "answers/models.py", training, 1, "a" * 64, {})
    line = json.dumps({"event": "progress", "task": "a" * 64, "epoch": 1, "loss": 0.5, "machine": "b"})
    with tempfile.TemporaryDirectory() as place:
        share = Path(place, "share").as_uri()
        here, there = Store.open(Path(place, "a"), share), Store.open(Path(place, "b"), share)
        keys = iter(f"{number:064x}" for number in range(1_000))
        sent = [next(keys) for _ in range(20)]
        for key in sent:
            there.publish(key, {"weights.safetensors": bytes(RESULT)})
        return Costs(
            start=_mean(lambda: attached(Request("train", carried([job]), job.key), [job], here).to_bytes()),
            event=_mean(lambda: json.loads(line)),
            fetch=_mean(lambda: here.get(sent.pop())),
        )


def _mean(action: Callable[[], object], times: int = 20) -> float:
    began = time.perf_counter()
    for _ in range(times):
        action()
    return (time.perf_counter() - began) / times


class Simulated:
    """Trainings on machines, on paper."""

    def __init__(self, machines: int, epoch: float, overhead: float, share: Share, costs: Costs) -> None:
        self._epoch, self._overhead, self._costs = epoch, overhead, costs
        self._rate, self._latency = share
        self.share, self.planner = Server(), Server()
        self._free, self._waiting, self.ended = machines, 0, 0.0
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._number = itertools.count()

    def run(self, trainings: int) -> float:
        """Return the seconds after which the planner has the last result."""
        for _ in range(trainings):
            self._at(self.planner.serve(0.0, self._costs.start), self._queue)
        while self._events:
            now, _, happens = heapq.heappop(self._events)
            happens(now)
        return self.ended

    def _at(self, when: float, happens: Callable[[float], None]) -> None:
        heapq.heappush(self._events, (when, next(self._number), happens))

    def _ask(self, now: float, requests: int, size: int = 0) -> float:
        return self.share.serve(now, requests * self._latency + size / self._rate)

    def _queue(self, now: float) -> None:
        self._waiting += 1
        self._next(now)

    def _next(self, now: float) -> None:
        if self._free and self._waiting:
            self._free, self._waiting = self._free - 1, self._waiting - 1
            self._at(now + self._overhead, lambda now: self._at(self._ask(now, OF_NODE // 2), self._begin))

    def _begin(self, now: float) -> None:
        self._at(now + self._epoch, lambda now: self._epoch_ends(now, 1, now))
        for number in range(1, int(self._epoch * EPOCHS / NOTES)):
            self._at(now + number * NOTES, self._note)

    def _note(self, now: float) -> None:
        self._ask(now, 1)

    def _epoch_ends(self, now: float, epoch: int, free: float) -> None:
        """Share a checkpoint unless the last one has just cost too much; the training goes on meanwhile."""
        self.planner.serve(now, 2 * self._costs.event)
        if epoch == EPOCHS:
            self._at(self._ask(now, OF_NODE // 2, RESULT), self._published)
            return
        if now >= free:
            done = self._ask(now, 1, CHECKPOINT)
            free = done + TENTH * (done - now)
        self._at(now + self._epoch, lambda now: self._epoch_ends(now, epoch + 1, free))

    def _published(self, now: float) -> None:
        self._free += 1
        self._next(now)
        self._at(self._ask(now, OF_PLANNER, RESULT), self._fetched)

    def _fetched(self, now: float) -> None:
        self.ended = max(self.ended, self.planner.serve(now, self._costs.fetch))


def rows(trainings: int, machines: int, costs: Costs) -> Iterator[tuple[str, ...]]:
    """Yield a row for each engine, share and length of a training."""
    for engine, (overhead, handed) in ENGINES.items():
        ours = replace(costs, start=costs.start + handed)
        for name, share in SHARES.items():
            for seconds in (10, 60, 600):
                found = Simulated(machines, seconds / EPOCHS, overhead, share, ours)
                took = found.run(trainings)
                ideal = -(-trainings // machines) * seconds
                busy = {"the share": found.share.busy / took, "the planner": found.planner.busy / took}
                pace = max(busy, key=lambda each: busy[each])
                told = pace if busy[pace] > 0.8 else "the machines"
                yield (
                    engine,
                    name,
                    f"{seconds} s",
                    f"{took:,.0f} s",
                    f"{took / ideal:.2f}",
                    *(f"{100 * each:.0f} %" for each in busy.values()),
                    told,
                )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--trainings", type=int, default=1_000)
    parser.add_argument("--machines", type=int, default=100)
    asked = parser.parse_args()
    costs = measured()
    print(f"planner: {1e3 * costs.start:.1f} ms to start, {1e3 * costs.fetch:.1f} ms to fetch a training")
    heads = ("engine", "share", "one takes", "all", "to ideal", "share busy", "planner busy", "limited by")
    print(markdown.table(heads, rows(asked.trainings, asked.machines, costs)))


if __name__ == "__main__":
    main()
