import contextlib
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.errors import (
    DataError,
    DivergedError,
    InputError,
    Place,
    RenderError,
    ReportgenError,
    StoreError,
    TrainingError,
)
from reportgen.plan.model_plan import TRAINER
from reportgen.plan.versions import installed
from reportgen.report.dataset_file import DatasetFile
from reportgen.training import files_of, read
from reportgen.training.fork import described
from reportgen.training.job import Job
from tests.training.jobs import MODELS, job


def ask(request: dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "reportgen.training.worker"],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        process.communicate(json.dumps(request).encode(), timeout=300)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what models.py has left running
        out.seek(0)
        return process.returncode, [json.loads(line) for line in out.read().splitlines()]


def on_disk(wanted: Job, more: str = "") -> dict[str, Any]:
    """Return a job for the built-in digits as JSON; its code prints, which must not disturb."""
    text = "print('hello from models.py')\n" + MODELS + more
    training = replace(wanted.training, validation=None)
    values: dict[str, Any] = asdict(replace(wanted, training=training, sources={"models.py": text}))
    return {**json.loads(json.dumps(values, default=str)), "unknown": 1}


def test_a_job_trained_by_the_worker_is_a_record_on_disk(tmp_path: Path) -> None:
    folder, out = tmp_path / "partial", tmp_path / "out"
    folder.mkdir()
    out.mkdir()
    request = {"task": "train", "job": on_disk(job()), "folder": str(folder), "out": str(out)}
    status, events = ask(request)
    assert status == 0, events
    assert events[-1] == {"event": "done", "files": sorted(path.name for path in out.iterdir())}
    told = [event for event in events if event["event"] == "progress"]
    assert {"loading data", "building", "training", "evaluating"} == {event["phase"] for event in told}
    assert any(event["step"] == event["steps"] and event["epoch"] == 2 for event in told)
    record = read(lambda name: (out / name).read_bytes())
    assert record.key == job().key
    assert len(record.evaluations["test"].labels) == 360
    assert files_of(record)["record.json"] == (out / "record.json").read_bytes()


def test_with_as_many_threads_the_number_of_cores_changes_no_bit(tmp_path: Path) -> None:
    """Keras's own step adds up in an order that the number of threads decides, and the record says which."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        pytest.skip("NOT TESTED: there is one core only")
    wanted = replace(job("everything"), threads=3)
    wanted = replace(wanted, training=replace(wanted.training, fast=False))
    found = []
    for used in (cores[:1], cores):
        out = tmp_path / str(len(used))
        out.mkdir()
        os.sched_setaffinity(0, used)
        try:
            status, events = ask(
                {"task": "train", "job": on_disk(wanted), "folder": str(out), "out": str(out)}
            )
        finally:
            os.sched_setaffinity(0, cores)
        assert status == 0, events
        record = read(lambda name, out=out: (out / name).read_bytes())  # type: ignore[misc]
        assert record.environment.cores == 3
        (sitting,) = record.environment.sittings
        assert sitting.startswith("epochs 1 to 2: ")
        assert sitting.endswith(f"3 threads on {len(used)} cores")
        found.append((out / "weights.safetensors").read_bytes())
    assert found[0] == found[1]


@pytest.mark.parametrize("task", ["train", "evaluate"])
@pytest.mark.parametrize(
    ("planned", "told"),
    [
        ({"versions": {"tensorflow": "1.0.0"}}, "planned for tensorflow 1.0.0, but HOST has VERSION"),
        ({"versions": {"tensorflow": ""}}, "planned for tensorflow (not installed), but HOST has VERSION"),
        ({"trainer": TRAINER - 1}, f"planned for the training loop {TRAINER - 1}, but HOST has {TRAINER}"),
    ],
)
def test_a_job_planned_for_other_versions_is_refused(
    tmp_path: Path, task: str, planned: dict[str, Any], told: str
) -> None:
    """Its result would be stored under a key that says what is not true."""
    told = told.replace("HOST", platform.node()).replace("VERSION", installed("tensorflow"))
    wanted = on_disk(replace(job(), projection={**job().projection, **planned}))
    folder = str(tmp_path)
    status, events = ask({"task": task, "job": wanted, "folder": folder, "out": folder, "weights": ""})
    assert status == 1
    assert events[-1]["kind"] == "training"
    assert told in events[-1]["problems"][0]["message"]
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_not_on_this_machine_is_named_with_the_machine(tmp_path: Path) -> None:
    """The job was planned on another machine, which has it."""
    gone = str(tmp_path / "gone")
    for wanted, told in (
        (replace(job(), reads={"file table.csv": "a" * 64}), "the file table.csv, which models.py read when"),
        (
            replace(
                job(),
                training=replace(job().training, dataset="shapes"),
                dataset_file=DatasetFile(
                    "shapes", "Shapes", Path(gone, "shapes.npz"), ("a", "b"), 1, Place(Path(gone), 1)
                ),
            ),
            "the file of data set shapes is not on",
        ),
    ):
        folder = str(tmp_path)
        values = on_disk(wanted) | {"models_path": f"{gone}/answers/models.py"}
        status, events = ask({"task": "train", "job": values, "folder": folder, "out": folder})
        (problem,) = events[-1]["problems"]
        assert (status, events[-1]["kind"]) == (1, "data")
        assert told in problem["message"]
        assert problem["message"].endswith(f"is not on {platform.node()}")


def test_models_are_identified_in_the_order_asked() -> None:
    status, events = ask({"task": "identify", "jobs": [on_disk(job("dense")), on_disk(job("everything"))]})
    found = [event for event in events if event["event"] == "identity"]
    assert (status, [event["index"] for event in found]) == (0, [0, 1])
    assert found[0]["digest"] != found[1]["digest"]
    assert events[-1] == {"event": "done"}


def test_a_sheet_of_augmented_images_is_a_file(tmp_path: Path) -> None:
    wanted = on_disk(replace(job(), training=replace(job().training, augmentation="augment")))
    request = {"task": "augment", "job": wanted, "images": 2, "versions": 3, "out": str(tmp_path)}
    status, events = ask(request)
    assert status == 0, events
    assert events[-1] == {"event": "done", "files": ["augmented.npy"], "labels": [0, 1]}
    assert np.load(tmp_path / "augmented.npy").shape == (2, 4, 8, 8, 1)


LEAVING = """
import os, sys, threading, time


def leaves(input_shape, classes):
    os._exit(0)


def exits(input_shape, classes):
    sys.exit()


def strays(input_shape, classes):
    import keras
    os.chdir("/")
    keras.config.set_floatx("float16")
    keras.config.set_dtype_policy("mixed_float16")
    threading.Thread(target=time.sleep, args=[600]).start()
    if os.fork() == 0:
        time.sleep(600)
        os._exit(0)
    return dense(input_shape, classes)
"""


def test_one_model_does_not_disturb_another() -> None:
    names = ["dense", "leaves", "exits", "strays", "dense"]
    status, events = ask({"task": "identify", "jobs": [on_disk(job(name), LEAVING) for name in names]})
    found = {event["index"]: event for event in events if "index" in event}
    assert status == 0
    assert found[0]["digest"] == found[4]["digest"]
    assert "os._exit()" in found[1]["problems"][0]["remedy"]
    assert "exits() raised SystemExit" in found[2]["problems"][0]["message"]
    assert found[3]["event"] == "identity"
    assert "float16" not in found[4]["config"]


def test_what_goes_wrong_is_said_with_its_kind(tmp_path: Path) -> None:
    wanted = on_disk(job("everything", learning_rate=1e30))
    status, events = ask({"task": "train", "job": wanted, "folder": str(tmp_path), "out": str(tmp_path)})
    assert (status, events[-1]["event"], events[-1]["kind"]) == (1, "error", "diverged")
    assert set(events[-1]["problems"][0]) == {"path", "line", "message", "remedy"}


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (DivergedError("x"), "diverged"),
        (TrainingError("x"), "training"),
        (InputError("x"), "input"),
        (DataError("x"), "data"),
        (StoreError("x"), "store"),
        (RenderError("x"), "training"),
    ],
)
def test_kinds_of_errors(error: ReportgenError, kind: str) -> None:
    assert described(error, "training")["error"] == kind
