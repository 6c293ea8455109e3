import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from reportgen.errors import InputError, StoreError, TrainingError
from reportgen.executors import augment, identify, train
from reportgen.executors.process import Running, converse, end
from reportgen.report import Component, Training
from reportgen.store import Store
from reportgen.training.job import Job

FAKE = "tests.executors.fake_worker"
TRAINING = Training(
    dataset="digits",
    epochs=1,
    batch_size=32,
    optimizer=Component("SGD"),
    learning_rate=0.1,
    loss=Component("mse"),
)


def job(model: str, key: str = "a") -> Job:
    return Job(model, model, {"models.py": ""}, "answers/models.py", TRAINING, 1, key * 64, {})


def ignore(job: Job, event: Any) -> None:
    pass


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def test_a_trained_result_is_published_and_progress_observed(store: Store) -> None:
    seen: list[tuple[str, Any]] = []
    train([job("fine")], store, lambda job, event: seen.append((job.model, event["accuracy"])), module=FAKE)
    stored = store.get("a" * 64)
    assert stored is not None
    assert stored.read("record.json") == b'"' + b"a" * 64 + b'"'
    assert seen == [("fine", 0.5)]


def test_one_key_is_trained_once(store: Store) -> None:
    seen: list[str] = []
    both = [job("fine"), job("same_spec")]
    train(both, store, lambda job, event: seen.append(job.model), workers=2, module=FAKE)
    train(both, store, lambda job, event: seen.append(job.model), module=FAKE)
    assert len(seen) == 1


def test_one_failure_leaves_the_others(store: Store) -> None:
    with pytest.raises(InputError) as caught:
        train([job("fails"), job("fine", "b")], store, ignore, module=FAKE)
    assert str(caught.value) == "models.py:3: boom (mend it)"
    assert store.get("b" * 64) is not None


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("dies", "memory runs out .run it again: a network resumes from its last epoch, anything else"),
        ("exits", "last words"),
        ("leaves", "ended with status 0 before it was done"),
        ("babbles", "unintelligible"),
        ("diverges", "NaN"),
    ],
)
def test_a_worker_that_fails_is_told_in_one_error(store: Store, model: str, message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        train([job(model)], store, ignore, module=FAKE)
    assert store.get("a" * 64) is None


def test_a_divergence_is_noted(store: Store) -> None:
    with pytest.raises(TrainingError):
        train([job("diverges")], store, ignore, module=FAKE)
    assert b"NaN" in (store.noted("diverged", "a" * 64) or b"")


def test_a_divergence_is_known_to_the_other_machines(tmp_path: Path) -> None:
    here, there = (Store.open(tmp_path / name, (tmp_path / "share").as_uri()) for name in ("here", "there"))
    with pytest.raises(TrainingError, match="NaN"):
        train([job("diverges")], here, ignore, module=FAKE)
    with pytest.raises(TrainingError, match="NaN"):
        train([job("diverges")], there, ignore, module=FAKE)
    assert not (there.root / "partial").exists(), "it was trained there as well"
    train([job("fine")], there, ignore, again=True, module=FAKE)
    assert here.noted("diverged", "a" * 64, shared=True) is not None, "what this machine has seen stays"
    assert (
        Store.open(tmp_path / "third", (tmp_path / "share").as_uri()).noted("diverged", "a" * 64, shared=True)
        is None
    )


def test_what_does_not_reach_a_store_that_is_required_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.store.remote.RETRIES", ())
    (tmp_path / "share").write_text("a file is in the way")
    url = (tmp_path / "share").as_uri()
    train([job("fine")], Store.open(tmp_path / "laptop", url, tell=lambda _: None), ignore, module=FAKE)
    with pytest.raises(StoreError, match="can't be used"):
        train([job("fine")], Store.open(tmp_path / "node", url, required=True), ignore, module=FAKE)


def test_what_diverged_is_tried_again_only_when_that_is_asked_for(store: Store) -> None:
    def starts() -> int:
        return len((store.partial("a" * 64) / "starts").read_text())

    for again, times in ((False, 1), (False, 1), (True, 2)):
        with pytest.raises(TrainingError, match="NaN"):
            train([job("diverges"), job("fine", "b")], store, ignore, again=again, module=FAKE)
        assert starts() == times
        assert store.get("b" * 64) is not None


def test_what_a_worker_leaves_running_is_not_waited_for(store: Store) -> None:
    began = time.monotonic()
    train([job("lingers")], store, ignore, module=FAKE)
    assert store.get("a" * 64) is not None
    assert time.monotonic() - began < 120


def test_silence_is_shown(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.executors.process._SILENCE", 0.2)
    phases: list[str] = []
    enough = threading.Event()

    def observe(job: Job, event: Any) -> None:
        phases.append(event["phase"])
        if "nothing heard" in event["phase"]:
            enough.set()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train([job("hangs")], store, observe, module=FAKE)
    assert enough.is_set()


@pytest.mark.parametrize("model", ["hangs", "ignores"])
def test_a_worker_ends_when_it_is_told_to(
    tmp_path: Path, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.executors.process._PATIENCE", 0.5)
    running: Running = set()
    started = threading.Event()
    errors: list[BaseException] = []

    def work() -> None:
        folder = str(tmp_path)
        request = {"task": "train", "job": asdict(job(model)), "folder": folder, "out": folder}

        def observe(event: Any) -> None:
            if model == "hangs" or event["phase"] == "deaf":
                started.set()

        try:
            converse(request, observe, running, FAKE)
        except TrainingError as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert started.wait(30)
    end(running, 0.5)
    thread.join(30)
    assert not thread.is_alive()
    assert errors
    assert not running


def test_identities_come_in_the_order_asked() -> None:
    assert [found.config for found in identify([job("one"), job("two")], module=FAKE)] == ["one", "two"]


def test_the_executor_never_imports_tensorflow() -> None:
    code = "import sys, reportgen.executors; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_augmented_images_come_back_with_their_labels() -> None:
    sheet, labels = augment(job("fine"), 3, 6, module=FAKE)
    assert (sheet.shape, labels) == ((3, 7, 2, 2, 1), (0, 1, 2))
