"""Every feature of Keras in `features`: trained as ``fit`` does, or refused before the first epoch."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.errors import InputError
from reportgen.training import components, fast
from reportgen.training.build import build
from reportgen.training.fast import Sharing, dense, sgd
from reportgen.training.job import Job
from reportgen.training.prepare import opened
from reportgen.training.recipe import Recipe
from reportgen.training.schedule import Rates
from reportgen.training.tasks import Classification
from reportgen.training.tensorflow import keras, set_up
from reportgen.training.train import train
from reportgen.training.weights import unpack
from tests.training.features import REFUSED, SAME, Feature
from tests.training.jobs import digits, job

DATA = digits(260)  # 60 to train on: a minibatch of 32 and one of 28
ROUNDING = 2e-3  # of how far the weights moved
TEN = Classification(10)


def wanted(feature: Feature, **more: Any) -> Job:
    return job("net", {"models.py": feature.source}, epochs=1, **{**feature.training, **more})


def suggested(asked: Job) -> Sharing:
    with opened(asked) as functions:
        recipe = Recipe.of(asked, functions, DATA)
        model = build(asked, functions, DATA)
        if fast.unsuited(model):
            return Sharing()
        return fast.suggest(model, 32, recipe.separable, sgd.serves(recipe.optimizer()))


@dataclass(frozen=True)
class Fitted:
    """What Keras's own ``fit`` makes of a model, and what it says of another's weights."""

    before: list[Any]
    after: list[Any]
    served: bool
    says: Callable[[bytes], tuple[list[Any], dict[str, Any]]]


@contextmanager
def fitted(asked: Job) -> Iterator[Fitted]:
    """Train by ``fit``, on the same order of images."""
    splits = DATA.split(100)
    with opened(asked) as functions:
        model = build(asked, functions, DATA)
        recipe = Recipe.of(asked, functions, DATA)

        def arrays(split: Any) -> tuple[Any, Any]:
            return split.inputs.astype(np.float32) / 255, recipe.encode(split.labels).numpy()

        def says(weights: bytes) -> tuple[list[Any], dict[str, Any]]:
            unpack(weights, model)
            found = model.evaluate(*arrays(splits["test"]), verbose=0, return_dict=True, batch_size=32)
            found |= found.pop("compile_metrics", {})  # Keras 3.10 says the metrics of a test_step so
            return model.get_weights(), {name: np.float64(value) for name, value in found.items()}

        model.compile(recipe.optimizer(), recipe.loss, metrics=["accuracy", *recipe.metrics])
        adapt_by_hand(model, arrays(splits["train"])[0])
        before = [weight.copy() for weight in model.get_weights()]
        rates = Rates(asked.training, functions, 2, asked.seed).epoch(0)

        class Rate(keras.callbacks.Callback):  # type: ignore[misc]
            def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
                self.model.optimizer.learning_rate = rates[batch]

        images, labels = arrays(splits["train"])
        order = np.random.default_rng([asked.seed, 0]).permutation(len(labels))
        weights = dict(enumerate(recipe.weights)) or None
        rate = [Rate()]
        model.fit(
            images[order], labels[order], 32, shuffle=False, verbose=0, callbacks=rate, class_weight=weights
        )
        yield Fitted(before, model.get_weights(), not fast.unsuited(model), says)


def adapt_by_hand(model: Any, images: Any) -> None:
    """Call ``adapt`` as its users do, with what the layers before make of the images."""
    given = ("input_mean", "bin_boundaries")
    for layer in model.layers:
        if hasattr(layer, "adapt") and not any(getattr(layer, each, None) for each in given):
            layer.adapt(keras.Model(model.inputs, layer.input).predict(images, verbose=0))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", SAME)
def test_it_is_trained_as_keras_does(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By Keras's own step, and where it is served by the fast path."""
    monkeypatch.setattr(dense, "SMALLEST", 4096)
    with fitted(wanted(SAME[name])) as theirs:
        for path in (True, False) if theirs.served else (True,):
            asked = wanted(SAME[name], fast=path)
            done = train(asked, DATA, tmp_path, sharing=suggested(asked))
            (tmp_path / "checkpoint.safetensors").unlink()
            ours, said = theirs.says(done.weights)
            moved = distance(theirs.after, theirs.before)
            assert distance(theirs.after, ours) <= ROUNDING * moved + 1e-7, done.record.way
            found = done.record.evaluations["test"]
            assert found.loss == pytest.approx(said["loss"], rel=1e-3, abs=1e-6), done.record.way
            assert found.accuracy == pytest.approx(said["accuracy"])
            for each, value in found.metrics.items():
                expected = next(item for key, item in said.items() if key.lower() == each.lower())
                assert value == pytest.approx(np.mean(expected), rel=1e-3, abs=1e-6), each
            told = done.record.way
            assert "is not equal to it" not in told or "the loss is not one number" in told
            assert done.record.way.startswith("by the fast path") <= (theirs.served and path)


def distance(one: Sequence[Any], other: Sequence[Any]) -> float:
    squares = (np.sum((np.float64(a) - b) ** 2) for a, b in zip(one, other, strict=True))
    return float(np.sqrt(sum(squares)))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_by_name_before_the_first_epoch(name: str, tmp_path: Path) -> None:
    feature, message = REFUSED[name]
    phases: list[str] = []
    with pytest.raises(InputError, match=message):
        train(wanted(feature), DATA, tmp_path, lambda progress: phases.append(progress.phase))
    assert "training" not in phases


def test_a_fast_path_that_is_not_equal_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that forgets a ReLU, a gradient or a moving average is found; the model trains all the same."""
    feature = SAME["Nesterov"]
    for spoil in (
        lambda layer: lambda inputs, training=None, mask=None: inputs,
        lambda layer: (
            lambda inputs, training=None, mask=None: keras.ops.stop_gradient(
                type(layer).call(layer, inputs, training)
            )
        ),
        lambda layer: lambda inputs, training=None, mask=None: type(layer).call(layer, inputs, False) * 1.0,
    ):
        monkeypatch.setattr("reportgen.training.fast.batchnorm.call", spoil)
        done = train(wanted(feature), DATA, tmp_path)
        assert "the fast path is not equal to it" in done.record.way
        with fitted(wanted(feature)) as theirs:
            assert distance(theirs.after, theirs.says(done.weights)[0]) < 1e-4
        (tmp_path / "checkpoint.safetensors").unlink()


def test_what_is_stored_is_what_was_trained(tmp_path: Path) -> None:
    """A model that learns outside its weights gives other numbers when it is loaded: nothing is stored."""
    text = """
seen = tf.Variable(0.0, trainable=False)


class Own(layers.Layer):
    def call(self, x, training=False):
        if training:
            seen.assign_add(1.0)
        return x * (1 + seen)
"""
    feature = Feature(SAME["cross-entropy"].body.replace("layers.MaxPooling2D(2)", "Own()"), text)
    with pytest.raises(InputError, match="loaded into a newly built model, give validation loss"):
        train(wanted(feature), DATA, tmp_path)


def test_a_model_that_is_random_at_test_time_is_trained(tmp_path: Path) -> None:
    feature = Feature(
        "x = Input(input_shape)\ny = layers.Dropout(0.5)(layers.Flatten()(x), training=True)\n"
        "return Model(x, layers.Dense(classes, activation='softmax')(y))"
    )
    done = train(wanted(feature), DATA, tmp_path).record
    assert np.isfinite(done.evaluations["test"].loss)


def test_a_model_that_is_built_otherwise_each_time_is_refused(tmp_path: Path) -> None:
    asked = wanted(SAME["cross-entropy"])
    other = replace(asked, projection={"built": {"config": "", "weights": "another digest"}})
    with pytest.raises(InputError, match=r"net\(\) builds a different model each time"):
        train(other, DATA, tmp_path)


def test_what_is_read_only_while_training_is_refused(tmp_path: Path) -> None:
    late = "def late(images, seed):\n    open(__file__[:-9] + 'late.txt').close()\n    return images"
    feature = Feature(SAME["cross-entropy"].body, late, {"augmentation": "late"})
    asked = replace(
        wanted(feature), models_path=str(tmp_path / "models.py"), reads={"file early.txt": "absent"}
    )
    (tmp_path / "late.txt").write_text("1")
    with pytest.raises(InputError, match=r"reads the file late.txt only while net is trained"):
        train(asked, DATA, tmp_path)


def test_losses_are_separable_where_they_are() -> None:
    found = {}
    for name in ("cross-entropy", "Dice of sigmoids", "Tversky", "sum", "focal"):
        with opened(wanted(SAME[name])) as functions:
            loss = components.loss(wanted(SAME[name]).training.loss, functions)
            found[name] = components.separable(loss, TEN.encoding(loss, None), TEN)
    assert found == {
        "cross-entropy": True,
        "Dice of sigmoids": False,
        "Tversky": False,
        "sum": False,
        "focal": True,
    }


def test_seeds_are_set_before_models_py_is_imported(tmp_path: Path) -> None:
    set_up(5)
    first = train(wanted(SAME["made at import"]), DATA, tmp_path).weights
    set_up(6)
    (tmp_path / "checkpoint.safetensors").unlink()
    assert train(wanted(SAME["made at import"]), DATA, tmp_path).weights == first
