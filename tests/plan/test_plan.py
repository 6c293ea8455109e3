import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from subprocess import run

import pytest

from reportgen import plan
from reportgen.errors import InputError
from reportgen.plan import Identity, ModelPlan, built_cache
from reportgen.plan.estimators import FITTED
from reportgen.report import Component, Training, load
from reportgen.store import Store
from tests.plan import projects
from tests.plan.projects import MODELS, Project, answer, built, to_train


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_a_plan_is_json(project: Project) -> None:
    project.build()
    project.edit("answers/models.py", "RATE = 0.2", "RATE = 0.3")
    found = json.loads(json.dumps(project.plan().to_json()))
    assert found["fresh"] is False
    dropout = next(model for model in found["models"] if model["model"] == "dropout")
    assert dropout["status"] == "stale" and dropout["seed"] == 1
    assert dropout["reasons"][0] == {
        "cause": "architecture", "item": "dropout arguments", "old": "[0.2]", "new": "[0.3]", "via": [],
        "text": "dropout arguments [0.2] → [0.3]",
    }  # fmt: skip
    section = next(section for section in found["sections"] if section["section"] == "q2")
    assert section["chains"][0] == "section q2 ← dropout ← dropout arguments [0.2] → [0.3]"
    assert section["reasons"][0]["via"] == ["dropout"]


def test_all_causes_are_named(project: Project) -> None:
    project.build()
    project.edit("answers/models.py", "RATE = 0.2", "RATE = 0.3")
    project.edit("answers/report.toml", "epochs = 2", "epochs = 5")
    project.versions["keras"] = "4"
    reasons = project.plan().of("dropout")[0].reasons
    assert [reason.cause for reason in reasons] == ["architecture", "source", "training", "version"]


def test_each_seed_is_a_result_of_its_own(project: Project) -> None:
    project.build()
    project.edit("answers/report.toml", "[models.noisy]", "[models.noisy]\nseeds = [1, 2]")
    found = project.plan()
    assert [(model.name, model.status) for model in found.of("noisy")] == [
        ("noisy (seed 1)", "fresh"), ("noisy (seed 2)", "stale"),
    ]  # fmt: skip
    assert [str(reason) for reason in found.of("noisy")[1].reasons] == ["never trained"]
    assert found.section("q3").chains == ("section q3 ← noisy (seed 2) ← never trained",)


def test_a_function_that_is_not_there_is_told_with_the_nearest(project: Project) -> None:
    report = project.report
    broken = replace(report.models["plain"], builder="plane")
    other = replace(report.models["noisy"], training=replace(broken.training, augmentation="flop"))
    report = replace(report, models={"plain": broken, "noisy": other})
    with pytest.raises(InputError) as caught:
        plan.make(report, project.store, project.data.__getitem__)
    assert [problem.remedy for problem in caught.value.problems] == [
        "did you mean `plain`?",
        "did you mean `flip`?",
    ]
    assert all(problem.line for problem in caught.value.problems)


def test_a_policy_that_is_unknown_is_told(project: Project) -> None:
    text = (project.root / "answers/report.toml").read_text()
    project.write({"answers/report.toml": f'{text}\n[options]\nversions = "sometimes"\n'})
    with pytest.raises(InputError, match="sometimes"):
        project.plan()


def test_versions_can_be_ignored(project: Project) -> None:
    project.build()
    project.write(
        {
            "answers/report.toml": project.root.joinpath("answers/report.toml").read_text()
            + '\n[options]\nversions = "ignore"\n'
        }
    )
    project.versions.update(tensorflow="3.0", keras="4.0")
    found = project.plan()
    assert [model.status for model in found.models] == ["fresh"] * 4
    assert "not compared" in found.remarks[0]
    project.edit("answers/models.py", "Dense(16", "Dense(17")
    assert [model.model for model in project.plan().models if model.status == "stale"] == [
        "plain",
        "augmented",
    ]
    project.build()
    project.versions.update(tensorflow="4.0")
    assert project.plan().fresh


def test_a_refactored_builder_is_found_though_versions_differ_and_are_ignored(project: Project) -> None:
    project.build()
    project.write(
        {
            "answers/report.toml": project.root.joinpath("answers/report.toml").read_text()
            + '\n[options]\nversions = "ignore"\n'
        }
    )
    project.versions.update(tensorflow="3.0")
    project.edit("answers/models.py", "hidden = layers", "hidden = inner = layers")
    assert project.plan().of("plain")[0].status == "fresh"


def test_without_tensorflow_results_count_whoever_made_them(project: Project) -> None:
    project.build()
    project.versions = {"tensorflow": "", "keras": ""}
    found = project.plan(None)
    assert [model.status for model in found.models] == ["fresh"] * 4
    assert "tensorflow and keras not installed" in found.remarks[0]
    project.edit("answers/models.py", "Dense(16", "Dense(17")
    assert project.plan(None).of("plain")[0].status == "stale"


def test_libraries_that_the_code_uses_count(project: Project) -> None:
    project.versions["numpy"] = "2.0"
    project.edit("answers/models.py", "import keras\n", "import keras\nimport numpy\n")
    project.edit("answers/models.py", "return images[:, ::-1]", "return numpy.flip(images)")
    project.build()
    project.versions["numpy"] = "2.1"
    assert [model.model for model in project.plan().models if model.status == "stale"] == ["augmented"]


def test_two_reports_share_results_but_not_pages(project: Project) -> None:
    project.build()
    other = project.root / "answers2"
    other.mkdir()
    (other / "models.py").write_text(MODELS)
    for name in ("helpers.py", "sizes.py"):
        (other / name).write_text((project.root / "answers" / name).read_text())
    text = (project.root / "answers" / "report.toml").read_text()
    (other / "report.toml").write_text(text.replace("[models.plain]", '[models.other]\nbuilder = "plain"'))
    (other / "01-other.md").write_text(answer("other", "{{ other.test.accuracy }}"))
    report = load(project.root, other)
    made = plan.make(report, project.store, project.data.__getitem__, built, project.versions)
    assert [model.status for model in made.models] == ["fresh"] * 4
    assert made.section("q1").status == "stale"
    plan.record(report, project.store, made.models, (*made.sections, made.title))
    assert plan.make(report, project.store, project.data.__getitem__, None, project.versions).fresh
    assert project.plan().fresh


def test_a_memory_that_can_not_be_read_costs_reasons_only(project: Project) -> None:
    project.build()
    for content in (b"no json", b"[]", b'{"format": 99}'):
        project.store.note("reports", plan.report_name(project.report, project.store), content)
        found = project.plan()
        assert [model.status for model in found.models] == ["fresh"] * 4
        assert {section.status for section in found.sections} == {"stale"}


def test_a_read_only_store_can_be_planned_with(project: Project) -> None:
    project.build()
    project.edit("answers/helpers.py", "return [", "return [*[], ")
    frozen = Store.open(project.root / "store", read_only=True)
    found = plan.make(project.report, frozen, project.data.__getitem__, built, project.versions)
    assert found.of("dropout")[0].status == "fresh"
    plan.record(project.report, frozen, found.models, found.sections)


def test_one_section_can_be_remembered_alone(project: Project) -> None:
    made = project.build()
    project.edit("templates/page.css", "p", "q")
    made = project.plan()
    plan.record(project.report, project.store, (), [made.section("q2")])
    assert [section.id for section in project.plan().sections if section.status == "fresh"] == ["q2"]


def test_pruning_keeps_what_the_last_builds_need(project: Project) -> None:
    keys, built = [], []
    for epochs in ("2", "7", "8", "9"):
        project.write(
            {
                "answers/report.toml": (project.root / "answers/report.toml")
                .read_text()
                .replace("epochs = 2", f"epochs = {epochs}")
            }
        )
        made = project.build()
        keys.append({model.key for model in made.models})
        built.append({model.built_key for model in made.models})
        project.edit("answers/report.toml", f"epochs = {epochs}", "epochs = 2")
    store, current = project.store, project.plan()
    assert {model.key for model in current.models} == keys[0]
    first, third, last = (keys[index] | built[index] for index in (0, 2, 3))
    assert plan.needed(project.report, store, current, 0) == first
    assert plan.needed(project.report, store, current, 1) == first | last
    assert plan.needed(project.report, store, current, 2) == first | last | third
    store.prune(plan.needed(project.report, store, current, 2))
    assert {entry.key for entry in store.list()} == keys[0] | keys[2] | keys[3]
    assert project.plan().fresh is False
    assert [model.status for model in project.plan().models] == ["fresh"] * 4


def test_two_projects_on_one_store_do_not_get_in_each_others_way(tmp_path: Path) -> None:
    """Both stand in a folder of the same name, as in two containers, and one is a copy of the other."""
    first, second = Project(tmp_path / "a" / "work"), Project(tmp_path / "b" / "work")
    (tmp_path / "shared").mkdir()
    shared = Store.open(tmp_path / "shared", tell=lambda _: None)
    for each in (first, second):
        (each.root / "store").symlink_to(tmp_path / "shared")
    first.build()
    second.edit("answers/report.toml", "epochs = 2", "epochs = 7")
    reasons = {str(reason) for model in second.plan().models for reason in model.reasons}
    assert reasons == {"never trained"}, reasons  # not what changed against the other's
    made = second.build()
    assert first.plan().fresh and second.plan().fresh
    for builds in (0, 10):
        shared.prune(plan.needed(first.report, shared, first.plan(), builds))
        assert first.plan().fresh and second.plan().fresh
        shared.prune(plan.needed(second.report, shared, second.plan(), builds))
        assert first.plan().fresh and second.plan().fresh
    copy = tmp_path / "c" / "work"
    shutil.copytree(first.root, copy, symlinks=True)
    names = {plan.report_name(each, shared) for each in (first.report, second.report, load(copy))}
    assert len(names) == 3
    assert {model.key for model in made.models} != {model.key for model in first.plan().models}


def test_what_was_built_before_is_not_built_again(project: Project) -> None:
    project.build()
    before = project.identified.copy()
    project.edit("answers/models.py", "RATE = 0.2", "RATE = 0.3")
    assert [model.status for model in project.plan().models] == ["fresh", "stale", "fresh", "fresh"]
    assert project.identified == [*before, "dropout"]
    assert all(model.key for model in project.plan(None).models)
    assert project.identified == [*before, "dropout"]


def test_an_estimator_that_may_have_been_given_other_numbers_is_built_to_see(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.way = FITTED
    project.build()
    project.identified.clear()
    assert project.plan().of("plain")[0].status == "fresh", "what it builds is known"
    monkeypatch.setattr(built_cache, "_FORMAT", 3)

    def otherwise(models: Sequence[ModelPlan]) -> list[Identity]:
        return [(f"{config} of float32", weights, reads) for config, weights, reads in built(models)]

    found = project.plan(otherwise).of("plain")[0]
    said = "numbers that estimators are given float64 → of the type of the data"
    assert (found.status, list(map(str, found.reasons))) == ("stale", [said])
    monkeypatch.setattr(built_cache, "_FORMAT", 4)
    assert project.plan().of("plain")[0].status == "fresh", "it is given float64 as before"
    assert "plain" in project.identified


@pytest.mark.parametrize("way", [f"{FITTED}, given float32", FITTED])
def test_an_estimator_whose_numbers_are_known_is_not_built(project: Project, way: str) -> None:
    """New results say it; tables are float64."""
    if way == FITTED:
        table = (
            '[datasets.digits_table]\npath = "d.csv"\ntarget = "y"\nclasses = ["a", "b"]\nvalidation = 9\n'
        )
        project.edit("answers/report.toml", 'dataset = "digits"', 'dataset = "digits_table"')
        project.edit("answers/report.toml", "[models.plain]", table + "[models.plain]")
        project.data["digits_table"] = project.data["digits"]
    project.way = way
    project.build()
    project.identified.clear()
    assert [each.status for each in project.plan().models] == ["fresh"] * 4
    assert [each.status for each in project.plan(None).models] == ["fresh"] * 4
    assert not project.identified


def test_a_fitted_estimator_is_not_measured_by_metrics_of_keras(project: Project) -> None:
    project.way = f"{FITTED}, given float32"
    project.build()
    project.edit("answers/report.toml", "[models.dropout]", '[models.dropout]\nmetrics = ["mae"]')
    with pytest.raises(InputError, match=r"toml:18: dropout: metrics is for networks.*metrics = \[\]"):
        project.plan(None)


def test_another_training_is_made_ready_before_anything_trains(project: Project) -> None:
    project.build()
    before = project.identified.copy()
    project.edit("answers/report.toml", "epochs = 3", "epochs = 4")
    assert [model.status for model in project.plan().models] == ["fresh", "fresh", "stale", "fresh"]
    assert project.identified == [*before, "noisy"]


CONTAINER = """
CFG = {"scale": 1}


def plain(shape, classes):
    CFG["scale"] = 2
    return keras.Sequential([keras.Input(shape), layers.Flatten(), layers.Dense(classes)])


def flip(images, seed):
    return images * CFG["scale"]
"""


def test_a_container_that_the_builder_changes_and_the_training_reads(project: Project) -> None:
    project.write({"answers/models.py": (project.root / "answers/models.py").read_text() + CONTAINER})
    project.build()
    project.edit("answers/models.py", 'CFG["scale"] = 2', 'CFG["scale"] = 3')
    assert [model.status for model in project.plan().models] == ["stale", "fresh", "fresh", "stale"]


@pytest.mark.parametrize("name", [each.name for each in fields(Training)])
def test_every_training_parameter_is_in_the_key(project: Project, name: str) -> None:
    """A new field of `Training` fails here until it is in the key, or keyed elsewhere."""
    before = project.plan().of("plain")[0]
    spec = before.spec
    value = getattr(spec.training, name)
    other: object
    if isinstance(value, Component):
        other = replace(value, name=value.name + "x")
    elif isinstance(value, bool) or value is None:
        other = 7 if name == "validation" else "flip" if value is None else not value
    elif isinstance(value, tuple):
        other = (*value, "auc")
    elif isinstance(value, dict):
        other = {"rate": 0.1}
    else:
        other = value + 1 if isinstance(value, int | float) else value + "x"
    if name == "dataset":
        project.data["digitsx"] = replace(project.data["digits"], fingerprint="e" * 64)
    changed = replace(spec, training=replace(spec.training, **{name: other}))
    report = replace(project.report, models={**project.report.models, "plain": changed})
    after = plan.make(report, project.store, project.data.__getitem__, built, project.versions).of("plain")[0]
    assert (after.key, after.evaluation_key) != (before.key, before.evaluation_key)
    assert after.key != before.key or name == "metrics"


def test_what_came_later_is_not_in_the_keys_of_before(project: Project) -> None:
    """A parameter that was added with the value that there had always been leaves results where they are."""
    training = project.plan().of("plain")[0].projection["training"]
    assert isinstance(training, dict)
    later = {"scale", "early_stopping", "subset", "folds", "train", "arguments", "class_weights"}
    later |= {"reduce_on_plateau"}
    assert set(training) == {each.name for each in fields(Training)} - {"dataset", "metrics", *later}


def test_a_training_function_is_known_by_its_source_and_arguments(project: Project) -> None:
    train = "def train_net(shape, classes):\n    return [RATE]\n"
    project.write({"answers/models.py": MODELS + train})
    table = '[models.noisy]\ntrain = "train_net"\n[models.noisy.arguments]\nsizes = [8, 4]'
    project.edit("answers/report.toml", "[models.noisy]\nepochs = 3", table)
    project.build()
    project.edit("answers/report.toml", "epochs = 2", "epochs = 4")
    assert project.plan().of("noisy")[0].status == "fresh"
    project.edit("answers/report.toml", "[8, 4]", "[8, 5]")
    (reason,) = project.plan().of("noisy")[0].reasons
    assert str(reason) == "arguments sizes (8, 4) → (8, 5)"
    project.build()
    project.edit("answers/models.py", "[RATE]", "[RATE + 1]")
    assert project.plan().of("noisy")[0].status == "stale"
    project.edit("answers/models.py", "[RATE + 1]", "[RATE]  # as before")
    assert project.plan().of("noisy")[0].status == "fresh"


def test_a_second_build_does_not_forget_what_was_built(project: Project) -> None:
    project.build()
    project.build()
    project.edit("answers/models.py", "RATE = 0.2", "RATE = 0.3")
    assert [reason.cause for reason in project.plan().of("dropout")[0].reasons] == ["architecture", "source"]


def test_planning_imports_nothing_heavy() -> None:
    code = "import sys, reportgen.plan, reportgen.store; print(sorted(sys.modules))"
    out = run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for name in ("numpy", "tensorflow", "keras", "fsspec", "boto3"):
        assert f"'{name}'" not in out


def test_what_models_py_reads_is_part_of_the_key(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projects, "READS", ["file units.txt", "folder .", "variable LAB_UNITS"])
    project.write({"answers/units.txt": "7"})
    project.build()
    before = {model.name: model.key for model in project.plan(None).models}
    project.write({"answers/units.txt": "9"})
    stale = project.plan().models
    assert [(model.status, [str(each) for each in model.reasons]) for model in stale] == [
        ("stale", ["file units.txt"])
    ] * 4
    assert all(model.key != before[model.name] for model in stale)
    project.write({"answers/units.txt": "7"})
    monkeypatch.setenv("LAB_UNITS", "8")
    assert {str(each) for model in project.plan(None).models for each in model.reasons} == {
        "variable LAB_UNITS"
    }
    monkeypatch.delenv("LAB_UNITS")
    identified = project.identified.copy()
    assert {model.name: model.key for model in project.plan().models} == before
    assert to_train(project.plan()) == []
    assert project.identified == identified


def test_what_was_built_from_another_file_is_not_believed(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projects, "READS", ["file units.txt"])
    project.write({"answers/units.txt": "7"})
    keys = [[model.key for model in project.plan().models]]
    project.write({"answers/units.txt": "9"})
    keys.append([model.key for model in project.plan().models])
    project.write({"answers/units.txt": "7"})
    count = len(project.identified)
    keys.append([model.key for model in project.plan().models])
    assert keys[0] == keys[2] != keys[1]
    assert len(project.identified) == count, "both are known by now"
