"""Train on several machines from one of them, with a worker that trains nothing, but for the model "really".

``python -m tests.cluster.scenario EXECUTOR SHARE MODEL...`` prints what is heard and how it ends.
"""

import signal
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from reportgen.errors import ReportgenError
from reportgen.executors import names, train
from reportgen.executors.names import named
from reportgen.plan.model_plan import TRAINER
from reportgen.store import Store
from reportgen.training import codec
from reportgen.training.job import Job
from tests.executors.engines import FAKE
from tests.executors.test_local import job


def key_of(model: str) -> str:
    return sha256(model.encode()).hexdigest()


def real() -> Job:
    """Return the training of a small network with dropout, on one thread."""
    from tests.training import jobs

    wanted = jobs.job("everything", epochs=6)
    return replace(wanted, model="really", key=key_of("really"), threads=1)


def undisturbed(folder: Path) -> bytes:
    """Train it here, and return its weights."""
    store = Store.open(folder)
    train([real()], store, lambda *_: None)
    found = store.get(key_of("really"))
    assert found is not None
    return found.read(codec.WEIGHTS)


def main() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background jobs ignore
    quick = replace(names.KINDS["slurm"], module="tests.executors.quick_slurm")
    names.KINDS["slurm"] = quick  # type: ignore[index]
    name, share, *models = sys.argv[1:]
    jobs = [real() if model == "really" else replace(job(model), key=key_of(model)) for model in models]
    jobs = [
        replace(each, projection={"trainer": TRAINER + 1}) if each.model == "other versions" else each
        for each in jobs
    ]
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder, "store"), share, required=True)
        executor = named(name, share, Path(unquote(urlsplit(share).path)).parent, FAKE)
        try:
            train(jobs, store, heard, executor=executor)
            print("everything is trained", flush=True)
        except ReportgenError as error:
            print(f"{type(error).__name__}: {error}", flush=True)
        finally:
            executor.close()


def heard(job: Job, event: Mapping[str, Any]) -> None:
    resumed = " (resumed)" if event.get("resumed") else ""
    print(
        f"{job.model} on {event.get('machine')}: epoch {event.get('epoch')}{resumed} {event.get('note', '')}"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
