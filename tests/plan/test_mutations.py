"""The mutation table: an edit of a real project, and what is stale after it."""
# ruff: noqa: E501 - one row a line

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from reportgen.plan import TITLE
from tests.plan.projects import FILES, Project, to_train

ALL = ("plain", "dropout", "noisy", "augmented")
EVERY = ("q1", "q2", "q3", "q4", "q5")
Edit = Callable[[Project], object]


@dataclass(frozen=True)
class Row:
    """An edit, the models and sections that are stale after it, and a part of the first chain or reason."""

    edit: Edit
    models: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    says: str = ""
    evaluate: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    title: bool = False


def models(old: str, new: str) -> Edit:
    return lambda project: project.edit("answers/models.py", old, new)


def toml(old: str, new: str) -> Edit:
    return lambda project: project.edit("answers/report.toml", old, new)


def in_file(name: str, old: str, new: str) -> Edit:
    return lambda project: project.edit(name, old, new)


def data(**changes: object) -> Edit:
    return lambda project: project.data.update(digits=replace(project.data["digits"], **changes))  # type: ignore[arg-type]


ROWS = {
    "prose": Row(in_file("answers/05-prose.md", "Nothing", "Little"), (), ("q5",), "05-prose.md"),
    "question": Row(in_file("answers/01-plain.md", "What of", "And"), (), ("q1",), "01-plain.md"),
    "template": Row(in_file("templates/page.html", "html", "main"), (), EVERY, "page.html", title=True),
    "css": Row(in_file("templates/page.css", "p", "q"), (), EVERY, "page.css", title=True),
    "report title": Row(toml('"Digits"', '"Numbers"'), (), (), "title Digits → Numbers", title=True),
    "picture": Row(in_file("answers/cat.png", "a", "the"), (), ("q4",), "cat.png"),
    "comment": Row(models("# the simplest", "# simple")),
    "printed comment": Row(models('"""A custom layer."""', '"""A layer."""'), (), ("q3",), "noisy"),
    "formatting": Row(models('layers.Dense(16, activation="relu")', "layers.Dense(\n 16, activation='relu')")),
    "docstring": Row(models('"""The models."""', '"""Models."""')),
    "import order": Row(models("import keras\nfrom keras import layers\n", "from keras import layers\nimport keras\n")),
    "local variable": Row(models("hidden", "inner")),
    "unused helper": Row(models("def unused(x):\n    return x", "def other(x):\n    return x + 1")),
    "unused in a module": Row(in_file("answers/helpers.py", "return 1", "return 2")),
    "unused constant": Row(in_file("answers/sizes.py", "SPARE = 4", "SPARE = 5")),
    "shared helper": Row(
        in_file("answers/helpers.py", "layers.Flatten()", "layers.GlobalMaxPooling2D()"),
        ("dropout", "noisy"), ("q2", "q3"), "q2 ← dropout",
    ),
    "helper's helper module": Row(
        in_file("answers/sizes.py", "KERNEL = 3", "KERNEL = 5"), ("dropout", "noisy"), ("q2", "q3"), "KERNEL"
    ),
    "helper refactored": Row(
        in_file("answers/helpers.py", "    return [layers.Conv2D(filters, KERNEL), layers.Flatten()]",
                "    first = layers.Conv2D(filters, KERNEL)\n    return [first, layers.Flatten()]"),
        ("noisy",), ("q3",), "noisy",  # in vain: what it uses of its own, Keras does not describe
    ),
    "builder refactored": Row(models("[keras.Input(shape), layers.Flatten(), hidden,", "[keras.Input(shape)] + [layers.Flatten(), hidden,")),
    "constant": Row(models("RATE = 0.2", "RATE = 0.3"), ("dropout",), ("q2",), "dropout arguments [0.2] → [0.3]"),
    "constant of a layer": Row(models("SCALE = 2", "SCALE = 3"), ("noisy",), ("q3",), "SCALE = 2 → SCALE = 3"),
    "default argument": Row(models("rate=RATE", "rate=0.5"), ("dropout",), ("q2",), "[0.2] → [0.5]"),
    "custom layer": Row(models("x * SCALE", "x + SCALE"), ("noisy",), ("q3",), "x * SCALE → return x + SCALE"),
    "loss": Row(models("true - predicted", "predicted - true"), ("augmented",), ("q4",), "function smooth"),
    "constant of a loss": Row(models("EPSILON = 0.1", "EPSILON = 0.2"), ("augmented",), ("q4",), "EPSILON"),
    "augmentation": Row(models("::-1", "::-2"), ("augmented",), ("q4",), "function flip"),
    "schedule": Row(models("0.1 * step", "0.2 * step"), ("augmented",), ("q4",), "return 0.1 * step / total → return 0.2"),
    "builder": Row(models("Dense(16", "Dense(17"), ("plain", "augmented"), ("q1", "q2", "q4"), "[16] → [17]"),
    "learning rate": Row(toml("rate = 0.1", "rate = 0.2"), ("plain", "dropout", "noisy"), ("q1", "q2", "q3"),
                         "q1 ← plain ← learning_rate 0.1 → 0.2"),
    "epochs of one": Row(toml("epochs = 3", "epochs = 4"), ("noisy",), ("q3",), "q3 ← noisy ← epochs 3 → 4"),
    "minibatch": Row(toml("batch_size = 32", "batch_size = 64"), ALL, EVERY[:4], "batch_size 32 → 64"),
    "optimizer": Row(toml('"SGD"', '"Adam"'), ALL, EVERY[:4], "optimizer SGD → Adam"),
    "optimizer's argument": Row(toml("momentum = 0.9", "momentum = 0.8"), ALL, EVERY[:4], "momentum 0.9 → 0.8"),
    "loss of the library": Row(toml("categorical_crossentropy", "mean_squared_error"), ALL[:3], EVERY[:3],
                               "loss categorical_crossentropy → mean_squared_error"),
    "loss arguments": Row(toml('loss = "categorical_crossentropy"',
                               'loss = { name = "categorical_crossentropy", label_smoothing = 0.1 }'),
                          ALL[:3], EVERY[:3], "label_smoothing"),
    "split": Row(toml("epochs = 2", "epochs = 2\nvalidation = 100"), ALL, EVERY[:4], "validation 240 → 100"),
    "same split, said": Row(toml("epochs = 2", "epochs = 2\nvalidation = 240")),
    "precision": Row(toml("[models.noisy]", '[models.noisy]\nprecision = "bfloat16"'), ("noisy",), ("q3",), "precision"),
    "scale": Row(toml("[models.noisy]", '[models.noisy]\nscale = "signed"'), ("noisy",), ("q3",), "scale unit → signed"),
    "same scale, said": Row(toml("[models.noisy]", '[models.noisy]\nscale = "unit"')),
    "metric": Row(toml("[models.noisy]", '[models.noisy]\nmetrics = ["accuracy", "top_k_categorical_accuracy"]'),
                  (), ("q3",), "metrics", evaluate=("noisy",)),
    "seed": Row(toml("[models.noisy]", "[models.noisy]\nseeds = [7]"), ("noisy",), ("q3",), "seed"),
    "images": Row(data(fingerprint="e" * 64), ALL, EVERY[:4], "images or labels"),
    "class names": Row(data(classes=tuple("abcdefghij")), (), EVERY[:4], "digits"),
    "number of classes": Row(data(classes=tuple("01234")), ALL, EVERY[:4], "number of classes 10 → 5"),
    "default split": Row(data(validation=99), ALL, EVERY[:4], "validation 240 → 99"),
    "requirement": Row(toml("> 0.3", "> 0.4"), (), (), "0.3 → test.accuracy > 0.4", verdict=("q1", "q2")),
    "claim": Row(in_file("answers/02-dropout.md", "plain.test.accuracy %}", "0.1 %}"), (), ("q2",), "q2"),
    "claim of the same models": Row(in_file("answers/02-dropout.md", "dropout.test.accuracy >",
                                            "dropout.test.accuracy >="), (), (), "02-dropout.md", verdict=("q2",)),
    "TensorFlow": Row(lambda project: project.versions.update(tensorflow="2.22.0"), ALL, EVERY[:4],
                      "tensorflow 2.21.0 → 2.22.0"),
    "Keras": Row(lambda project: project.versions.update(keras="3.16.0"), ALL, EVERY[:4], "keras 3.15.1 → 3.16.0"),
    "matplotlib": Row(lambda project: project.versions.update(matplotlib="99"), (), EVERY, "matplotlib", title=True),
    "model renamed": Row(lambda project: (project.edit("answers/report.toml", "[models.noisy]", '[models.loud]\nbuilder = "noisy"'),
                                          project.edit("answers/03-noisy.md", "noisy", "loud")), (), ("q3",), "q3", title=True),
    "model's title": Row(toml("With dropout", "Dropout"), (), ("q2",), "With dropout → Dropout"),
    "another with the same spec": Row(toml("[models.noisy]", '[models.copy]\nbuilder = "plain"\n\n[models.noisy]')),
    "language": Row(toml('title = "Digits"', 'title = "Digits"\nlanguage = "sv"'), (), EVERY, "language en → sv", title=True),
}  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built")
    project = Project(root)
    project.build()
    assert project.trained == list(ALL)
    return root


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Project:
    shutil.copytree(built, tmp_path / "project")
    return Project(tmp_path / "project")


def test_after_a_build_all_is_fresh_and_nothing_is_built_to_know_it(project: Project) -> None:
    found = project.plan()
    assert found.fresh, found.to_json()
    assert project.identified == []


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_row(project: Project, row: Row) -> None:
    before = project.plan()
    row.edit(project)
    found = project.plan()
    assert tuple(model.model for model in found.models if model.status == "stale") == row.models
    assert tuple(model.model for model in found.models if model.status == "evaluate") == row.evaluate
    assert tuple(section.id for section in found.sections if section.status == "stale") == row.sections
    assert tuple(section.id for section in found.sections if section.status == "verdict") == row.verdict
    assert (found.title.status == "stale") == row.title
    stale = (*found.models, *found.sections, found.title)
    assert all(bool(each.reasons) == (each.status != "fresh") for each in stale)
    chains = " | ".join(chain for section in (*found.sections, found.title) for chain in section.chains)
    assert row.says in chains
    # built anew, all is fresh again; undone, the earlier results are found again
    project.trained.clear()
    project.build()
    assert {name.split(" (")[0] for name in project.trained} == {
        *row.models,
        *(f"metrics of {x}" for x in row.evaluate),
    }
    assert project.plan().fresh
    undone = Project(project.root)
    shutil.rmtree(undone.root / "answers")
    undone.write(FILES)
    again = undone.plan()
    assert [model.status for model in again.models] == ["fresh"] * 4
    assert [model.key for model in again.models] == [model.key for model in before.models]


def test_without_building_it_is_stale_and_says_so(project: Project) -> None:
    project.edit("answers/helpers.py", "return [", "return [*[], ")
    found = project.plan(None)
    assert [model.model for model in found.models if model.status == "stale"] == ["dropout", "noisy"]
    assert found.of("dropout")[0].key is None
    assert found.of("noisy")[0].key is None
    assert "function block (helpers.py:7)" in str(found.of("dropout")[0].reasons[0])


def test_what_two_models_share_is_trained_once(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.edit(
        "answers/report.toml", "[models.noisy]", '[models.copy]\nbuilder = "plain"\n\n[models.noisy]'
    )
    project.build()
    assert project.trained == list(ALL)
    assert project.identified == ["plain", "dropout", "noisy", "augmented"]


def test_an_edit_during_training_is_seen_afterwards(project: Project) -> None:
    project.edit("answers/models.py", "Dense(16", "Dense(17")
    report, store, made = project.report, project.store, project.plan()
    project.edit("answers/models.py", "Dense(17", "Dense(18")
    for model in to_train(made):
        assert "Dense(17" in model.snapshot.files["models.py"] and "Dense(17" in model.code
        assert model.key is not None
        store.publish(model.key, {"f": b""})
    from reportgen import plan

    plan.record(report, store, made.models, made.sections)
    assert [model.model for model in project.plan().models if model.status == "stale"] == [
        "plain",
        "augmented",
    ]
    project.edit("answers/models.py", "Dense(18", "Dense(17")
    assert project.plan().fresh


def test_never_built_is_a_reason(tmp_path: Path) -> None:
    found = Project(tmp_path).plan()
    assert [str(model.reasons[0]) for model in found.models] == ["never trained"] * 4
    assert found.title.id == TITLE and str(found.title.reasons[0]) == "never built"
    assert found.section("q2").chains[0] == "section q2 ← plain ← never trained"


def test_a_lost_result_is_a_reason(project: Project) -> None:
    store = project.store
    key = project.plan().of("dropout")[0].key
    store.prune([entry.key for entry in store.list() if entry.key != key])
    found = project.plan().of("dropout")[0]
    assert (found.status, [str(reason) for reason in found.reasons]) == (
        "stale",
        ["the stored result is missing"],
    )
    assert found.key == key
