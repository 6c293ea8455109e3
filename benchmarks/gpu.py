"""What must hold on a GPU, and how fast it is beside Keras's `fit` there; for a GPU that is lent for minutes.

It needs TensorFlow with CUDA (pip install 'tensorflow[and-cuda]') and the data sets (`reportgen data cifar10
mnist`, or REPORTGEN_DATA with those of another machine); everything else is in this folder.

    python benchmarks/gpu.py                 checks, then seconds an epoch of the six models: five minutes
    python benchmarks/gpu.py --accuracy      the six trained to the end in both ways, eight at a time: six
    python benchmarks/gpu.py --quick --cpu   does it run? on any machine: two
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import markdown
import timing
from cold import SIX, accuracies, jobs_of
from rounds import measure

from reportgen.pipeline.project import open_project
from reportgen.training import codec
from tests.projects import MODELS, REPORT, write_project

# Of every process: Keras's own would otherwise take the whole card, beside which nothing can be measured.
os.environ["TF_FORCE_GPU_ALLOW_GROWTH"] = "true"
NEAREST = 'layers.Conv2D(4, 3), layers.Resizing(12, 12, interpolation="nearest"), layers.Flatten(),'
RESIZED = MODELS.replace("layers.Flatten(),", NEAREST, 1)
HALF = MODELS.replace(
    '"""Two models."""', 'import keras\nkeras.config.set_dtype_policy("mixed_float16")'
).replace('activation="softmax"', 'activation="softmax", dtype="float32"')
TEXTS = {"float32": MODELS, "mixed_float16": HALF}


def cards() -> list[str]:
    """Return the names of the GPUs that TensorFlow sees, as a process of its own says them."""
    code = (
        "import json, tensorflow as tf; c = tf.config; print(json.dumps([c.experimental.get_device_details(x)"
        ".get('device_name', 'GPU') for x in c.list_physical_devices('GPU')]))"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout))


def trained(models: str, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Train the two models of a small report."""
    folder.mkdir()
    write_project(folder, models__py=models, report__toml=REPORT)
    command = timing.reportgen("train", *arguments)
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def results(folder: Path) -> dict[str, tuple[bytes, str, float]]:
    """Return weights, device and test accuracy of each model."""
    project, found = open_project(folder), {}
    for planned in project.plan(build=False).models:
        stored = project.store.get(str(planned.key))
        if stored is not None:
            record = codec.read(stored.read)
            weights = stored.read(codec.WEIGHTS)
            found[planned.name] = weights, record.environment.device, record.evaluations["test"].accuracy
    return found


def checks(place: Path) -> str:
    """Train small models and return what was seen, as Markdown."""
    rows = []
    for name, models in TEXTS.items():
        both = []
        for time in ("once", "again"):
            folder = place / f"{name}-{time}"
            done = trained(models, folder, "--jobs", "2")
            both.append(results(folder))
            if done.returncode:
                rows.append((f"{name}: `train --jobs 2`", done.stderr.strip().splitlines()[-1]))
        devices = ", ".join(sorted({device for _, device, _ in both[0].values()}))
        told = ", ".join(f"{accuracy:.3f}" for *_, accuracy in both[0].values())
        rows.append((f"{name}: two at a time, device in the record; test accuracies", f"{devices}; {told}"))
        rows.append((f"{name}: the same bits again", "yes" if both[0] and both[0] == both[1] else "**no**"))
    done = trained(RESIZED, place / "resized", "small")
    said = (done.stderr.strip().splitlines() or ["it trains"])[-1]
    rows.append(
        ("a layer without a deterministic gradient on a GPU", said if done.returncode else "it trains")
    )
    hidden = subprocess.run(
        timing.reportgen("train", "linear"),
        cwd=place / "resized",
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1"},
        capture_output=True,
        check=False,
    )
    devices = ", ".join(device for _, device, _ in results(place / "resized").values())
    rows.append(
        ("`CUDA_VISIBLE_DEVICES=-1`, device in the record", devices if not hidden.returncode else "**no**")
    )
    return markdown.table(("check", "seen"), rows)


def speed(names: list[str], seconds: float, rounds: int) -> str:
    """Return seconds an epoch in each way, as Markdown."""
    rows = []
    for job in jobs_of(names):
        epochs = measure(job, seconds, rounds, None)
        exact = epochs.seconds.get("reportgen float32", epochs.seconds["reportgen"])
        times = (epochs.seconds["keras"], exact, epochs.seconds["reportgen"])
        each = [f"{time:.2f}" for time in times]
        rows.append((job.builder, *each, job.training.precision, f"{epochs.ratio:.2f}"))
        print(rows[-1], file=sys.stderr)
    header = ("model", "`fit`, s an epoch", "reportgen float32", "reportgen", "precision", "ratio")
    return markdown.table(header, rows)


def main() -> None:
    parser = markdown.parser(__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--models", nargs="+", default=list(SIX), help=f"[default: {' '.join(SIX)}]")
    parser.add_argument("--accuracy", action="store_true", help="train them to the end in both ways")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2], help="for --accuracy")
    parser.add_argument("--at-a-time", type=int, default=8, help="trainings for --accuracy  [default: 8]")
    parser.add_argument("--quick", action="store_true", help="one short round of one model")
    parser.add_argument("--cpu", action="store_true", help="go on where there is no GPU")
    chosen = parser.parse_args()
    found = cards()
    if not found and not chosen.cpu:
        sys.exit("TensorFlow sees no GPU here")
    about = f"{', '.join(found) or 'no GPU'}; {timing.machine()}"
    names = chosen.models[:1] if chosen.quick else chosen.models
    if chosen.accuracy:
        markdown.publish(
            f"{accuracies(jobs_of(names), chosen.seeds, chosen.at_a_time)}\n{about}", "gpu", chosen.write
        )
        return
    with tempfile.TemporaryDirectory(prefix="reportgen-gpu-") as place:
        seen = checks(Path(place))
    print(seen, flush=True)
    seconds, rounds = (0.3, 1) if chosen.quick else (2.0, 2)
    markdown.publish(f"{seen}\n{speed(names, seconds, rounds)}\n{about}", "gpu", chosen.write)


if __name__ == "__main__":
    main()
