"""What becomes of tasks when the client of their engine ends, as that of Ray does when its head is gone."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen import executors
from reportgen.errors import TrainingError
from reportgen.executors import augment, identify, train, versions
from reportgen.executors.engine import Engine
from reportgen.executors.interface import Machine
from reportgen.pipeline import project as projects
from reportgen.pipeline.project import open_project
from reportgen.plan import Snapshot
from reportgen.plan.versions import COMPUTING
from reportgen.store import Store
from tests.executors.engines import importable, made_up
from tests.executors.test_local import ignore, job
from tests.preview.served import SECOND
from tests.projects import write_project

WORKER = "tests.executors.made_up_worker"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "laptop", (tmp_path / "share").as_uri(), required=True)


def test_an_engine_that_is_gone_is_one_clear_error_for_each_training(store: Store, tmp_path: Path) -> None:
    with made_up(store, tmp_path) as engine:
        for jobs in ([job("heads off"), job("hangs", "b")], [job("fine", "c")]):
            with pytest.raises(
                TrainingError, match="the connection to the made-up engine has ended"
            ) as caught:
                train(jobs, store, ignore, executor=engine)
            assert "what is finished is in the store: run it again" in str(caught.value)


@pytest.mark.parametrize(
    ("module", "told"), [("reportgen.nowhere", "No module named"), ("this", "the odd engine can't be used")]
)
def test_a_client_that_does_not_start_is_told_with_its_last_words(module: str, told: str) -> None:
    engine = Engine("the odd engine", module, {}, lambda _: None)
    with pytest.raises(TrainingError, match=told):
        engine.machines()
    engine.close()


def test_what_the_user_should_know_of_the_machines_is_told(store: Store) -> None:
    told: list[str] = []
    options = {"store": store.url, "module": ""}
    engine = Engine("made up", "tests.executors.fake_engine", options, told.append)
    assert [machine.name for machine in engine.machines()] == ["one", "two", "three"]
    assert told[0] == "these machines are made up"
    assert told[1].startswith("these machines have different processors")
    assert told[1].endswith("names it): one: fast; two: slow")
    engine.close()


def test_models_are_built_on_another_machine_with_all_that_stands_beside_them(
    store: Store, tmp_path: Path
) -> None:
    with made_up(store, tmp_path) as engine:
        found = identify([job("one"), job("two")], store=store, executor=engine)
    assert [each.config for each in found] == ["one", "two"]


def test_images_are_augmented_on_another_machine(store: Store, tmp_path: Path) -> None:
    with made_up(store, tmp_path) as engine:
        sheet, labels = augment(job("one"), 3, 2, store=store, executor=engine)
    assert (sheet.shape, labels) == ((3, 3, 2, 2, 1), (0, 1, 2))


MAKING = """
from pathlib import Path

import numpy as np


def small(input_shape, classes):
    ...


def linear(input_shape, classes):
    ...


def mine():
    shade = int(Path(__file__).with_name("shade.txt").read_text())
    images, labels = np.full((60, 8, 8, 1), shade, np.uint8), np.arange(60) % 3
    return (images, labels), (images[:30], labels[:30])
"""


def test_data_are_made_on_another_machine(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The function reads a file beside models.py, which travels; what it returns is the same as here."""
    folder = tmp_path / "lab"
    folder.mkdir()
    write_project(folder)
    answers = folder / "answers"
    (answers / "models.py").write_text(MAKING)
    (answers / "shade.txt").write_text("7")
    toml = (answers / "report.toml").read_text().replace('"digits"', '"mine"')
    declared = '[datasets.mine]\nfunction = "mine"\nvalidation = 10\nclasses = ["a", "b", "c"]\n'
    (answers / "report.toml").write_text(f"{toml}\n{declared}")
    monkeypatch.chdir(answers)
    opened = open_project(folder)
    here, read = executors.data({"models.py": MAKING}, opened.report.datasets["mine"], WORKER)
    options = {"store": store.url, "module": WORKER}
    with importable():
        engine = Engine("made up", "tests.executors.fake_engine", options, lambda _: None)
        monkeypatch.setattr(projects, "find_spec", lambda _: None)
        data = replace(opened, store=store, executor=engine)._datasets
        found, reads = data._called(opened.report.datasets["mine"], Snapshot.read(answers / "models.py"))
        engine.close()
    assert found.fingerprint == here.fingerprint
    assert (found.test.inputs == 7).all()
    assert reads == read
    assert "file shade.txt" in reads


class Offering:
    """Machines with versions of the libraries that compute."""

    def __init__(self, *found: str) -> None:
        self._found = found

    def machines(self) -> tuple[Machine, ...]:
        return tuple(
            Machine(str(index), 1, versions=dict.fromkeys(COMPUTING, each) if each else {})
            for index, each in enumerate(self._found)
        )


def test_versions_are_those_that_all_machines_have(store: Store) -> None:
    assert versions(Offering("2.21", "2.21"), store) == dict.fromkeys(COMPUTING, "2.21")  # type: ignore[arg-type]
    for odd in (("2.21", "2.20"), ("2.21", ""), ()):
        with pytest.raises(TrainingError, match="the machines that train have"):
            versions(Offering(*odd), store)  # type: ignore[arg-type]


def test_a_laptop_without_tensorflow_plans_and_builds(tmp_path: Path) -> None:
    """Versions, what builders build, and results come from machines; nothing here imports it."""
    folder = tmp_path / "lab"
    folder.mkdir()
    write_project(folder, **{"02-comparison__md": SECOND})
    command = [sys.executable, "-m", "tests.executors.laptop"]
    with importable():
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "report.md" in done.stdout
    assert "%" in (folder / "report.md").read_text()
