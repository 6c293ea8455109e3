"""A report on a data set of its own, and a training of it during which everything is edited."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

from tests.cli.processes import Started
from tests.projects import write_project

EPOCHS = 12
OWN = f"""\
[report]
title = "Digits of our own"
authors = ["A. Author"]

[datasets.own]
title = "our digits"
path = "own.npz"
classes = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
validation = 100

[training]
dataset = "own"
epochs = {EPOCHS}
batch_size = 2
optimizer = {{ name = "Adam" }}
learning_rate = "falling"
loss = "categorical_crossentropy"
augmentation = "shaken"

[models.first]
[models.second]
epochs = 1
"""
MODELS = '''\
import tensorflow as tf
from keras import Sequential, layers


def first(input_shape, classes):
    """Build a network with everything that has a state of its own."""
    return Sequential(
        [
            layers.Input(input_shape),
            layers.Conv2D(4, 3, activation="relu"),
            layers.BatchNormalization(momentum=0.9),
            layers.Flatten(),
            layers.Dropout(0.25),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def second(input_shape, classes):
    return Sequential(
        [layers.Input(input_shape), layers.Flatten(), layers.Dense(classes, activation="softmax")]
    )


def falling(step, total_steps):
    return 0.01 * (1 - step / total_steps)


def shaken(images, seed):
    return images + tf.random.stateless_uniform([tf.shape(images)[0], 1, 1, 1], seed, -0.1, 0.1)
'''
ANSWER = """\
+++
title = "First"
question = "How good?"
+++
It reaches {{ first.test.accuracy }}.

{{ first.mistakes }}
"""


def write_data(path: Path, flipped: int = 0) -> None:
    digits = load_digits()
    images, labels = (digits.images * 15).astype(np.uint8), digits.target
    images[0, 0, 0] ^= flipped
    np.savez(path, x_train=images[:700], y_train=labels[:700], x_test=images[700:900], y_test=labels[700:900])


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@dataclass(frozen=True)
class Edited:
    """A training during which models.py, report.toml and the data were changed, each after it was read."""

    folder: Path

    @property
    def status(self) -> int:
        return int((self.folder / "status").read_text())

    @property
    def err(self) -> str:
        """What it said on standard error."""
        return (self.folder / "stderr").read_text()

    def undone(self, folder: Path) -> Path:
        """Return a copy with the files as they were when training began."""
        shutil.copytree(self.folder, folder)
        (folder / "answers/report.toml").write_text(OWN)
        (folder / "answers/models.py").write_text(MODELS)
        write_data(folder / "answers/own.npz")
        return folder


def train_and_edit(folder: Path) -> None:
    """Train the first model undisturbed, but edit what it was made from meanwhile."""
    write_project(folder, report__toml=OWN, models__py=MODELS, **{"01-accuracy__md": ANSWER})
    answers = folder / "answers"
    (answers / "02-comparison.md").unlink()
    write_data(answers / "own.npz")
    training = Started(folder, "train")
    training.until("first: epoch 2/")
    replace(answers / "models.py", "0.01 * (1 - step", "0.02 * (1 - step")
    replace(answers / "report.toml", "batch_size = 2", "batch_size = 8")
    write_data(answers / "own.npz", flipped=1)
    status, _, err = training.end()
    (folder / "status").write_text(str(status))
    (folder / "stderr").write_text(err)
