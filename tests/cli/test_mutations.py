"""The mutation table: a change to a really trained report, and what ``reportgen status --json`` says of it.

`ROWS` is the table; every row is undone afterwards, and then all is fresh again.
"""
# ruff: noqa: E501 - one row a line

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from reportgen.plan import versions
from tests.cli.conftest import run_in
from tests.cli.mutable import Identifying, Mutable, identifying, trained
from tests.cli.own import write_data

__all__ = ["identifying"]

MODELS = ("plain", "dropout", "wide", "noisy", "augmented", "closed")
OF = dict(zip(MODELS, ("q1", "q2", "q3", "q4", "q5", "q6"), strict=True))
EVERY = ("q1", "q2", "q3", "q4", "q5", "q6", "q7")
DIGITS = MODELS[:5]
Edit = Callable[[Mutable], object]


@dataclass(frozen=True)
class Row:
    """A change, and all that is stale after it.

    Sections of stale models are set anew in any case; `sections` are those besides. `causes` are all that are
    named, `says` is a part of one sentence, `built` are the models that had to be built to know.
    """

    edit: Edit
    models: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    causes: str = ""
    says: str = ""
    evaluate: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    title: bool = False
    built: tuple[str, ...] = ()


def code(old: str, new: str) -> Edit:
    return lambda report: report.edit("answers/models.py", old, new)


def helper(old: str, new: str) -> Edit:
    return lambda report: report.edit("answers/helpers.py", old, new)


def toml(old: str, new: str) -> Edit:
    return lambda report: report.edit("answers/report.toml", old, new)


def in_file(name: str, old: str, new: str) -> Edit:
    return lambda report: report.edit(name, old, new)


def of(model: str, line: str) -> Edit:
    return toml(f"[models.{model}]", f"[models.{model}]\n{line}")


def labels(report: Mutable) -> None:
    path = report.root / "answers/own.npz"
    with np.load(path) as stored:
        arrays = dict(stored)
    arrays["y_train"][0] = (arrays["y_train"][0] + 1) % 10
    np.savez(path, **arrays)


def renamed(report: Mutable) -> None:
    report.edit("answers/report.toml", "[models.noisy]", '[models.loud]\nbuilder = "noisy"')
    report.edit("answers/04-noisy.md", "noisy.", "loud.")


def nothing(report: Mutable) -> None:
    for path in report.root.rglob("*.py"):
        path.write_bytes(path.read_bytes())


CONV = "    return [layers.Conv2D(filters, KERNEL), layers.Flatten()]"
ROWS = {
    # prose, look and title
    "every file written again": Row(nothing),
    "prose of one answer": Row(in_file("answers/07-prose.md", "Nothing", "Little"), (), ("q7",), "text", "07-prose.md"),
    "a question": Row(in_file("answers/01-plain.md", "What of", "And"), (), ("q1",), "text", "01-plain.md"),
    "a caption": Row(in_file("answers/05-augmented.md", "Our cat", "The cat"), (), ("q5",), "text", "05-augmented.md"),
    "a picture": Row(in_file("answers/cat.svg", 'width="9"', 'width="8"'), (), ("q5",), "image", "cat.svg"),
    "template": Row(in_file("templates/page.html.j2", "html", "main"), (), EVERY, "template", "page.html.j2", title=True),
    "CSS": Row(in_file("templates/page.css", "0", "1px"), (), EVERY, "template", "page.css", title=True),
    "title": Row(toml('"Digits"', '"Numbers"'), (), (), "title", "title Digits → Numbers", title=True),
    "a model's title": Row(toml("With dropout", "Dropout"), (), ("q2",), "titles", "With dropout → Dropout"),
    "language": Row(toml('title = "Digits"', 'title = "Digits"\nlanguage = "sv"'), (), EVERY, "look", "language en → sv", title=True),
    # what models.py looks like
    "comment": Row(code("# the simplest", "# a simple one")),
    "comment added": Row(code("RATE = 0.2", "RATE = 0.2  # a fifth")),
    "docstring of the module": Row(code('"""The models."""', '"""Models."""')),
    "docstring that is printed": Row(code('"""A custom layer."""', '"""A layer."""'), (), ("q4",), "code", "noisy"),
    "formatting": Row(code('layers.Dense(16, activation="relu")', "layers.Dense(\n        16, activation='relu'\n    )")),
    "import order": Row(code("import keras\nfrom keras import layers\n", "from keras import layers\nimport keras\n")),
    "order of functions": Row(lambda report: (report.edit("answers/models.py", "def unused(x):\n    return x\n\n\n", ""), report.edit("answers/models.py", "def closing(", "def unused(x):\n    return x\n\n\ndef closing("))),
    "local variable renamed": Row(code("hidden", "inner"), built=("plain", "augmented")),
    "keyword for position": Row(helper("layers.Dense(classes, activation", "layers.Dense(units=classes, activation"), built=("dropout", "wide")),
    # helpers
    "unused helper changed": Row(code("def unused(x):\n    return x", "def other(x):\n    return x + 1")),
    "unused helper added": Row(helper("def spare", "def more():\n    return 2\n\n\ndef spare")),
    "unused constant": Row(in_file("answers/sizes.py", "SPARE = 4", "SPARE = 5")),
    "a new module": Row(lambda report: report.write("answers/more.py", "X = 1\n")),
    "helper of two builders": Row(helper("layers.Flatten()", "layers.GlobalMaxPooling2D()"), ("dropout", "wide"), (), "architecture source", "layer Flatten → GlobalMaxPooling2D", built=("dropout", "wide")),
    "module behind a helper": Row(in_file("answers/sizes.py", "KERNEL = 3", "KERNEL = 5"), ("dropout", "wide"), (), "architecture source", "KERNEL = 3 → KERNEL = 5", built=("dropout", "wide")),
    "helper refactored": Row(helper(CONV, "    first = layers.Conv2D(filters, KERNEL)\n    return [first, layers.Flatten()]"), built=("dropout", "wide")),
    "helper refactored around a custom layer": Row(helper("    return [layers.Dense(classes), ", "    return [*[], layers.Dense(classes), "), ("noisy",), (), "source code", "", built=("noisy",)),  # in vain
    "helper moved to another module": Row(lambda report: (report.write("answers/more.py", "from keras import layers\n\n\ndef head(classes):\n    return layers.Dense(classes, activation=\"softmax\")\n"), report.edit("answers/models.py", "block, doubled, head", "block, doubled\nfrom more import head")), ("noisy", "augmented", "closed"), (), "source", built=("plain", "dropout", "wide")),  # in vain
    "constant refactored": Row(in_file("answers/sizes.py", "KERNEL = 3", "KERNEL = 1 + 2"), built=("dropout", "wide")),
    "builder refactored": Row(code("[keras.Input(shape), layers.Flatten(), hidden,", "[keras.Input(shape)] + [layers.Flatten(), hidden,"), built=("plain", "augmented")),
    # what builders read
    "module-level constant": Row(code("RATE = 0.2", "RATE = 0.3"), ("dropout",), (), "architecture source", "dropout rate 0.2 → 0.3", built=("dropout",)),
    "default argument": Row(code("rate=RATE", "rate=0.5"), ("dropout",), (), "architecture source", "dropout rate 0.2 → 0.5", built=("dropout",)),
    "closure value": Row(code("closing(3)", "closing(4)"), ("closed", "noisy", "augmented"), (), "architecture source code", "dense units 3 → 4", built=("plain", "dropout", "wide")),  # in vain but for closed
    "builder": Row(code("Dense(16", "Dense(17"), ("plain", "augmented"), ("q2",), "architecture source", "dense units 16 → 17", built=("plain", "augmented")),
    "custom layer": Row(code("x * SCALE", "x + SCALE"), ("noisy",), (), "source code", "x * SCALE → return x + SCALE", built=("noisy",)),
    "constant of a custom layer": Row(code("SCALE = 2.0", "SCALE = 3.0"), ("noisy",), (), "source code", "SCALE = 2.0 → SCALE = 3.0", built=("noisy",)),
    "loss": Row(code("predicted) + EPSILON", "predicted) - EPSILON"), ("augmented",), (), "source", "function smooth"),
    "constant of a loss": Row(code("EPSILON = 0.1", "EPSILON = 0.2"), ("augmented",), (), "source", "EPSILON = 0.1 → EPSILON = 0.2"),
    "augmentation": Row(code("::-1", "::-2"), ("augmented",), (), "source", "function flip"),
    "schedule": Row(code("step + 1", "step + 2"), ("augmented",), (), "source", "function warm"),
    # how models are trained
    "learning rate": Row(of("wide", "learning_rate = 0.2"), ("wide",), (), "training", "q3 ← wide ← learning_rate 0.1 → 0.2"),
    "epochs": Row(toml("epochs = 2", "epochs = 3"), ("noisy",), (), "training", "q4 ← noisy ← epochs 2 → 3"),
    "minibatch": Row(of("closed", "batch_size = 32"), ("closed",), (), "training", "batch_size 64 → 32"),
    "optimizer": Row(of("wide", 'optimizer = { name = "Adam" }'), ("wide",), (), "training", "optimizer SGD → Adam"),
    "momentum": Row(of("wide", 'optimizer = { name = "SGD", momentum = 0.8 }'), ("wide",), (), "training", "momentum 0.9 → 0.8"),
    "loss by name": Row(of("wide", 'loss = "mean_squared_error"'), ("wide",), (), "training", "loss categorical_crossentropy → mean_squared_error"),
    "split": Row(of("wide", "validation = 99"), ("wide",), (), "training", "validation 240 → 99"),
    "the same split, said": Row(of("wide", "validation = 240")),
    "precision": Row(of("wide", 'precision = "bfloat16"'), ("wide",), (), "training", "precision float32 → bfloat16"),
    "metric": Row(of("wide", 'metrics = ["accuracy", "top_k_categorical_accuracy"]'), (), ("q3",), "metrics", "metrics", evaluate=("wide",)),
    "seed": Row(of("wide", "seeds = [7]"), ("wide",), (), "seed", "seed 1 → 7", built=("wide",)),
    "a second seed": Row(of("wide", "seeds = [1, 2]"), ("wide",), (), "never trained", "wide (seed 2) ← never trained", built=("wide",)),
    "for all at once": Row(toml("batch_size = 64", "batch_size = 32"), MODELS, (), "training", "batch_size 64 → 32"),
    # data
    "one byte of the data": Row(lambda report: write_data(report.root / "answers/own.npz", flipped=1), ("closed",), (), "data", "images or labels"),
    "one label": Row(labels, ("closed",), (), "data", "images or labels"),
    "class names": Row(toml('["0", "1",', '["zero", "one",'), (), ("q6",), "classes", "own"),
    "one class more": Row(toml('"9"]', '"9", "none"]'), ("closed",), (), "data classes", "number of classes 10 → 11"),
    # what must hold
    "a requirement": Row(toml("> 0.3", "> 0.4"), (), (), "requirements", "test.accuracy > 0.4", verdict=("q1", "q2")),
    "a claim": Row(in_file("answers/02-dropout.md", "dropout.test.accuracy >", "dropout.test.accuracy >="), (), (), "claims", "02-dropout.md", verdict=("q2",)),
    # names and copies
    "a model renamed": Row(renamed, (), ("q4",), "text code results requirements titles", "newly used"),
    "another with the same spec": Row(toml("[models.noisy]", '[models.twin]\nbuilder = "plain"\n\n[models.noisy]')),
    "another section": Row(lambda report: report.write("answers/08-more.md", '+++\ntitle = "More"\nquestion = "More?"\n+++\nNo.\n'), (), ("q8",), "never built, contents", "never built", title=True),
}  # fmt: skip
VERSIONS = {
    "tensorflow": Row(nothing, MODELS, (), "version", "tensorflow", built=("plain", "dropout", "wide", "noisy", "augmented")),
    "keras": Row(nothing, MODELS, (), "version", "keras", built=("plain", "dropout", "wide", "noisy", "augmented")),
    "matplotlib": Row(nothing, (), EVERY, "version", "matplotlib", title=True),
    "weasyprint": Row(nothing, (), EVERY, "version", "weasyprint", title=True),
}  # fmt: skip


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, identifying: Identifying) -> Mutable:
    return trained(tmp_path_factory.mktemp("mutable") / "report")


@pytest.fixture
def report(original: Mutable, tmp_path: Path) -> Mutable:
    return Mutable(Path(shutil.copytree(original.root, tmp_path / "report")))


def check(row: Row, report: Mutable, identifying: Identifying, capsys: pytest.CaptureFixture[str]) -> None:
    identifying.built.clear()
    found = report.status(capsys)
    theirs = {OF[model] for model in (*row.models, *row.evaluate)} | (
        {"q2"} if "plain" in row.models else set()
    )
    assert named(found["models"], "stale") == set(row.models)
    assert named(found["models"], "evaluate") == set(row.evaluate)
    assert named(found["sections"], "stale") == theirs | set(row.sections)
    assert named(found["sections"], "verdict") == set(row.verdict)
    assert named([found["title"]], "stale") == ({"title page"} if row.title else set())
    things = [*found["models"], *found["sections"], found["title"]]
    assert all(bool(thing["reasons"]) == (thing["status"] != "fresh") for thing in things)
    causes = {reason["cause"] for thing in things for reason in thing["reasons"]}
    assert causes == set(row.causes.split(", ") if row.causes.startswith("never") else row.causes.split())
    told = [
        text
        for thing in things
        for text in (*thing.get("chains", ()), *(each["text"] for each in thing["reasons"]))
    ]
    assert row.says in " | ".join(told)
    # What is stale is built, to know its key and to see that it can be trained; what may be another, too.
    assert {name.partition(" ")[0] for name in identifying.built} == {*row.models, *row.built}


def named(things: list[dict[str, str]], status: str) -> set[str]:
    """Return the models or sections that have a status."""
    return {each.get("model") or each["section"] for each in things if each["status"] == status}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_row(row: Row, report: Mutable, identifying: Identifying, capsys: pytest.CaptureFixture[str]) -> None:
    row.edit(report)
    check(row, report, identifying, capsys)
    identifying.built.clear()
    report.undo()
    assert report.status(capsys)["fresh"]
    assert identifying.built == []


@pytest.mark.parametrize("library", VERSIONS)
def test_version(
    library: str, report: Mutable, identifying: Identifying, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(
        versions, "installed", lambda name: "99" if name == library else metadata.version(name)
    )
    check(VERSIONS[library], report, identifying, capsys)


def test_the_process_says_the_same(original: Mutable, tmp_path: Path) -> None:
    """One row as a user asks it, with the process that builds."""
    report = Mutable(Path(shutil.copytree(original.root, tmp_path / "report")))
    report.edit("answers/models.py", "RATE = 0.2", "RATE = 0.3")
    done = run_in(report.root, "status", "--json")
    assert done.returncode == 0, done.stderr
    stale = {
        each["model"]: each["reasons"][0]["text"]
        for each in json.loads(done.stdout)["models"]
        if each["reasons"]
    }
    assert stale == {"dropout": "dropout rate 0.2 → 0.3"}
