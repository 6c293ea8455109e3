"""Several inputs of an item into networks, estimators and functions: matched by name, or refused by name."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.datasets.inputs import ready
from reportgen.datasets.types import Dataset, Split
from reportgen.document.notebook import standalone
from reportgen.errors import InputError, Place
from reportgen.report.dataset_file import DatasetFile
from reportgen.training.augmented import augmented
from reportgen.training.build import build
from reportgen.training.export import export
from reportgen.training.identify import evaluate, identify
from reportgen.training.importance import REPEATS
from reportgen.training.job import Job, Progress
from reportgen.training.prepare import opened
from reportgen.training.recipe import Recipe
from reportgen.training.record import FOLDS
from reportgen.training.tensorflow import keras, tf
from reportgen.training.train import Trained, train
from reportgen.training.weights import unpack
from tests.factories import make_report
from tests.training.jobs import TRAINING, job

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
MODELS = """
import keras
import numpy as np
import tensorflow as tf
from keras import Input, Model, Sequential, layers
from sklearn.tree import DecisionTreeClassifier


def both(input_shape, classes):
    scan = Input(input_shape["scan"], name="scan")
    values = Input(input_shape["values"], name="values")
    note = Input(input_shape["note"], dtype="string", name="note")
    words = layers.TextVectorization(output_mode="multi_hot", max_tokens=20, pad_to_max_tokens=True)(note)
    parts = [
        layers.Flatten()(layers.Conv2D(4, 3, activation="relu")(scan)),
        layers.Dense(4, activation="tanh")(layers.Normalization()(values)),
        words,
    ]
    output = layers.Dense(classes, activation="softmax")(layers.Concatenate()(parts))
    return Model([values, note, scan], output)


class Two(keras.Model):
    def __init__(self, classes):
        super().__init__()
        self.flat, self.last = layers.Flatten(), layers.Dense(classes, activation="softmax")

    def call(self, inputs):
        return self.last(tf.concat([self.flat(inputs["scan"]), inputs["values"]], 1))


def own(input_shape, classes):
    return Two(classes)


def values_alone(input_shape, classes):
    inputs = {name: Input(shape, name=name, dtype=None if shape else "string")
              for name, shape in input_shape.items()}
    return Model(inputs, layers.Dense(classes, activation="softmax")(inputs["values"]))


def chain(input_shape, classes):
    return Sequential([layers.Dense(classes, activation="softmax")])


def fewer(input_shape, classes):
    scan, values = Input(input_shape["scan"], name="scan"), Input(input_shape["values"])
    flat = layers.Concatenate()([layers.Flatten()(scan), values])
    return Model([scan, values], layers.Dense(classes, activation="softmax")(flat))


def numbers(input_shape, classes):
    inputs = [Input(shape or (1,), name=name) for name, shape in input_shape.items()]
    flat = layers.Concatenate()([layers.Flatten()(each) for each in inputs])
    return Model(inputs, layers.Dense(classes, activation="softmax")(flat))


def tree(input_shape, classes):
    return DecisionTreeClassifier()


def told(data, seed, epoch):
    assert list(data.x_train) == ["scan", "values", "note"]
    assert data.x_train["scan"].max() <= 1 and data.x_train["values"].max() > 1
    assert data.x_test["note"].dtype.kind == "U"
    inputs = {"train": data.x_train, "validation": data.x_validation, "test": data.x_test}
    return {name: (each["values"][:, 0] > 5).astype(float) for name, each in inputs.items()}


def flipped(inputs, seed):
    return {**inputs, "scan": 1 - inputs["scan"]}


def forgotten(inputs, seed):
    return {"scan": inputs["scan"]}
"""
SHAPES = {"scan": (6, 6, 1), "values": (2,), "note": ()}


def split(count: int, seed: int, word: str = "") -> Split:
    """Return items whose first value says the class, as the words do; the images say nothing."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, count).astype(np.uint8)
    values = np.stack([10.0 * labels + random.normal(size=count), random.normal(size=count)], 1)
    scan = random.integers(0, 256, (count, 6, 6, 1)).astype(np.uint8)
    note = np.array([f"{word} {'fine' if label else 'bad'}" for label in labels])
    parts = {"scan": scan, "values": values, "note": note}
    return Split(ready(parts, parts)[0], labels)


def data(names: tuple[str, ...] = tuple(SHAPES)) -> Dataset:
    train, test = split(96, 0), split(40, 1, "unheard")
    given = [{name: each.several[name] for name in names} for each in (train, test)]
    first, second = ready(*given)
    return Dataset(
        "own",
        "Own",
        Split(first, train.labels),
        Split(second, test.labels),
        32,
        ("no", "yes"),
        "f" * 64,
        columns=names,
    )


def asked(builder: str, **changes: Any) -> Job:
    training = replace(TRAINING, epochs=2, batch_size=16, validation=32)
    return replace(job(builder, {"models.py": MODELS}), training=replace(training, **changes))


BOTH = asked("both", metrics=("accuracy", "auc"), class_weights="balanced")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """One epoch, and then another one from its checkpoint."""
    folder, told = tmp_path_factory.mktemp("both"), list[Progress]()
    train(replace(BOTH, training=replace(BOTH.training, epochs=1)), data(), folder)
    found = train(BOTH, data(), folder, told.append)
    assert any(each.resumed for each in told)
    return found


def test_a_network_is_trained_and_measured_by_names(done: Trained) -> None:
    record = done.record
    assert record.way == "by Keras's own step: it has several inputs"
    assert {each.name: each.output_shape[1:] for each in record.inputs} == SHAPES
    assert not record.pictures
    assert record.evaluations["test"].accuracy > 0.9
    assert list(record.importance) == ["scan", "values", "note"]
    assert np.mean(record.importance["values"]) > np.mean(record.importance["scan"])
    assert evaluate(BOTH, data(), done.weights)["test"] == pytest.approx(record.evaluations["test"].metrics)


def test_it_is_trained_as_keras_does(done: Trained) -> None:
    """The same minibatches, given to ``fit`` as a dict of arrays."""
    with opened(BOTH) as functions:
        model = build(BOTH, functions, data())
        recipe = Recipe.of(BOTH, functions, data(), 2)
        parts = recipe.splits["train"].several
        inputs = {
            "scan": tf.constant(parts["scan"] / np.float32(255)),
            "values": tf.constant(parts["values"].astype(np.float32)),
            "note": tf.constant(parts["note"]),
        }
        for layer in model.layers:
            if hasattr(layer, "adapt"):
                layer.adapt(keras.Model(model.inputs, layer.input)(inputs))
        labels = recipe.encode(recipe.splits["train"].labels)
        model.compile(recipe.optimizer(), recipe.loss, metrics=["accuracy"])
        model.optimizer.learning_rate = BOTH.training.learning_rate
        before = model.get_weights()
        for epoch in range(2):
            order = np.random.default_rng([BOTH.seed, epoch]).permutation(len(labels))
            given = {name: tf.gather(part, order) for name, part in inputs.items()}
            weights = dict(enumerate(recipe.weights))
            model.fit(given, tf.gather(labels, order), 16, shuffle=False, verbose=0, class_weight=weights)
        after = model.get_weights()
        unpack(done.weights, model)
        assert distance(after, before) > 0.01
        assert distance(after, model.get_weights()) < 1e-5 * distance(after, before)


def test_the_notebook_for_elsewhere_trains_the_same(done: Trained) -> None:
    """Its cells, on data that a function returns."""
    spec = replace(make_report(("both",)).models["both"], training=replace(BOTH.training, dataset="own"))
    declared = DatasetFile(
        "own", "Own", Path("models.py"), ("no", "yes"), 32, Place(Path("report.toml"), 3), function="own_data"
    )
    report = replace(make_report(("both",)), models={"both": spec}, datasets={"own": declared})
    whole = data()
    parts = [(split.several, split.labels) for split in (whole.train, whole.test)]
    known: dict[str, Any] = {"own_data": lambda: parts}
    for cell in standalone.make(report, {"models.py": MODELS}, {"both": done.record}).cells:
        if cell["cell_type"] == "code":
            exec(cell["source"].replace("verbose=2", "verbose=0"), known)
    there = known["model"].get_weights()
    unpack(done.weights, known["model"])
    none = [0 * weight for weight in there]
    assert distance(there, known["model"].get_weights()) < 1e-4 * distance(there, none)


def distance(some: list[Any], others: list[Any]) -> float:
    return sum(float(np.linalg.norm(one - other)) for one, other in zip(some, others, strict=True))


def test_it_is_exported_and_predicts_the_same(done: Trained, tmp_path: Path) -> None:
    right = int(done.record.evaluations["test"].correct.sum())
    export(BOTH, data(), done.weights, right, tmp_path / "m.keras")
    assert (tmp_path / "m.keras").exists()


def test_a_class_of_its_own_gets_a_dict(tmp_path: Path) -> None:
    done = train(asked("own", folds=2, epochs=1), data(("scan", "values")), tmp_path).record
    assert [each.name for each in done.inputs] == ["scan", "values"]
    assert done.evaluations["test"].accuracy > 0.9
    assert len(done.evaluations[FOLDS].labels) == 96


def test_an_input_may_be_left_aside(tmp_path: Path) -> None:
    done = train(asked("values_alone", epochs=1), data(), tmp_path).record
    assert done.importance["scan"] == (0.0,) * REPEATS != done.importance["values"]


@pytest.mark.parametrize(
    ("builder", "said"),
    [
        ("chain", "chain() is a Sequential, which has one input, and an item has scan, values, note"),
        ("fewer", "fewer() has the inputs scan, keras_tensor, and an item has scan, values, note"),
        ("numbers", "the model takes numbers as note, which is text"),
        ("tree", "note is text, and an estimator gets several inputs side by side"),
    ],
)
def test_other_inputs_than_the_datas_are_refused_at_the_builder(builder: str, said: str) -> None:
    line = 1 + MODELS[: MODELS.index(f"def {builder}(")].count("\n")
    with pytest.raises(InputError, match=re.escape(said)) as caught:
        identify(asked(builder), data())
    (problem,) = caught.value.problems
    assert (problem.line, bool(problem.remedy)) == (line, True)


def test_an_estimator_gets_numbers_side_by_side(tmp_path: Path) -> None:
    done = train(asked("tree"), data(("scan", "values")), tmp_path).record
    assert [(each.type, each.name) for each in done.inputs] == [("Input", "scan"), ("Input", "values")]
    assert done.evaluations["test"].accuracy > 0.9
    assert np.mean(done.importance["values"]) > 0.3 > np.mean(done.importance["scan"])


def test_a_training_function_gets_dicts(tmp_path: Path) -> None:
    done = train(asked("told", train="told"), data(), tmp_path).record
    assert done.evaluations["test"].accuracy == 1
    assert [each.name for each in done.inputs] == ["scan", "values", "note"]


def test_an_augmentation_gets_and_gives_a_dict() -> None:
    sheet, labels = augmented(asked("both", augmentation="flipped"), data(), 2, 1)
    np.testing.assert_array_equal(sheet[:, 1], 255 - sheet[:, 0])
    assert sorted(labels.tolist()) == [0, 1]
    identify(asked("both", augmentation="flipped"), data(), rehearse=True)
    said = r"forgotten\(\) gets scan, values, note in a dict, and returns scan .return all of them"
    with pytest.raises(InputError, match=said):
        identify(asked("both", augmentation="forgotten"), data(), rehearse=True)
