"""The training process: one JSON request on stdin, JSON events on stdout, one a line.

::

    {"task": "train", "job": {...}, "folder": checkpoints, "out": an empty folder, "slot": 0}
        {"event": "progress", ...}, then {"event": "done", "files": names in out}
    {"task": "evaluate", "job": {...}, "weights": a safetensors file, "out": an empty folder}
        likewise; the file holds further metrics of a trained model
    {"task": "export", "job": {...}, "weights": likewise, "expected": of the test, "out": an empty folder}
        likewise; the file is a model of Keras's
    {"task": "augment", "job": {...}, "images": 3, "versions": 6, "out": an empty folder}
        likewise, with "labels"; the file holds images and what augmentation makes of them
    {"task": "identify", "jobs": [{...}, ...], "rehearse": indices of jobs}
        {"event": "identity", "index": 0, "config": "...", "digest": "...", "reads": {...}} or
        {"event": "refused", "index": 0, "kind": ..., "problems": [...]}, then {"event": "done"}
    {"task": "data", "sources": {...}, "dataset_file": {...}, "out": an empty folder}
        {"event": "done", "files": names in out, "reads": {...}}; the files are the arrays of a data set
    {"event": "error", "kind": training | input | data | diverged, "problems": [...]}, exit status 1

A signal ends it at once, and so does the end of the process that listens: the last epoch's checkpoint is
whole whenever that happens.
"""

import json
import os
import platform
import select
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from reportgen.errors import DataError, Problem, ReportgenError, shown
from reportgen.training.as_planned import check_versions
from reportgen.training.codec import METRICS, MODEL, WEIGHTS, files_of, metrics_file
from reportgen.training.devices import claim
from reportgen.training.fork import apart, described, end_with_parent
from reportgen.training.job import AUGMENTED, Job, dataset_file
from reportgen.training.json_events import Say, claim_stdout, speaker


def main() -> int:
    """Serve one request and return the exit status: 0 done, 1 an error was said."""
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.SIG_DFL)
    end_with_parent()
    protocol = claim_stdout()
    threading.Thread(target=_end_unheard, args=[protocol.fileno()], daemon=True).start()
    say = speaker(protocol)
    try:
        request = json.load(sys.stdin)
        claim(request.get("slot", 0))
        tasks = {
            "train": _train,
            "evaluate": _evaluate,
            "augment": _augment,
            "export": _export,
            "identify": _identify,
            "data": _data,
        }
        tasks[request["task"]](request, say)
    except (Exception, SystemExit) as error:
        _say_error(say, error)
        return 1
    return 0


def _train(request: Mapping[str, Any], say: Say) -> None:
    job, out, folder = (
        Job.from_json(request["job"]),
        *(Path(request[key]).resolve() for key in ("out", "folder")),
    )
    check_versions(job)
    dataset = _dataset(job, say)
    say(event="progress", phase="building", epoch=0, epochs=job.training.epochs, step=0, steps=0)
    from reportgen.training import checkpoint
    from reportgen.training.fast import arrange
    from reportgen.training.probe import suggest
    from reportgen.training.train import train

    suggested = suggest(job, dataset)  # before TensorFlow starts its threads
    sharing = arrange(suggested, job.threads or checkpoint.threads(folder))
    done = train(job, dataset, folder, lambda progress: say(event="progress", **progress.to_json()), sharing)
    files = files_of(done.record) | ({WEIGHTS: done.weights} if done.weights else {})
    for name, content in files.items():
        (out / name).write_bytes(content)
    say(event="done", files=sorted(files))


def _evaluate(request: Mapping[str, Any], say: Say) -> None:
    job, out = Job.from_json(request["job"]), Path(request["out"]).resolve()
    check_versions(job)
    weights = Path(request["weights"]).read_bytes()
    dataset = _dataset(job, say)
    from reportgen.training.identify import evaluate

    (out / METRICS).write_bytes(metrics_file(evaluate(job, dataset, weights)))
    say(event="done", files=[METRICS])


def _export(request: Mapping[str, Any], say: Say) -> None:
    job, out = Job.from_json(request["job"]), Path(request["out"]).resolve()
    weights = Path(request["weights"]).read_bytes()
    dataset = _dataset(job, say)
    from reportgen.training.export import export

    export(job, dataset, weights, request["expected"], out / MODEL)
    say(event="done", files=[MODEL])


def _augment(request: Mapping[str, Any], say: Say) -> None:
    job, out = Job.from_json(request["job"]), Path(request["out"]).resolve()
    dataset = _dataset(job, say)
    import numpy as np

    from reportgen.training.augmented import augmented

    sheet, labels = augmented(job, dataset, request["images"], request["versions"])
    np.save(out / AUGMENTED, sheet, allow_pickle=False)
    say(event="done", files=[AUGMENTED], labels=labels.tolist())


def _identify(request: Mapping[str, Any], say: Say) -> None:
    """Build each model in a process of its own, so that none finds what another one has left."""
    from reportgen.training.identify import identify

    last: tuple[str, Any] = ("", None)
    for index, values in enumerate(request["jobs"]):
        job = Job.from_json(values)
        if job.training.dataset != last[0]:
            last = (job.training.dataset, _dataset(job, say))
        dataset = last[1]

        def built(job: Job = job, dataset: Any = dataset, index: int = index) -> dict[str, Any]:
            return asdict(identify(job, dataset, index in request.get("rehearse", ())))

        try:
            say(event="identity", index=index, **apart(built, f"building {job.model}"))
        except ReportgenError as error:
            told = described(error, "building")
            say(event="refused", index=index, kind=told["error"], problems=told["problems"])
    say(event="done")


def _data(request: Mapping[str, Any], say: Say) -> None:
    from reportgen.training.authored import compute

    out = Path(request["out"]).resolve()
    reads = compute(request["sources"], dataset_file(request["dataset_file"]), out)
    say(event="done", files=sorted(path.name for path in out.iterdir()), reads=reads)


def _dataset(job: Job, say: Say) -> Any:
    from reportgen.datasets import load

    epochs = job.training.epochs
    say(event="progress", phase="loading data", epoch=0, epochs=epochs, step=0, steps=0)
    own = {job.dataset_file.name: job.dataset_file} if job.dataset_file else {}
    if job.dataset_file and job.dataset_file.stored and not job.dataset_file.path.exists():
        message = f"the file of data set {job.dataset_file.name} is not on {platform.node()}"
        remedy = f"copy it there: {job.model} is trained on it"
        raise DataError(Problem(shown(job.dataset_file.path), 0, message, remedy))
    if job.dataset_file and job.dataset_file.function:
        from reportgen.training.authored import of_job

        found = of_job(job, job.dataset_file)
    else:
        found = load(job.training.dataset, own=own)
    planned = job.projection.get("data")
    if isinstance(planned, Mapping) and planned["fingerprint"] != found.fingerprint:
        path = shown(job.dataset_file.path) if job.dataset_file else ""
        message = f"data set {found.name} is no longer the one that {job.model} was to be trained on"
        remedy = "it was changed in the meantime: run it again"
        if job.dataset_file and job.dataset_file.function:
            remedy = f"{job.dataset_file.function}() returns something else each time: seed what it draws"
        raise DataError(Problem(path, 0, message, remedy))
    return found


def _end_unheard(descriptor: int) -> None:
    """End this process once nobody can read from the descriptor any more: who asked for this is gone."""
    poll = select.poll()
    poll.register(descriptor, 0)  # no event but the loss of the reader
    poll.poll()
    os.kill(os.getpid(), signal.SIGKILL)


def _say_error(say: Say, error: BaseException) -> None:
    told = described(error, "training")
    say(event="error", kind=told["error"], problems=told["problems"])


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    # Threads and children that models.py has left behind are not waited for.
    os._exit(status)
