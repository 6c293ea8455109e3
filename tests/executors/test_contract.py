"""What every executor promises, tried on each of them."""

import json
import os
import platform
import re
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from reportgen.errors import DataError, InputError, TrainingError
from reportgen.executors import train
from reportgen.executors.interface import Executor, Outcome, Task
from reportgen.executors.request import Request, carried
from reportgen.executors.run import RETRIES, run
from reportgen.files import digest
from reportgen.plan.model_plan import TRAINER
from reportgen.report.types import Needs
from reportgen.store import Store
from reportgen.training.job import Job
from tests.executors.engines import ENGINES
from tests.executors.test_local import job


@dataclass(frozen=True)
class Lab:
    """An executor, the store of the planner and the shared one, and what was heard."""

    executor: Executor
    store: Store
    share: Path
    project: Path
    heard: list[tuple[str, dict[str, Any]]]

    def job(self, model: str, key: str = "a", **values: Any) -> Job:
        return replace(job(model, key), models_path=str(self.project / "answers/models.py"), **values)

    def train(self, *jobs: Job) -> None:
        def observe(job: Job, event: Any) -> None:
            self.heard.append((job.model, dict(event)))

        train(jobs, self.store, observe, executor=self.executor)

    def outcomes(self, *jobs: Job) -> list[Outcome]:
        return list(run(self.executor, [*map(asked, jobs)], lambda *_: None))

    def elsewhere(self) -> Store:
        return Store.open(self.project / "elsewhere", self.share.as_uri(), required=True)


def asked(job: Job) -> Task:
    return Task(job.key, job.model, Request("train", carried([job]), job.key).to_bytes())


@pytest.fixture(params=ENGINES)
def lab(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    share, project = tmp_path / "share", tmp_path / "project"
    (project / "answers").mkdir(parents=True)
    (project / "answers/models.py").write_text("")
    store = Store.open(tmp_path / "laptop", share.as_uri(), required=True, tell=lambda _: None)
    store.reach()
    with ENGINES[request.param](store, project) as executor:
        yield Lab(executor, store, share, project, [])


def test_a_result_is_published_where_all_machines_find_it(lab: Lab) -> None:
    lab.train(lab.job("fine"), lab.job("other", "b"))
    for key in ("a" * 64, "b" * 64):
        for store in (lab.store, lab.elsewhere()):
            found = store.get(key)
            assert found is not None
            assert json.loads(found.read("record.json")) == key
    assert {model for model, event in lab.heard if event["accuracy"] == 0.5} == {"fine", "other"}
    assert not any((lab.share / "partial").rglob("*.safetensors")), "a checkpoint was left behind"


def test_an_outcome_names_its_machine(lab: Lab) -> None:
    (found,) = lab.outcomes(lab.job("fine"))
    assert (found.kind, found.attempts) == ("published", 1)
    assert found.machine == platform.node()


def test_a_result_that_is_there_is_not_made_again(lab: Lab) -> None:
    lab.elsewhere().publish("a" * 64, {"record.json": b"another machine's"})
    lab.train(lab.job("fine"))
    assert not lab.heard
    assert lab.store.get("a" * 64).read("record.json") == b"another machine's"  # type: ignore[union-attr]


def test_what_fails_is_not_retried_and_keeps_nothing_back(lab: Lab) -> None:
    with pytest.raises(InputError, match="boom") as caught:
        lab.train(lab.job("fails"), lab.job("fine", "b"))
    (problem,) = caught.value.problems
    assert (Path(problem.path).name, problem.line, problem.remedy) == ("models.py", 3, "mend it")
    assert lab.store.get("b" * 64) is not None
    assert len([model for model, _ in lab.heard if model == "fails"]) == 1


def test_what_diverges_is_known_to_all_machines(lab: Lab) -> None:
    with pytest.raises(TrainingError, match="NaN"):
        lab.train(lab.job("diverges"))
    assert lab.elsewhere().noted("diverged", "a" * 64, shared=True)


def test_a_machine_with_other_versions_is_refused(lab: Lab) -> None:
    with pytest.raises(TrainingError, match=f"loop {TRAINER + 1}, but {platform.node()} has {TRAINER}"):
        lab.train(lab.job("fine", projection={"trainer": TRAINER + 1}))
    assert not lab.heard, "a worker was started"


def test_a_store_that_can_not_be_reached_is_no_success(lab: Lab) -> None:
    shutil.rmtree(lab.share)
    lab.share.write_text("a file is in the way")
    (found,) = lab.outcomes(lab.job("fine"))
    assert (found.kind, found.error, found.machine) == ("failed", "store", platform.node())
    assert "can't be used" in found.problems[0].message


def test_a_share_that_is_not_mounted_on_a_machine_is_no_empty_store(lab: Lab) -> None:
    needs_machines(lab)
    shutil.rmtree(lab.share)
    (found,) = lab.outcomes(lab.job("fine"))
    assert (found.kind, found.error, found.machine) == ("failed", "store", platform.node())
    assert "is it mounted on this machine?" in str(found.problems[0])
    assert not lab.heard, "a worker was started"


def test_a_share_that_goes_away_in_a_training_is_waited_for(lab: Lab) -> None:
    """What would be written to the disk below its mount point is not taken for published."""
    needs_machines(lab)

    def observe(_: Job, event: Any) -> None:
        lab.heard.append(("unmounts", dict(event)))
        if event["phase"] == "waiting for the store":
            assert not lab.share.exists()
            lab.share.with_name("away").rename(lab.share)

    train(
        [lab.job("unmounts", projection={"share": str(lab.share)})], lab.store, observe, executor=lab.executor
    )
    assert lab.elsewhere().get("a" * 64) is not None
    (note,) = [event["note"] for _, event in lab.heard if event.get("note")]
    assert re.search(r"is not here.*the training is finished, and its result is kept in .*waiting", note)


def test_a_full_disk_fails_with_the_name_of_its_machine(lab: Lab) -> None:
    needs_machines(lab)
    with pytest.raises(TrainingError, match="No space left on device") as caught:
        lab.train(lab.job("fills"), lab.job("fine", "b"))
    assert platform.node() in str(caught.value)
    assert lab.store.get("b" * 64) is not None
    assert len([model for model, _ in lab.heard if model == "fills"]) == 1, "it was tried again"


def test_what_no_machine_has_is_refused_before_anything_starts(lab: Lab) -> None:
    job = lab.job("big", "b", needs=Needs(gpus=64), toml="answers/report.toml", lines={"needs": 7})
    with pytest.raises(InputError, match="needs 64 GPUs, which no machine has") as caught:
        lab.train(lab.job("fine"), job)
    assert "report.toml:7: big" in str(caught.value)
    assert not lab.heard


def test_cancelling_ends_what_was_started(lab: Lab) -> None:
    started, pids = threading.Event(), []

    def observe(_: str, event: Any) -> None:
        if event.get("pid"):
            pids.append(event["pid"])
        started.set()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(run(lab.executor, [asked(lab.job("hangs"))], observe))
    assert started.is_set()
    assert pids
    until = time.monotonic() + 20
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(alive, pids))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# What only machines can do that are not this one.


def test_what_is_lost_is_taken_over_with_its_checkpoint(lab: Lab) -> None:
    needs_machines(lab)
    lab.train(lab.job("loses once"))
    assert lab.store.get("a" * 64) is not None
    assert [event["resumed"] for _, event in lab.heard if event.get("resumed") is not None] == [True]


def test_what_is_lost_again_and_again_is_given_up(lab: Lab) -> None:
    needs_machines(lab)
    with pytest.raises(TrainingError, match=f"loses, started {RETRIES + 1} times: "):
        lab.train(lab.job("loses"), lab.job("fine", "b"))
    assert lab.store.get("b" * 64) is not None


def test_files_travel_and_no_path_of_the_planner_does(lab: Lab) -> None:
    needs_machines(lab)
    path = lab.project / "answers/table.csv"
    path.write_text("1,2")
    wanted = lab.job(
        "reads", reads={"file table.csv": digest(path)}, toml=str(lab.project / "answers/report.toml")
    )
    lab.train(wanted)
    text, received = json.loads(lab.store.get("a" * 64).read("record.json"))  # type: ignore[union-attr]
    assert text == "1,2"
    assert str(lab.project) not in json.dumps(received)
    path.write_text("3,4")
    with pytest.raises(DataError, match=r"table\.csv: was changed"):
        lab.train(replace(wanted, key="b" * 64))


def test_a_file_that_is_not_there_is_named_with_its_machine(lab: Lab) -> None:
    needs_machines(lab)
    request = Request("train", carried([lab.job("reads")]), "a" * 64, {"answers/table.csv": "c" * 64})
    (found,) = run(lab.executor, [Task("a" * 64, "reads", request.to_bytes())], lambda *_: None)
    assert found.kind == "failed"
    assert f"answers/table.csv (SHA-256 {'c' * 12}…) is not in the store that" in found.problems[0].message
    assert platform.node() in found.problems[0].message


def needs_machines(lab: Lab) -> None:
    if not lab.executor.shared:
        pytest.skip("this machine's own executor has no other machine")
