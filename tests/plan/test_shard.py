"""Every training belongs to one shard, whatever the others have done already."""

import itertools
from pathlib import Path

import pytest

from reportgen import plan
from reportgen.plan import ModelPlan, Shard
from tests.plan.projects import Project

SAME = '\n[models.twin]\nbuilder = "plain"\n'
SEEDS = "epochs = 3\nseeds = [1, 2, 3]"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Six trainings, and one that is the same as the first."""
    made = Project(tmp_path)
    made.edit("answers/report.toml", "epochs = 3", SEEDS)
    made.edit("answers/report.toml", "\n[models.dropout]", SAME + "\n[models.dropout]")
    return made


def names(found: tuple[ModelPlan, ...]) -> list[str]:
    return [each.name for each in found]


def division(project: Project, count: int) -> list[list[str]]:
    planned = project.plan()
    return [names(Shard(index, count).of(planned, project.report.models)) for index in range(1, count + 1)]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 20])
def test_each_training_belongs_to_one_shard(project: Project, count: int) -> None:
    shards = division(project, count)
    every = list(itertools.chain(*shards))
    assert sorted(every) == sorted(names(project.plan().models))
    trained = [len({*shard} - {"twin"}) for shard in shards]
    assert max(trained) - min(trained) <= 2


def test_two_models_with_one_result_are_never_in_two_shards(project: Project) -> None:
    planned = project.plan()
    assert planned.of("plain")[0].key == planned.of("twin")[0].key
    for count in range(1, 8):
        assert [names_ for names_ in division(project, count) if "plain" in names_ and "twin" in names_]


def test_the_division_is_the_same_whatever_is_fresh_already(project: Project) -> None:
    before = division(project, 3)
    planned, store = project.plan(), project.store
    for each in planned.models[1::2]:
        assert each.key
        store.publish(each.key, {"record.json": each.name.encode()})
        plan.record(project.report, store, [each])
        again = project.plan()
        assert {found.status for found in again.models} == {"fresh", "stale"}
        assert division(project, 3) == before


def test_only_the_models_that_are_asked_for_are_divided(project: Project) -> None:
    planned = project.plan()
    found = [names(Shard(index, 3).of(planned, ["noisy"])) for index in (1, 2, 3)]
    assert found == [["noisy (seed 1)"], ["noisy (seed 2)"], ["noisy (seed 3)"]]


@pytest.mark.parametrize("text", ["", "1", "0/2", "3/2", "1/0", "-1/2", "1/2/3", "a/b", "1.5/2", "1/", "٣/٤"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="second of five"):
        Shard.parse(text)


def test_a_shard_is_read_as_it_is_written() -> None:
    assert Shard.parse("2/5") == Shard(2, 5)
    assert str(Shard(2, 5)) == "2/5"
