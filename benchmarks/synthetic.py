"""Report projects of any size, whose results are made up: for measuring everything but training."""

import hashlib
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reportgen import plan as plans
from reportgen.pipeline.project import Project, open_project
from reportgen.training import codec

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.factories import CNN_LAYERS, make_record  # noqa: E402

SIZES = {"train": 40_000, "validation": 10_000, "test": 10_000}
WEIGHTS = sum(layer.parameters for layer in CNN_LAYERS) * 4
HEAD = """\
[report]
title = "A synthetic report"
authors = ["Nobody"]

[training]
dataset = "cifar10"
epochs = 15
batch_size = 32
optimizer = { name = "SGD", momentum = 0.9, nesterov = true }
learning_rate = 0.01
loss = "categorical_crossentropy"
"""
BUILDER = '''

def {name}(input_shape, classes):
    """Build model {number}."""
    return Sequential(
        [
            layers.Input(input_shape),
            layers.Conv2D({units}, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(classes, activation="softmax"),
        ]
    )
'''
ANSWER = """\
+++
title = "Question {number}"
question = "How good is model {number}, and how large?"
+++
It reaches {{{{ {name}.test.accuracy }}}} on the test images, {{{{ {name}.train.accuracy }}}} on those it was
trained on, and has {{{{ {name}.parameters.total }}}} parameters. This sentence is here to be edited: NOTHING.
{{% claim {name}.test.accuracy > 0.5 %}}It is right more often than not{{% endclaim %}}.

A filter sees a neighbourhood, not the whole image, and the same filter runs over all of it. Pooling keeps
the strongest response and forgets where exactly it was, so that small shifts do not change the class. What
is worth seeing in one place is worth seeing in any.
"""
SHOWN = """
{{{{ {name}.summary }}}}

{{{{ {name}.evaluation_image }}}}
"""


def write(folder: Path, count: int, *, shown: bool = False, sizes: dict[str, int] | None = None) -> Project:
    """Write a project of `count` sections over as many models, all with results, and return it.

    Parameters
    ----------
    shown : bool
        Whether every section shows the layer table and the evaluation image of its model.
    sizes : dict of str to int, optional
        Images in each split; by default those of CIFAR-10.
    """
    answers = folder / "answers"
    answers.mkdir(parents=True)
    shutil.copytree(ROOT / "templates", folder / "templates")
    names = [f"model_{number}" for number in range(1, count + 1)]
    tables = (f'[models.{name}]\ntitle = "Model {name[6:]}"\n' for name in names)
    (answers / "report.toml").write_text("\n".join((HEAD, *tables)))
    builders = (
        BUILDER.format(name=name, number=number, units=8 + number) for number, name in enumerate(names, 1)
    )
    models = "".join(('"""Many models."""\n\nfrom keras import Sequential, layers\n', *builders))
    (answers / "models.py").write_text(models)
    text = ANSWER + SHOWN * shown
    for number, name in enumerate(names, 1):
        (answers / f"{number:04d}-{name}.md").write_text(text.format(number=number, name=name))
    project = open_project(folder)
    fill(project, sizes or SIZES)
    return project


def fill(project: Project, sizes: dict[str, int]) -> None:
    """Store a made-up result for every model and seed that has none."""

    def identify(planned: Sequence[plans.ModelPlan]) -> list[plans.Identity]:
        digests = ((each, hashlib.sha256(each.name.encode()).hexdigest()) for each in planned)
        return [(f"{{{each.model}}}", digest, {}) for each, digest in digests]

    planned = plans.make(project.report, project.store, project.data, identify)
    stale = [each for each in planned.models if each.status != "fresh"]
    for number, each in enumerate(stale):
        assert each.key
        accuracy = {"train": 0.75, "validation": 0.64 + 0.0001 * number, "test": 0.63 + 0.0001 * number}
        dataset = each.spec.training.dataset
        made = make_record(
            seed=each.seed, key=each.key, accuracy=accuracy, sizes=sizes, epochs=each.spec.training.epochs
        )
        record = replace(made, dataset=project.data(dataset).fingerprint, projection=dict(each.projection))
        files = {**codec.files_of(record), codec.WEIGHTS: bytes(WEIGHTS)}
        project.store.publish(each.key, files)
    plans.record(project.report, project.store, stale)


def edit(folder: Path, number: int) -> None:
    """Edit one sentence of the first section, another way for every number."""
    path = next(iter(sorted((folder / "answers").glob("*.md"))))
    head, _, tail = path.read_text(encoding="utf-8").partition("to be edited: ")
    letters = "".join("abcdefghij"[int(digit)] for digit in str(number))
    path.write_text(f"{head}to be edited: {letters}{tail[tail.index('.') :]}", encoding="utf-8")
