"""How fast models are trained: the notebook's way, PyTorch's, reportgen's, and what the machine could do.

Each model of this report (and the one handed in in 2021) is trained in every way by a process of its own, in
turn: a sample of steps, then a sample of validation, several times. Seconds an epoch are the medians, times
the steps and images of a whole epoch; a whole training is not waited for. Compilation and start-up are left
out of all ways alike. Between the ways stand the same architecture, minibatch, optimizer and data.

    python benchmarks/cold.py --write docs/performance.md       all of it, about ten minutes
    python benchmarks/cold.py --quick --models cnn              does it run?
    python benchmarks/cold.py --accuracy mnist_fc --write …     trained to the end in both ways, three seeds
    python benchmarks/cold.py --memory --write …                one epoch of each, as users train: memory

PyTorch may be installed in another Python (--torch-python others/bin/python); without it its columns are
empty.
"""

import argparse
import dataclasses
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import markdown
import timing
from rounds import HERE, Epochs, Trainer, measure

from reportgen.pipeline.project import open_project
from reportgen.results.distributions import two_sided
from reportgen.training.job import Job

ROOT = HERE.parent
SEED = ROOT / "examples/seed-2021"
SIX = ("mnist_fc", "fc", "cnn", "cnn_dropout", "cnn_batchnorm", "submitted")
TARGETS = {"fc": 2.5, "cnn": 2.5, "cnn_dropout": 2.5, "cnn_batchnorm": 2.5, "submitted": 3.0}
TOGETHER = 3.0


def floor(epochs: Epochs, ceilings: Mapping[str, float]) -> float:
    """Return the seconds an epoch takes at least: the longer of its arithmetic and its memory traffic.

    Arithmetic: a pass forward, one back to the weights, and one back to the inputs, which the first layer
    does without. Memory: weights and momentum are read and written at every step, once if all that needs
    them is done meanwhile; the values of every convolution, pooling and dense layer are written and read
    forward, and again backward.
    """
    precision, products = epochs.job.training.precision, epochs.about["products"]
    steps = -(-epochs.images // epochs.job.training.batch_size)
    width = 2 if precision == "bfloat16" else 4
    passes = 2 * (3 - products["first"] / (products["dense"] + products["convolution"]))
    arithmetic = (
        passes
        * epochs.images
        * sum(
            products[kind] / ceilings[f"{name} {precision}"]
            for kind, name in (("dense", "product"), ("convolution", "convolution"))
        )
    )
    traffic = steps * 4 * 4 * epochs.about["trainable"] + epochs.images * 4 * width * epochs.about["values"]
    return float(max(arithmetic, traffic / ceilings["memory"]))


def table(all_epochs: Sequence[Epochs], ceilings: Mapping[str, float]) -> str:
    """Return the seconds an epoch as Markdown, with the ratios and how near the floor they are."""
    header = (
        "model", "epochs", "`fit`", "PyTorch", "PyTorch bfloat16", "reportgen float32", "reportgen",
        "precision", "ratio", "target", "floor", "floor / reportgen",
    )  # fmt: skip
    rows = []
    for epochs in all_epochs:
        job, seconds = epochs.job, epochs.seconds
        best, wanted = seconds["reportgen"], TARGETS.get(job.builder)
        exact = best if job.training.precision == "float32" else seconds["reportgen float32"]
        least = floor(epochs, ceilings)
        times = (seconds.get("keras"), seconds.get("torch"), seconds.get("torch bfloat16"), exact, best)
        met = "" if wanted is None else f"≥ {wanted:g} {'yes' if epochs.ratio >= wanted else '**no**'}"
        rows.append(
            (
                job.builder,
                str(job.training.epochs),
                *("–" if time is None else f"{time:.1f}" for time in times),
                job.training.precision,
                f"{epochs.ratio:.1f}",
                met,
                f"{least:.1f}",
                f"{least / best:.0%}",
            )
        )
    text = markdown.table(header, rows)
    six = [epochs for epochs in all_epochs if epochs.job.builder in SIX]
    if {epochs.job.builder for epochs in six} == set(SIX):
        sums = [sum(e.job.training.epochs * e.seconds[way] for e in six) for way in ("keras", "reportgen")]
        ratio = sums[0] / sums[1]
        text += (
            f"\nThe six models of 2021 together, all their epochs: {sums[0] / 60:.0f} min with `fit`, "
            f"{sums[1] / 60:.0f} min with reportgen: {ratio:.1f} times as fast "
            f"(target ≥ {TOGETHER:g}: {'yes' if ratio >= TOGETHER else '**no**'}).\n"
        )
    return text


def accuracies(jobs: Sequence[Job], seeds: Sequence[int], at_a_time: int = 1) -> str:
    """Train models to the end in both ways, and return their test accuracies as Markdown."""

    def accuracy(way: str, job: Job) -> float:
        request = {"way": way, "job": dataclasses.asdict(job), "whole": True}
        started = Trainer((sys.executable, str(HERE / "trainers.py")), request)
        started.end()
        return float(started.about["accuracy"])

    ways = ("keras", "reportgen")
    rows, wanted = (
        [],
        [(way, dataclasses.replace(job, seed=seed)) for job in jobs for way in ways for seed in seeds],
    )
    with ThreadPoolExecutor(at_a_time) as pool:
        measured = pool.map(lambda each: accuracy(*each), wanted)
    for job in jobs:
        both = [[next(measured) for _ in seeds] for _ in ways]
        means = [statistics.mean(found) for found in both]
        squares = [statistics.variance(found) / len(seeds) for found in both]
        error = sum(squares) ** 0.5
        freedom = sum(squares) ** 2 / sum(square**2 / (len(seeds) - 1) for square in squares)
        reach = two_sided(0.95, freedom) * error
        difference = means[1] - means[0]
        rows.append(
            (
                job.builder,
                *(", ".join(f"{value:.4f}" for value in found) for found in both),
                f"{difference:+.4f}",
                f"{difference - reach:+.4f} to {difference + reach:+.4f}",
            )
        )
    header = (
        "model",
        "test accuracy, `fit`",
        "test accuracy, reportgen",
        "difference",
        "95 % interval (Welch)",
    )
    return markdown.table(header, rows)


def memory(names: Sequence[str]) -> str:
    """Train one epoch of every model as users do, and return the memory of the largest process."""
    with tempfile.TemporaryDirectory(prefix="reportgen-cold-") as place:
        for name in ("answers", "templates"):
            shutil.copytree(ROOT / name, Path(place, name))
        path = Path(place, "answers/report.toml")
        lines = path.read_text(encoding="utf-8").splitlines()
        seeds = ("seeds = [1]" if line.startswith("seeds = ") else line for line in lines)
        short = ("epochs = 1" if line.startswith("epochs = ") else line for line in seeds)
        path.write_text("\n".join(short), encoding="utf-8")
        command = timing.Command(timing.reportgen("train", *names), Path(place))
        peak = timing.once(command).peak
    return f"Largest process of `reportgen train`: {peak / 1e9:.2f} GB (target ≤ 2.0).\n"


def jobs_of(names: Sequence[str]) -> list[Job]:
    """Return the jobs of the models of that name, the first seed of each."""
    found: dict[str, Job] = {}
    for answers in (ROOT / "answers", SEED):
        project = open_project(ROOT, answers, read_only=True)
        for planned in project.plan(build=False).models:
            found.setdefault(planned.model, project.job(planned))
    unknown = [name for name in names if name not in found]
    if unknown:
        raise SystemExit(f"no model {', '.join(unknown)}; there are {', '.join(found)}")
    return [found[name] for name in names]


def torch_python(chosen: str | None) -> str | None:
    """Return a Python that has PyTorch, or nothing."""
    for python in [chosen] if chosen else [sys.executable]:
        done = subprocess.run((python, "-c", "import torch, numpy"), capture_output=True, check=False)
        if done.returncode == 0:
            return python
    print("PyTorch is not installed (see --torch-python): its columns are empty\n")
    return None


def main() -> None:
    parser = markdown.parser(__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--models", nargs="+", metavar="MODEL", help=f"[default: {' '.join(SIX)}]")
    parser.add_argument("--seconds", type=float, default=4.0, help="of `fit` a round  [default: 4]")
    parser.add_argument("--rounds", type=int, default=3, help="[default: 3]")
    parser.add_argument("--torch-python", metavar="PYTHON", help="a Python that has PyTorch")
    parser.add_argument("--quick", action="store_true", help="half a second a round, one round")
    parser.add_argument("--accuracy", nargs="+", metavar="MODEL", help="train these to the end in both ways")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3], help="for --accuracy")
    parser.add_argument("--memory", action="store_true", help="measure the memory of a cold training")
    chosen = parser.parse_args()
    busy = timing.busy()
    if chosen.memory:
        markdown.publish(memory(chosen.models or ()) + busy, "cold-memory", chosen.write)
        return
    if chosen.accuracy:
        text = accuracies(jobs_of(chosen.accuracy), chosen.seeds)
        markdown.publish(
            f"{text}\nSeeds {', '.join(map(str, chosen.seeds))}.\n", "cold-accuracy", chosen.write
        )
        return
    torch = torch_python(chosen.torch_python)
    seconds, rounds = (0.5, 1) if chosen.quick else (chosen.seconds, chosen.rounds)
    done = subprocess.run(
        (sys.executable, str(HERE / "ceilings.py")), capture_output=True, text=True, check=True
    )
    ceilings = json.loads(done.stdout)
    measured = []
    for job in jobs_of(chosen.models or SIX):
        measured.append(measure(job, seconds, rounds, torch))
        print(f"{job.builder}: {measured[-1].seconds}", file=sys.stderr)
    rates = ", ".join(
        f"{name} {rate / 1e9:.0f} GFLOP/s" for name, rate in ceilings.items() if name != "memory"
    )
    text = "\n".join(
        [
            table(measured, ceilings),
            f"Seconds an epoch, validation included; rounds of about {seconds:g} s of `fit`, the ways in "
            f"turn; median of {rounds}. {busy}",
            f"Ceilings, measured in the same run: {rates}; memory {ceilings['memory'] / 1e9:.0f} GB/s, read "
            f"and written.\n",
            timing.machine(),
        ]
    )
    markdown.publish(text, "cold", chosen.write)


if __name__ == "__main__":
    main()
