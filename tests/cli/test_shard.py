"""Machines that share out the trainings of a report, and the laptop that builds it from what they shared."""

from pathlib import Path

import pytest

from tests.cli.conftest import run_in
from tests.cli.processes import Started
from tests.projects import REPORT, write_project

SEEDS = REPORT.replace("epochs = 2", "epochs = 1").replace(
    "[models.linear]", "[models.linear]\nseeds = [1, 2]"
)


def test_shards_on_machines_of_their_own_train_everything_once_and_a_laptop_nothing(tmp_path: Path) -> None:
    store = f"--store={(tmp_path / 'share').as_uri()}"
    nodes = [
        Started(
            write_project(tmp_path / f"node{index}", report__toml=SEEDS), "train", f"--shard={index}/2", store
        )
        for index in (1, 2)
    ]
    ends = [node.end() for node in nodes]
    assert [status for status, _, _ in ends] == [0, 0], ends
    assert ends[0][1] == "small: trained\nlinear (seed 2): trained\n"
    assert ends[1][1] == "linear (seed 1): trained\n"
    again = run_in(tmp_path / "node1", "train", "--shard", "2/2", store)
    assert again.stdout == "everything in shard 2/2 is fresh\n", again.stderr
    laptop = write_project(tmp_path / "laptop", report__toml=SEEDS)
    built = run_in(laptop, "build", "--draft", store)
    assert built.returncode == 0, built.stderr
    assert (laptop / "report.pdf").is_file()
    assert ": training" not in built.stderr and ": building" not in built.stderr
    for number in (1, 2):
        assert run_in(laptop, "train", f"--shard={number}/2", store).stdout.endswith("is fresh\n")


@pytest.mark.parametrize("value", ["0/2", "3/2", "2", "a/b"])
def test_a_shard_that_is_none_is_a_usage_error(tmp_path: Path, value: str) -> None:
    done = run_in(write_project(tmp_path), "train", "--shard", value)
    assert done.returncode == 2
    assert f"'{value}' is not I/N, such as 2/5 for the second of five shards" in done.stderr


def test_a_shard_does_not_train_what_it_could_not_share(tmp_path: Path) -> None:
    (tmp_path / "share").write_text("in the way")
    project = write_project(tmp_path / "node")
    done = run_in(project, "train", "--shard=1/2", "--store", (tmp_path / "share").as_uri())
    assert done.returncode == 2
    assert "can't be used" in done.stderr
    assert "results of this machine must reach it" in done.stderr
    assert "building" not in done.stderr
