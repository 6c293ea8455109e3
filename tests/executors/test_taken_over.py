"""A real training that loses its machine ends elsewhere with the weights of one that nothing disturbs.

The same is tried on a real Ray by `tests/cluster`, where that can be.
"""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen.executors import train
from reportgen.executors.engine import Engine
from reportgen.executors.process import MODULE
from reportgen.pipeline.project import open_project
from reportgen.store import Store
from reportgen.training import codec
from reportgen.training.job import Job
from tests.cluster import test_ray
from tests.executors.engines import importable
from tests.projects import write_project

pytestmark = pytest.mark.skipif(not test_ray.missing, reason="tried by tests/cluster/test_ray.py")


def test_the_weights_are_those_of_an_undisturbed_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "lab"
    folder.mkdir()
    write_project(folder)
    toml = folder / "answers/report.toml"
    toml.write_text(toml.read_text().replace("epochs = 2", "epochs = 6"))
    monkeypatch.chdir(folder)
    project = open_project(folder)
    planned = next(each for each in project.plan(build=False).models if each.name == "small")
    job = replace(project.job(planned), threads=1)
    alone, _ = trained(job, tmp_path / "alone", lose=False)
    taken_over, events = trained(job, tmp_path / "lost", lose=True)
    (lost,) = [place for place, event in enumerate(events) if "it is started again" in event.get("note", "")]
    went_on = next(event for event in events[lost:] if event.get("resumed"))
    place = went_on["epoch"]
    assert 2 <= place <= 4  # not every epoch's checkpoint is shared, where epochs are short
    assert taken_over.read(codec.WEIGHTS) == alone.read(codec.WEIGHTS)
    record = codec.read(taken_over.read)
    assert [each.partition(":")[0] for each in record.environment.sittings] == [
        f"epochs 1 to {place - 1}" if place > 2 else "epoch 1",
        f"epochs {place} to 6",
    ]


def trained(job: Job, folder: Path, *, lose: bool) -> tuple[Any, list[dict[str, Any]]]:
    """Return the result of a training, and its events; its first machine may be switched off in epoch 4."""
    share = (folder / "share").as_uri()
    store = Store.open(folder / "laptop", share, required=True)
    events: list[dict[str, Any]] = []

    def observe(_: Job, event: Any) -> None:
        events.append(dict(event))
        if event.get("epoch") == 4 and machines:
            time.sleep(0.5)  # for the checkpoint of epoch 3 to be shared
            switch_off(machines.pop())

    with importable():
        options = {"store": share, "module": "tests.executors.pausing_worker" if lose else MODULE}
        engine = Engine("the made-up engine", "tests.executors.fake_engine", options, lambda _: None)
        machines = [engine] * lose
        try:
            train([job], store, observe, executor=engine)
        finally:
            engine.close()
    return store.get(job.key), events


def switch_off(engine: Engine) -> None:
    """Kill what runs on the machine that trains, all at once."""
    client = engine._client
    assert client is not None
    for task in Path(f"/proc/{client.pid}/task").iterdir():
        for machine in map(int, (task / "children").read_text().split()):
            os.killpg(machine, signal.SIGKILL)
