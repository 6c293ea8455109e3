"""Texts into networks: words are learned from the training texts only, and kept with the result."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from safetensors.numpy import load

from reportgen.datasets.types import Dataset, Split
from reportgen.errors import InputError
from reportgen.training.export import export
from reportgen.training.identify import evaluate, identify
from reportgen.training.job import Job
from reportgen.training.record import FOLDS
from reportgen.training.train import train
from tests.training.jobs import TRAINING, job

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
MODELS = """
from keras import Sequential, layers


def network(input_shape, classes):
    return Sequential([
        layers.Input(input_shape, dtype="string"),
        layers.TextVectorization(max_tokens=50, output_sequence_length=4),
        layers.Embedding(50, 8),
        layers.GlobalAveragePooling1D(),
        layers.Dropout(0.2),
        layers.Dense(classes, activation="softmax"),
    ])


def column(input_shape, classes):
    text = layers.Input((1,), dtype="string")
    words = layers.TextVectorization(output_mode="multi_hot", max_tokens=40, pad_to_max_tokens=True)(text)
    from keras import Model
    return Model(text, layers.Dense(classes, activation="softmax")(words))


def unbuilt(input_shape, classes):
    return Sequential([
        layers.TextVectorization(output_mode="count", max_tokens=40, pad_to_max_tokens=True),
        layers.Dense(classes, activation="softmax"),
    ])


def given(input_shape, classes):
    return Sequential([
        layers.Input(input_shape, dtype="string"),
        layers.TextVectorization(vocabulary=["good", "bad"], output_mode="multi_hot"),
        layers.Dense(classes, activation="softmax"),
    ])


def numbers(input_shape, classes):
    return Sequential([layers.Input((3,)), layers.Dense(classes, activation="softmax")])


def weighed(input_shape, classes):
    return Sequential([
        layers.Input(input_shape, dtype="string"),
        layers.TextVectorization(output_mode="tf_idf", max_tokens=40, pad_to_max_tokens=True),
        layers.Dense(classes, activation="softmax"),
    ])


def turned(images, seed):
    return images
"""
WORDS = {1: ("good", "fine", "nice", "schön"), 0: ("bad", "poor", "awful", "häßlich")}
EPOCHS = 5


def texts(count: int, seed: int, extra: str = "") -> Split:
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, count).astype(np.uint8)
    said = [f"it is {random.choice(WORDS[int(label)])} {extra}" for label in labels]
    return Split(np.array(said), labels)


def data() -> Dataset:
    train, held_out = texts(96, 0), texts(32, 1, "heldout")
    both = Split(
        np.concatenate([train.inputs, held_out.inputs]), np.concatenate([train.labels, held_out.labels])
    )
    return Dataset("said", "Said", both, texts(40, 2, "unheard"), 32, ("bad", "good"), "f" * 64)


def asked(builder: str, **changes: object) -> Job:
    training = replace(TRAINING, epochs=EPOCHS, batch_size=16, learning_rate=0.3, validation=32)
    made = job(builder, {"models.py": MODELS})
    return replace(made, training=replace(training, **changes))  # type: ignore[arg-type]


def words_in(weights: bytes) -> str:
    (found,) = (value for name, value in load(weights).items() if name.endswith("/vocabulary"))
    return bytes(found).decode()


def test_words_are_those_of_the_training_texts_and_kept(tmp_path: Path) -> None:
    done = train(asked("network"), data(), tmp_path)
    assert done.record.evaluations["test"].accuracy > 0.9
    assert done.record.way.startswith("by Keras's own step: TextVectorization")
    found = words_in(done.weights)
    assert "schön" in found and "good" in found
    assert "heldout" not in found and "unheard" not in found
    measured = evaluate(asked("network", metrics=("auc",)), data(), done.weights)
    assert measured["test"]["auc"] > 0.9


def test_it_is_exported_and_predicts_the_same_from_text(tmp_path: Path) -> None:
    done = train(asked("network"), data(), tmp_path)
    right = int(done.record.evaluations["test"].correct.sum())
    export(asked("network"), data(), done.weights, right, tmp_path / "m.keras")
    model = keras.models.load_model(tmp_path / "m.keras", compile=False)
    import tensorflow as tf

    found = model(tf.constant(data().test.inputs), training=False).numpy().argmax(1)
    assert int(np.sum(found == data().test.labels)) == right


@pytest.mark.parametrize("builder", ["column", "unbuilt", "given"])
def test_other_ways_to_take_texts(builder: str, tmp_path: Path) -> None:
    done = train(asked(builder), data(), tmp_path)
    assert done.record.evaluations["train"].accuracy > 0.6
    assert ("it" in words_in(done.weights)) == (builder != "given")


def test_it_goes_on_from_a_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "parts").mkdir()
    whole = train(asked("network"), data(), tmp_path / "whole")

    class Stop(BaseException):
        pass

    def stop(progress: object) -> None:
        if getattr(progress, "epoch", 0) == 3:
            raise Stop

    with pytest.raises(Stop):
        train(asked("network"), data(), tmp_path / "parts", stop)
    parts = train(asked("network"), data(), tmp_path / "parts")
    assert parts.weights == whole.weights
    assert len(parts.record.environment.sittings) == 2


def test_each_fold_learns_its_own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    layer = keras.layers.TextVectorization
    before = layer.adapt

    def counted(self: object, batches: object, **more: object) -> None:
        seen.append(sum(len(batch) for batch in batches))  # type: ignore[attr-defined]
        before(self, batches, **more)

    monkeypatch.setattr(layer, "adapt", counted)
    record = train(asked("column", folds=2, epochs=2), data(), tmp_path).record
    assert set(seen) == {96, 64}, "the training texts, and half of all that are not for the test"
    assert len(record.evaluations[FOLDS].labels) == 128


@pytest.mark.parametrize(
    ("builder", "changes", "said"),
    [
        (
            "numbers",
            {},
            r"models\.py:\d+: the model takes numbers, and the inputs are texts",
        ),
        (
            "weighed",
            {},
            r"models\.py:\d+: text_vec\w+ \(TextVectorization\) weighs words by tf_idf",
        ),
        ("network", {"augmentation": "turned"}, "augmentation is of numbers, and Said has texts"),
    ],
)
def test_what_can_not_be_trained_is_refused_by_name(
    builder: str, changes: Mapping[str, object], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        identify(asked(builder, **changes), data(), rehearse=True)
