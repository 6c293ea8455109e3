import numpy as np
import pytest

from reportgen.datasets.types import Split
from reportgen.errors import InputError
from reportgen.training.evaluate import Evaluator, metrics_of
from reportgen.training.tasks import Classification
from reportgen.training.tensorflow import keras, tf

layers = keras.layers
THREE = Classification(3)


@pytest.mark.parametrize("towers", [1, 2])
def test_it_measures_what_keras_evaluates(towers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.training.evaluate._BATCHES", (7, 7))
    random = np.random.default_rng(1)
    split = Split(
        random.integers(0, 256, (40, 6, 6, 1), np.uint8), random.integers(0, 3, 40).astype(np.uint8)
    )
    model = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            layers.Flatten(),
            layers.Dense(8, kernel_regularizer="l2"),
            layers.Dropout(0.5),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(loss="categorical_crossentropy", metrics=["accuracy", "precision"])
    images, true = split.inputs / np.float32(255), keras.utils.to_categorical(split.labels, 3)
    expected = model.evaluate(images, true, verbose=0, return_dict=True)
    metrics = metrics_of(["accuracy", "precision"], THREE)
    evaluator = Evaluator(model, THREE, lambda labels: tf.one_hot(labels, 3), None, towers, metrics)
    found = evaluator.measure(split, keep_confidence=True)
    assert found.loss == pytest.approx(expected["loss"], rel=1e-5)
    assert found.accuracy == pytest.approx(expected["accuracy"])
    assert found.metrics["precision"] == pytest.approx(expected["precision"])
    probabilities = model.predict(images, verbose=0)
    np.testing.assert_array_equal(found.predicted, probabilities.argmax(1))
    np.testing.assert_allclose(found.confidence, probabilities.max(1), rtol=1e-3)


def test_a_metric_of_each_class_counts_as_their_mean() -> None:
    model = keras.Sequential(
        [keras.Input((2, 2, 1)), layers.Flatten(), layers.Dense(3, activation="softmax")]
    )
    model.compile(loss="categorical_crossentropy", metrics=["f1_score"])
    random = np.random.default_rng(1)
    split = Split(
        random.integers(0, 256, (40, 2, 2, 1), np.uint8), random.integers(0, 3, 40).astype(np.uint8)
    )
    expected = model.evaluate(
        split.inputs / np.float32(255),
        keras.utils.to_categorical(split.labels, 3),
        verbose=0,
        return_dict=True,
    )
    evaluator = Evaluator(
        model,
        THREE,
        lambda labels: tf.one_hot(labels, 3),
        metrics=metrics_of(["F1Score"], THREE),
    )
    assert evaluator.measure(split).metrics["F1Score"] == pytest.approx(np.mean(expected["f1_score"]))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("MeanIoU", "num_classes"),
        ("beauty", "no metric called beauty"),
        ("Metric", "does not take probabilities of 3 classes: NotImplementedError"),
    ],
)
def test_a_metric_that_does_not_fit_is_named(name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        metrics_of([name], THREE)
