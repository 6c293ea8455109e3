"""What each kernel of the fast path is worth: trainings with it and without, steps in turn.

A kernel stays where it makes a whole training at least 1.15 times as fast, on a model of this report or on
another. Steps are those of cold.py; validation and start-up are the same in all ways and are left out.

    python benchmarks/kernels.py --write docs/performance.md      about eight minutes
"""

import dataclasses
import statistics
import sys
from typing import Any

import markdown
import timing
from cold import jobs_of
from rounds import HERE, VALIDATION, Trainer

from reportgen.training.job import Job

KERNELS = ("parts", "batchnorm", "dense", "dropout", "sgd")
MODELS = ("mnist_fc", "fc", "cnn", "cnn_dropout", "cnn_batchnorm", "own")
STEPS = {"own": 12, "submitted": 12, "corrected": 12}


def main() -> None:
    parser = markdown.parser(__doc__)
    parser.add_argument("--models", nargs="+", default=MODELS, metavar="MODEL")
    parser.add_argument("--rounds", type=int, default=3, help="[default: 3]")
    chosen = parser.parse_args()
    busy = timing.busy()
    rows = []
    for job in jobs_of(chosen.models):
        plain = dataclasses.replace(job, training=dataclasses.replace(job.training, fast=False))
        ways: dict[str, tuple[Job, tuple[str, ...]]] = {"all": (job, ()), "none": (plain, ())}
        ways |= {name: (job, (name,)) for name in KERNELS}
        trainers = {}
        for name, (wanted, without) in ways.items():
            request: dict[str, Any] = {"way": "reportgen", "job": dataclasses.asdict(wanted)}
            request["without"] = without
            request |= {"steps": STEPS.get(job.model, 120), "validation": VALIDATION}
            trainers[name] = Trainer((sys.executable, str(HERE / "trainers.py")), request)
        for each in trainers.values():
            each.round()
        seconds = {name: list[float]() for name in ways}
        for _ in range(chosen.rounds):
            for name, each in trainers.items():
                seconds[name].append(each.round()["train"])
        for each in trainers.values():
            each.end()
        median = {name: statistics.median(found) for name, found in seconds.items()}
        ratios = [f"{median[name] / median['all']:.2f}" for name in ("none", *KERNELS)]
        rows.append((job.model, *ratios))
        print(*rows[-1], flush=True)
    header = ("without", "all of it", *KERNELS)
    text = "Times as long as with the whole fast path, when one kernel is left out:\n\n"
    markdown.publish(
        f"{text}{markdown.table(header, rows)}\n{timing.machine()}\n{busy}", "kernels", chosen.write
    )


if __name__ == "__main__":
    main()
