"""Models trained in turn by processes of their own: the same sample of steps, in every way there is."""

import dataclasses
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal

from reportgen import datasets
from reportgen.training.job import Job

HERE = Path(__file__).parent
VALIDATION = 2000
_PRECISIONS: Mapping[str, Literal["float32", "bfloat16"]] = {"float32": "float32", "bfloat16": "bfloat16"}
WAYS = ("keras", "torch", "torch bfloat16", "reportgen float32", "reportgen")


class Trainer:
    """A process that trains the same sample whenever it is asked to."""

    def __init__(self, command: Sequence[str], job: Mapping[str, Any]) -> None:
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - as long as the process
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        self.about = self._ask(json.dumps(job, default=str))

    def round(self) -> Mapping[str, float]:
        """Return the seconds of one round of training and of one of validation."""
        seconds: Mapping[str, float] = self._ask("again")
        return seconds

    def _ask(self, line: str) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            self._process.wait()
            self._log.seek(0)
            raise SystemExit(self._log.read()[-3000:])
        return json.loads(answer)

    def end(self) -> None:
        """Let the process end."""
        self._process.communicate()


@contextmanager
def trainer(
    way: str, job: Job, steps: int, config: Mapping[str, Any], torch: str | None
) -> Iterator[Trainer]:
    """Start a trainer; `config` is the model as Keras describes it, for PyTorch."""
    name, _, precision = way.partition(" ")
    training = job.training
    if name == "torch":
        assert torch is not None
        command = (torch, str(HERE / "eager.py"))
        request = {
            "data": datasets.ensure(training.dataset),
            "batch_size": training.batch_size,
            "learning_rate": training.learning_rate,
            "steps": steps,
            "validation": VALIDATION,
            "precision": precision or "float32",
            **config,
        }
    else:
        command = (sys.executable, str(HERE / "trainers.py"))
        training = dataclasses.replace(training, precision=_PRECISIONS[precision]) if precision else training
        wanted = dataclasses.asdict(dataclasses.replace(job, training=training))
        request = {"way": name, "job": wanted, "steps": steps, "validation": VALIDATION}
    started = Trainer(command, request)
    try:
        yield started
    finally:
        started.end()


@dataclasses.dataclass(frozen=True)
class Epochs:
    """Seconds an epoch of one model, by way, and what the model is."""

    job: Job
    images: int
    seconds: Mapping[str, float]
    about: Mapping[str, Any]

    @property
    def ratio(self) -> float:
        """How many times faster than the notebook's way."""
        return self.seconds["keras"] / self.seconds["reportgen"]


def ways_of(job: Job, torch: str | None) -> list[str]:
    """Return the ways in which a model is trained; a precision of its own makes more of them."""
    short = job.training.precision == "bfloat16"
    left = set() if short else {"torch bfloat16", "reportgen float32"}
    return [way for way in WAYS if way not in left and (torch or not way.startswith("torch"))]


def measure(job: Job, seconds: float, rounds: int, torch: str | None) -> Epochs:
    """Measure one model in every way, in turn."""
    split = datasets.load(job.training.dataset).split(job.training.validation)
    images, held_out = len(split["train"].labels), len(split["validation"].labels)
    whole = -(-images // job.training.batch_size)
    with trainer("keras", job, 8, {}, None) as first:
        first.round()
        steps = max(4, min(whole, round(8 * seconds / first.round()["train"])))
        about = first.about
    known = {name: about[name] for name in ("config", "trainable")}
    found: dict[str, list[float]] = {}
    with ExitStack() as stack:
        started = {
            way: stack.enter_context(trainer(way, job, steps, known, torch)) for way in ways_of(job, torch)
        }
        for each in started.values():
            each.round()
            each.round()
        for _ in range(rounds):
            for way, each in started.items():
                took = each.round()
                epoch = took["train"] * whole / steps + took["validate"] * held_out / VALIDATION
                found.setdefault(way, []).append(epoch)
    return Epochs(job, images, {way: statistics.median(times) for way, times in found.items()}, about)
