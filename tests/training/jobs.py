"""Small experiments on real digits, for tests that train."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

from reportgen.datasets.types import Dataset, Split
from reportgen.report.training_parameters import Component, Training
from reportgen.training.job import Job

SGD = Component("SGD", {"momentum": 0.9, "nesterov": True})
TRAINING = Training(
    dataset="digits",
    validation=100,
    epochs=2,
    batch_size=32,
    optimizer=SGD,
    learning_rate=0.05,
    loss=Component("categorical_crossentropy"),
    metrics=("accuracy",),
    augmentation=None,
    precision="float32",
)
RESTLESS: Mapping[str, Any] = {"epochs": 4, "augmentation": "augment", "learning_rate": "falling"}
MODELS = """
import tensorflow as tf
from keras import Sequential, layers


def dense(input_shape, classes):
    return Sequential([
        layers.Input(input_shape),
        layers.Flatten(),
        layers.Dense(32, activation="tanh"),
        layers.Dense(classes, activation="softmax"),
    ])


def everything(input_shape, classes):
    return Sequential([
        layers.Input(input_shape),
        layers.Conv2D(8, 3),
        layers.BatchNormalization(momentum=0.75),
        layers.Activation("relu"),
        layers.MaxPooling2D(2),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(classes, activation="softmax"),
    ])


def falling(step, total_steps):
    return 0.1 * (1 - step / total_steps)


def augment(images, seed):
    shift = tf.random.stateless_uniform([tf.shape(images)[0], 1, 1, 1], seed, -0.1, 0.1)
    return images + shift
"""


def digits(images: int = 420) -> Dataset:
    """Return the first digits: all but the last 100 to train on and validate with, those to test."""
    found = load_digits()
    pixels = (found.images[:images, :, :, None] * 15).astype(np.uint8)
    labels = found.target[:images].astype(np.uint8)
    cut = images - 100
    train, test = Split(pixels[:cut], labels[:cut]), Split(pixels[cut:], labels[cut:])
    return Dataset("digits", "digits", train, test, 100, tuple("0123456789"), "f" * 64)


def job(
    builder: str = "dense", sources: Mapping[str, str] | None = None, seed: int = 1, **changes: Any
) -> Job:
    """Return a job for a builder of `MODELS`; `changes` are fields of the training."""
    training = replace(TRAINING, **changes)
    texts = sources or {"models.py": MODELS}
    return Job(builder, builder, texts, str(Path("answers/models.py")), training, seed, "k" * 64, {})
