import json
import os
import subprocess
import sys
from collections.abc import Collection
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from reportgen.errors import DataError, DivergedError, InputError
from reportgen.plan.reads import mark
from reportgen.report.training_parameters import Component
from reportgen.training.identify import identify
from reportgen.training.job import Job, Progress
from reportgen.training.tensorflow import keras
from reportgen.training.train import Trained, train
from reportgen.training.weights import unpack
from tests.training.jobs import MODELS, RESTLESS, digits, job


def run(job: Job, folder: Path) -> Trained:
    folder.mkdir(exist_ok=True)
    return train(job, digits(), folder)


def same(one: Trained, other: Trained) -> bool:
    curves = [
        {name: curve for name, curve in asdict(done.record.history).items() if name != "seconds"}
        for done in (one, other)
    ]
    return (
        one.weights == other.weights
        and curves[0] == curves[1]
        and all(
            np.array_equal(evaluation.predicted, other.record.evaluations[split].predicted)
            and evaluation.loss == other.record.evaluations[split].loss
            for split, evaluation in one.record.evaluations.items()
        )
    )


def test_a_model_learns_and_all_splits_are_measured(tmp_path: Path) -> None:
    done = run(job(epochs=8), tmp_path).record
    assert {name: len(found.labels) for name, found in done.evaluations.items()} == {
        "train": 220,
        "validation": 100,
        "test": 100,
    }
    test = done.evaluations["test"]
    assert np.mean(test.labels == test.predicted) > 0.7
    assert len(test.confidence) == 100
    assert len(done.evaluations["train"].confidence) == 0
    assert len(done.history) == 8
    assert done.history.loss[-1] < done.history.loss[0]


def test_the_last_epoch_agrees_with_the_final_evaluation(tmp_path: Path) -> None:
    done = run(job("everything"), tmp_path).record
    found = done.evaluations["validation"]
    assert done.history.val_accuracy[-1] == pytest.approx(np.mean(found.labels == found.predicted))
    assert done.history.val_loss[-1] == pytest.approx(found.loss, rel=1e-4)


def test_it_trains_as_keras_does(tmp_path: Path) -> None:
    """One epoch against `fit` on the same order: losses, accuracy and weights agree."""
    data, wanted = digits(), job(epochs=1)
    done = run(wanted, tmp_path)
    split = data.split(100)["train"]
    order = np.random.default_rng([1, 0]).permutation(len(split.labels))
    keras.utils.set_random_seed(1)
    namespace: dict[str, object] = {}
    exec(MODELS, namespace)
    model = namespace["dense"]((8, 8, 1), 10)  # type: ignore[operator]
    model.compile(
        keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
        "categorical_crossentropy",
        metrics=["accuracy"],
    )
    images = split.inputs[order].astype("float32") / 255
    fitted = model.fit(
        images, keras.utils.to_categorical(split.labels[order], 10), batch_size=32, shuffle=False, verbose=0
    )
    assert done.record.history.loss[0] == pytest.approx(fitted.history["loss"][0], rel=1e-5)
    assert done.record.history.accuracy[0] == pytest.approx(fitted.history["accuracy"][0], abs=1e-6)
    trained = [weight.copy() for weight in model.get_weights()]
    unpack(done.weights, model)
    for mine, theirs in zip(model.get_weights(), trained, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-5)


def test_the_same_seed_gives_the_same_bits_and_another_does_not(tmp_path: Path) -> None:
    first = run(job("everything", **RESTLESS), tmp_path / "a")
    assert same(first, run(job("everything", **RESTLESS), tmp_path / "b"))
    assert not same(first, run(job("everything", seed=2, **RESTLESS), tmp_path / "c"))


@pytest.mark.parametrize("optimizer", [Component("SGD", {"momentum": 0.9}), Component("Adam")])
def test_going_on_gives_the_same_bits_as_never_having_stopped(tmp_path: Path, optimizer: Component) -> None:
    wanted = job("everything", optimizer=optimizer, **RESTLESS)
    whole = run(wanted, tmp_path / "whole")
    (tmp_path / "broken").mkdir()

    def stop(progress: Progress) -> None:
        if progress.epoch == 3 and progress.step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(wanted, digits(), tmp_path / "broken", stop)
    resumed: list[bool] = []
    rest = train(wanted, digits(), tmp_path / "broken", lambda progress: resumed.append(progress.resumed))
    assert any(resumed)
    assert same(whole, rest)


def sit(folder: Path, way: str, *end: int, cores: Collection[int] = ()) -> int:
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.training.sitting", str(folder), way, *map(str, end)]
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores or before)
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode
    finally:
        os.sched_setaffinity(0, before)


@pytest.mark.parametrize("way", ["fast", "keras"])
def test_a_killed_process_is_gone_on_from_in_another(tmp_path: Path, way: str) -> None:
    """``kill -9`` in epoch 3, then a new process with fewer cores: the bits of an uninterrupted one."""
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert sit(whole, way) == 0
    assert sit(killed, way, 3, 1) == -9
    assert not (killed / "weights").exists()
    assert sit(killed, way, cores={min(os.sched_getaffinity(0))}) == 0
    for name in ("weights", "predictions", "curves"):
        assert (whole / name).read_bytes() == (killed / name).read_bytes(), name


def test_a_checkpoint_of_another_experiment_is_not_gone_on_from(tmp_path: Path) -> None:
    run(job(), tmp_path)
    resumed: list[bool] = []
    train(job("everything"), digits(), tmp_path, lambda progress: resumed.append(progress.resumed))
    assert not any(resumed)


def test_a_damaged_checkpoint_is_not_believed(tmp_path: Path) -> None:
    whole = run(job(), tmp_path)
    path = tmp_path / "checkpoint.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert same(whole, run(job(), tmp_path))
    path.write_bytes(content[:100])
    assert same(whole, run(job(), tmp_path))


def test_bfloat16_reaches_the_same_accuracy(tmp_path: Path) -> None:
    done = run(job("everything", precision="bfloat16", epochs=8), tmp_path).record
    test = done.evaluations["test"]
    assert np.mean(test.labels == test.predicted) > 0.7


def test_a_file_that_models_read_must_stay_what_it_was(tmp_path: Path) -> None:
    path = tmp_path / "answers/table.txt"
    path.parent.mkdir()
    path.write_text("1")
    reads = {"file table.txt": mark("file table.txt", path.parent)}
    wanted = replace(job(epochs=1), models_path=str(path.with_name("models.py")), reads=reads)

    def swap(progress: Progress) -> None:
        path.write_text("2")

    with pytest.raises(DataError, match=r"table.txt was changed while dense"):
        train(wanted, digits(), tmp_path, swap)
    told: list[Progress] = []
    with pytest.raises(DataError, match=r"table.txt was changed while dense"):
        train(wanted, digits(), tmp_path, told.append)
    assert told == []


def test_a_loss_that_is_no_number_stops_the_training(tmp_path: Path) -> None:
    with pytest.raises(DivergedError, match="epoch 1"):
        run(job("everything", learning_rate=1e30), tmp_path)


def test_further_metrics_are_measured(tmp_path: Path) -> None:
    done = run(job(metrics=("accuracy", "top_k_categorical_accuracy")), tmp_path).record
    found = done.evaluations["test"]
    assert found.metrics["top_k_categorical_accuracy"] >= np.mean(found.labels == found.predicted)


def test_a_loss_of_the_authors_own(tmp_path: Path) -> None:
    text = (
        MODELS
        + "\ndef squares(true, predicted):\n    return tf.reduce_sum((true - predicted) ** 2, axis=1)\n"
    )
    sources = {"models.py": text}
    own = run(job(sources=sources, loss=Component("squares")), tmp_path).record
    assert 0 < own.evaluations["test"].loss < 2


def test_hidden_randomness_is_refused(tmp_path: Path) -> None:
    text = MODELS + "\ndef shaky(images, seed):\n    return images + tf.random.uniform(tf.shape(images))\n"
    with pytest.raises(InputError, match="RandomUniform"):
        run(job(sources={"models.py": text}, augmentation="shaky"), tmp_path)


COUNTING = """
counter = tf.Variable(0.0)
noise = tf.random.Generator.from_seed(1)


def counting(images, seed):
    return images + counter.assign_add(0.001) + 0.01 * noise.normal([])
"""


def test_variables_outside_the_model_are_part_of_a_checkpoint(tmp_path: Path) -> None:
    wanted = job(sources={"models.py": MODELS + COUNTING}, augmentation="counting", epochs=4)
    whole = run(wanted, tmp_path / "whole")
    (tmp_path / "broken").mkdir()

    def stop(progress: Progress) -> None:
        if progress.epoch == 3 and progress.step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(wanted, digits(), tmp_path / "broken", stop)
    assert same(whole, run(wanted, tmp_path / "broken"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"augmentation": "missing"}, "no function missing"),
        ({"learning_rate": "missing"}, "no function missing"),
        ({"optimizer": Component("Momentum")}, "no optimizer called Momentum"),
        ({"optimizer": Component("SGD", {"momentom": 0.9})}, "momentom"),
        ({"loss": Component("no_such_loss")}, "no loss called no_such_loss"),
        ({"metrics": ("accuracy", "beauty")}, "no metric called beauty"),
        ({"validation": 320}, "split without items"),
        ({"metrics": ("MeanIoU",)}, "metric MeanIoU: .*num_classes"),
    ],
)
def test_what_the_authors_got_wrong_is_named(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        run(job(**changes), tmp_path)


LOGITS = """

def logits(input_shape, classes):
    return Sequential([layers.Input(input_shape), layers.Flatten(), layers.Dense(classes)])
"""


def test_a_model_must_end_in_probabilities(tmp_path: Path) -> None:
    text = MODELS + LOGITS
    with pytest.raises(
        InputError, match=r"logits: the model gives \S+ for a class, which is not a prob"
    ) as caught:
        run(job("logits", sources={"models.py": text}), tmp_path)
    problem = caught.value.problems[0]
    assert problem.line == text.splitlines().index("def logits(input_shape, classes):") + 1
    assert "from_logits" in problem.remedy


def test_of_logits_the_probabilities_are_kept(tmp_path: Path) -> None:
    loss = Component("categorical_crossentropy", {"from_logits": True})
    ended = MODELS + LOGITS.replace("Dense(classes)", 'Dense(classes, activation="softmax")')
    (tmp_path / "other").mkdir()
    told = run(job("logits", sources={"models.py": MODELS + LOGITS}, loss=loss, metrics=("auc",)), tmp_path)
    other = run(job("logits", sources={"models.py": ended}, metrics=("auc",)), tmp_path / "other")
    mine, theirs = told.record.evaluations["test"], other.record.evaluations["test"]
    np.testing.assert_allclose(mine.confidence, theirs.confidence, atol=2e-3)
    assert mine.metrics["auc"] == pytest.approx(theirs.metrics["auc"], abs=1e-3)
    assert told.record.history.val_loss == pytest.approx(other.record.history.val_loss, rel=1e-3)


def test_a_schedule_must_give_rates(tmp_path: Path) -> None:
    text = MODELS + "\n\ndef negative(step, total_steps):\n    return -1.0\n"
    with pytest.raises(InputError, match=r"negative\(\) gives -1.0 for step 0") as caught:
        run(job(sources={"models.py": text}, learning_rate="negative"), tmp_path)
    assert caught.value.problems[0].line == text.splitlines().index("def negative(step, total_steps):") + 1


def test_identities_tell_models_apart() -> None:
    one, again, other = (identify(job(name), digits()) for name in ("dense", "dense", "everything"))
    assert one == again
    assert one.digest != other.digest
    assert json.loads(one.config)["class_name"] == "Sequential"
    reseeded = identify(job(seed=2), digits())
    assert reseeded.config == one.config
    assert reseeded.digest != one.digest


def test_a_refactored_builder_has_the_same_identity() -> None:
    text = MODELS.replace("layers.Dense(32", "layers.Dense(16 * 2")
    assert identify(job(sources={"models.py": text}), digits()) == identify(job(), digits())


def test_a_model_class_of_the_authors_own(tmp_path: Path) -> None:
    text = (
        MODELS
        + """
import keras

class Own(keras.Model):
    def __init__(self, classes):
        super().__init__()
        self.flatten = layers.Flatten()
        self.dense = layers.Dense(classes, activation="softmax")

    def call(self, images):
        return self.dense(self.flatten(images))

def own(input_shape, classes):
    return Own(classes)
"""
    )
    done = run(job("own", sources={"models.py": text}, epochs=8), tmp_path).record
    assert done.architecture.total == 650
    assert [layer.type for layer in done.architecture.layers] == ["InputLayer", "Flatten", "Dense"]
    test = done.evaluations["test"]
    assert np.mean(test.labels == test.predicted) > 0.6


@pytest.mark.parametrize(
    ("body", "message"),
    [("return images + missing", "missing"), ("return images[:, 1:]", "shape"), ("return None", "None")],
)
def test_an_augmentation_that_is_wrong_is_named_by_line(tmp_path: Path, body: str, message: str) -> None:
    text = MODELS + f"\ndef odd(images, seed):\n    {body}\n"
    with pytest.raises(InputError, match=rf"odd\(\) raised .*{message}") as caught:
        run(job(sources={"models.py": text}, augmentation="odd"), tmp_path)
    assert caught.value.problems[0].line >= MODELS.count("\n") + 2


def test_a_layer_that_raises_in_training_is_named_by_line(tmp_path: Path) -> None:
    text = (
        MODELS
        + """
import keras

class Fragile(layers.Layer):
    def call(self, images, training=False):
        if training:
            raise RuntimeError("not in training")
        return images

def fragile(input_shape, classes):
    return Sequential([layers.Input(input_shape), Fragile(), layers.Flatten(), layers.Dense(classes)])
"""
    )
    with pytest.raises(InputError, match="training fragile raised RuntimeError") as caught:
        run(job("fragile", sources={"models.py": text}), tmp_path)
    assert caught.value.problems[0].line == 1 + text.splitlines().index(
        '            raise RuntimeError("not in training")'
    )
