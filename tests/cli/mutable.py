"""A report of six models with much that can be changed, trained for real in this process."""

import json
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

from reportgen import datasets, executors, plan
from reportgen.cli import main
from reportgen.pipeline.project import open_project
from reportgen.training.job import Identity, Job
from tests.cli.own import write_data
from tests.plan.projects import to_train

MODELS = '''
"""The models."""
import keras
from keras import layers

from helpers import block, doubled, head

RATE = 0.2
SCALE = 2.0
EPSILON = 0.1


def unused(x):
    return x


class Noise(keras.layers.Layer):
    """A custom layer."""

    def call(self, x):
        return x * SCALE


def smooth(true, predicted):
    return keras.losses.categorical_crossentropy(true, predicted) + EPSILON


def flip(images, seed):
    return images[:, :, ::-1]


def warm(step, total):
    return 0.1 * (step + 1) / total


def plain(shape, classes):
    # the simplest
    hidden = layers.Dense(16, activation="relu")
    return keras.Sequential([keras.Input(shape), layers.Flatten(), hidden, layers.Dense(classes, "softmax")])


def dropout(shape, classes, rate=RATE):
    return keras.Sequential([keras.Input(shape), *block(4), layers.Dropout(rate), head(classes)])


def wide(shape, classes):
    return keras.Sequential([keras.Input(shape), *block(8), head(classes)])


def noisy(shape, classes):
    return keras.Sequential([keras.Input(shape), layers.Flatten(), Noise(), *doubled(classes)])


def closing(units):
    def builder(shape, classes):
        return keras.Sequential(
            [keras.Input(shape), layers.Flatten(), layers.Dense(units), layers.Dense(classes, "softmax")]
        )

    return builder


closed = closing(3)
'''
HELPERS = """
from keras import layers

from sizes import KERNEL


def block(filters):
    return [layers.Conv2D(filters, KERNEL), layers.Flatten()]


def head(classes):
    return layers.Dense(classes, activation="softmax")


def doubled(classes):
    return [layers.Dense(classes), layers.Activation("softmax")]


def spare():
    return 1
"""
REPORT = """
[report]
title = "Digits"
authors = ["A. Author"]

[datasets.own]
title = "our digits"
path = "own.npz"
classes = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
validation = 100

[training]
dataset = "digits"
epochs = 1
batch_size = 64
optimizer = { name = "SGD", momentum = 0.9 }
learning_rate = 0.1
loss = "categorical_crossentropy"

[models.plain]
require = ["test.accuracy > 0.3"]

[models.dropout]
title = "With dropout"

[models.wide]

[models.noisy]
epochs = 2

[models.augmented]
builder = "plain"
augmentation = "flip"
loss = "smooth"
learning_rate = "warm"

[models.closed]
dataset = "own"
"""


def answer(title: str, body: str) -> str:
    return f'+++\ntitle = "{title}"\nquestion = "What of {title}?"\n+++\n{body}\n'


CLAIM = "{% claim dropout.test.accuracy > plain.test.accuracy %}Dropout helps.{% endclaim %}"
FILES = {
    "answers/report.toml": REPORT,
    "answers/models.py": MODELS,
    "answers/helpers.py": HELPERS,
    "answers/sizes.py": "KERNEL = 3\nSPARE = 4\n",
    "answers/01-plain.md": answer("plain", "It reaches {{ plain.test.accuracy }}."),
    "answers/02-dropout.md": answer("dropout", CLAIM),
    "answers/03-wide.md": answer("wide", "{{ wide.summary }}"),
    "answers/04-noisy.md": answer("noisy", "It is {{ noisy.test.accuracy }}.\n\n{{ noisy.code }}"),
    "answers/05-augmented.md": answer("flips", '{{ augmented.gap }}\n\n![A cat.](cat.svg "Our cat")'),
    "answers/06-closed.md": answer("own data", "{{ closed.evaluation_image }}"),
    "answers/07-prose.md": answer("prose", "Nothing is measured here."),
    "answers/cat.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "templates/page.html.j2": "<html></html>",
    "templates/page.css": "p { margin: 0 }",
}


class Mutable:
    """A copy of the report that a test changes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new))

    def undo(self) -> None:
        shutil.rmtree(self.root / "answers")
        for name, text in FILES.items():
            self.write(name, text)
        write_data(self.root / "answers/own.npz")

    def status(self, capsys: pytest.CaptureFixture[str]) -> Any:
        """Return what ``reportgen status --json`` prints."""
        with pytest.raises(SystemExit) as end:
            main(["status", "--json", "--project", str(self.root)])
        out, err = capsys.readouterr()
        assert (end.value.code, err) == (0, "")
        return json.loads(out)


def trained(root: Path) -> Mutable:
    """Train the report, and remember it as a build does."""
    from reportgen.training.codec import WEIGHTS, files_of
    from reportgen.training.train import train

    made = Mutable(root)
    (root / "answers").mkdir(parents=True)
    made.undo()
    project = open_project(root)
    planned = project.plan()
    for each in to_train(planned):
        job = project.job(each)
        data = datasets.load(job.training.dataset, own=project.report.datasets)
        done = train(job, data, project.store.partial(job.key))
        project.store.publish(job.key, {**files_of(done.record), WEIGHTS: done.weights})
    # What a build would have opened for its pages.
    sections = (
        plan.seen(each, project.report, ["cat.svg"] if each.id == "q5" else ()) for each in planned.sections
    )
    plan.record(project.report, project.store, planned.models, (*sections, planned.title))
    return made


class Identifying:
    """Builds models as the training process does, but in this one; counts them."""

    def __init__(self) -> None:
        self.built: list[str] = []

    def __call__(self, jobs: list[Job], rehearse: Collection[int] = (), **_: object) -> list[Identity]:
        from reportgen.training.identify import identify

        self.built += [job.model for job in jobs]
        own = {job.dataset_file.name: job.dataset_file for job in jobs if job.dataset_file}
        return [identify(job, datasets.load(job.training.dataset, own=own)) for job in jobs]


@pytest.fixture(scope="module")
def identifying() -> Iterator[Identifying]:
    """Spare every row of a table the start of a process."""
    made = Identifying()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(executors, "identify", made)
        yield made
