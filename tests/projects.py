"""Small report projects on disk, for tests."""

from pathlib import Path

REPORT = """\
[report]
title = "Digits"
authors = ["A. Author"]

[training]
dataset = "digits"
epochs = 2
batch_size = 32
optimizer = { name = "SGD", momentum = 0.9, nesterov = true }
learning_rate = 0.1
loss = "categorical_crossentropy"

[models.small]
title = "Small network"
require = [
    "test.accuracy > 0.3",
    "epochs <= 25",
]

[models.linear]
"""

MODELS = '''\
"""Two models."""

from keras import Sequential, layers


def small(input_shape, classes):
    """Build a network with one hidden layer."""
    return Sequential(
        [
            layers.Input(input_shape),
            layers.Flatten(),
            layers.Dense(16, activation="relu"),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def linear(input_shape, classes):
    """Build a softmax regression."""
    return Sequential(
        [layers.Input(input_shape), layers.Flatten(), layers.Dense(classes, activation="softmax")]
    )
'''

FIRST = """\
+++
title = "Accuracy"
question = "How accurate is the small model?"
+++
It reaches {{ small.test.accuracy }} with {{ small.parameters.total }} parameters.

{{ small.summary }}

{{ small.evaluation_image }}
"""

SECOND = """\
+++
title = "Comparison"
question = "Compare it with softmax regression."
+++
{% claim linear.parameters.total < small.parameters.total %}The softmax regression is the smaller of
the two{% endclaim %}: {{ linear.parameters.total }} parameters.
"""


def write_project(root: Path, **files: str) -> Path:
    """Write a report project of two models on the digits and return its folder.

    `files` replaces or adds files of answers/ by name, with ``__`` for a dot: ``report__toml="…"``.
    """
    contents = {
        "report.toml": REPORT,
        "models.py": MODELS,
        "01-accuracy.md": FIRST,
        "02-comparison.md": SECOND,
    } | {name.replace("__", "."): text for name, text in files.items()}
    answers = root / "answers"
    answers.mkdir(parents=True, exist_ok=True)
    for name, text in contents.items():
        (answers / name).write_text(text, encoding="utf-8")
    return root
