"""A laptop without TensorFlow plans by the versions of the machines that train, and they build the models."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen import executors
from reportgen.cli.terminal.failures import told
from reportgen.commands.export import keras_file
from reportgen.errors import TrainingError
from reportgen.executors.interface import Machine
from reportgen.pipeline import extras
from reportgen.pipeline import project as projects
from reportgen.pipeline.project import Project, open_project
from reportgen.plan.versions import COMPUTING
from reportgen.training.job import Identity
from tests.projects import write_project


class Machines:
    def __init__(self, *versions: str) -> None:
        self._versions = versions

    def machines(self) -> Iterator[Machine]:
        for index, version in enumerate(self._versions):
            yield Machine(f"node-{index}", 4, versions=dict.fromkeys(COMPUTING, version))


@pytest.fixture
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(projects, "find_spec", lambda name: None)
    share = (tmp_path / "share").as_uri()
    return open_project(write_project(tmp_path / "laptop"), store=share, required=True)


def test_the_machines_versions_are_in_the_keys_and_they_build_the_models(
    laptop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def identify(jobs: Any, *_: object, store: object, executor: object) -> list[Identity]:
        asked.append((store, executor))
        return [Identity("{}", job.model.encode().hex().ljust(64, "0")) for job in jobs]

    monkeypatch.setattr(executors, "identify", identify)
    machines = Machines("1.2.3", "1.2.3")
    planned = replace(laptop, executor=machines).plan()
    assert asked == [(laptop.store, machines)]
    for model in planned.models:
        assert model.key is not None
        assert model.projection["versions"] == dict.fromkeys(COMPUTING, "1.2.3")
    again = replace(laptop, executor=machines).plan(build=False)
    assert [model.key for model in again.models] == [model.key for model in planned.models]


def test_machines_with_different_versions_are_told_apart(laptop: Project) -> None:
    with pytest.raises(TrainingError, match=r"the machines that train have 1\.2\.3, 1\.2\.4"):
        replace(laptop, executor=Machines("1.2.3", "1.2.4")).plan()


def test_without_other_machines_nothing_is_built(laptop: Project) -> None:
    assert {model.key for model in laptop.plan().models} == {None}


def test_what_needs_tensorflow_here_says_so(laptop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError) as caught:
        keras_file(laptop, None, None, lambda event: None)  # type: ignore[arg-type]
    assert "this needs the extra 'train'" in str(told(caught.value))
