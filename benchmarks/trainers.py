"""One way of training a model with TensorFlow, in a process of its own; run by cold.py.

``keras`` is the notebook's way: all images as float32 in memory, `compile`, `fit`. ``reportgen`` is what
`reportgen train` runs. The first line on stdin is the job; every further one asks for the same steps again,
and is answered with the seconds they took.
"""

import dataclasses
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from reportgen import datasets
from reportgen.datasets.types import Dataset, Split
from reportgen.training.job import Job
from reportgen.training.sources import Sources

Round = Callable[[], tuple[float, float]]


def sample(dataset: Dataset, images: int, validation: int) -> Dataset:
    """Return a data set of the first training images and the last ones, which are held out."""
    arrays = (*dataset.train.arrays, dataset.train.labels)
    parts = [(array[:images], array[-validation:]) for array in arrays]
    inputs, labels = (np.concatenate(part) for part in parts)
    return dataclasses.replace(dataset, train=Split(inputs, labels), validation=validation)


def keras_way(job: Job, dataset: Dataset) -> tuple[Round, dict[str, Any]]:
    """Return what trains a sample as the notebook does, and what the model is."""
    import keras

    splits = dataset.split()
    train, held_out = ((_floats(splits[name]), _one_hot(splits[name])) for name in ("train", "validation"))
    model = _compiled(job, dataset)
    batch = job.training.batch_size

    def again() -> tuple[float, float]:
        began = time.perf_counter()
        model.fit(*train, batch_size=batch, epochs=1, verbose=0)
        trained = time.perf_counter()
        model.evaluate(*held_out, batch_size=batch, verbose=0)
        return trained - began, time.perf_counter() - trained

    return again, _described(keras, model)


def reportgen_way(job: Job, dataset: Dataset) -> tuple[Round, dict[str, Any]]:
    """Return what trains a sample as reportgen does, and what the model is."""
    from reportgen.training.build import build
    from reportgen.training.fast import arrange
    from reportgen.training.prepare import Recipe, opened, prepare
    from reportgen.training.probe import suggest
    from reportgen.training.schedule import Rates

    sharing = arrange(suggest(job, dataset))
    stack = ExitStack()  # stays until the process ends
    functions = stack.enter_context(opened(job))
    recipe = Recipe.of(job, functions, dataset)
    model = build(job, functions, dataset)
    prepared = stack.enter_context(prepare(job, model, recipe, functions, sharing))
    rates = Rates(job.training, functions, prepared.batches.steps, job.seed).epoch(0)

    def again() -> tuple[float, float]:
        began = time.perf_counter()
        prepared.loop.epoch(0, rates, lambda *told: None)
        trained = time.perf_counter()
        prepared.validator.measure(recipe.splits["validation"])
        return trained - began, time.perf_counter() - trained

    import keras

    return again, _described(keras, model)


def switch_off(kernel: str) -> None:
    """Have the fast path do without one of its kernels, or without parts of minibatches (``parts``)."""
    from importlib import import_module

    from reportgen.training.fast import cores

    if kernel == "parts":
        cores._PARTS = 1
    else:
        import_module(f"reportgen.training.fast.{kernel}").serves = lambda thing: False  # type: ignore[attr-defined]


def whole(way: str, job: Job, dataset: Dataset) -> float:
    """Train a model to the end and return its accuracy on the test images."""
    if way == "reportgen":
        from reportgen.training.fast import arrange
        from reportgen.training.probe import suggest
        from reportgen.training.train import train

        sharing = arrange(suggest(job, dataset))
        with tempfile.TemporaryDirectory() as folder:
            evaluation = train(job, dataset, Path(folder), sharing=sharing).record.evaluations["test"]
        return float(np.mean(evaluation.labels == evaluation.predicted))
    model = _compiled(job, dataset)
    splits = dataset.split(job.training.validation)
    train_, held_out, test = ((_floats(split), _one_hot(split)) for split in splits.values())
    model.fit(
        *train_,
        batch_size=job.training.batch_size,
        epochs=job.training.epochs,
        validation_data=held_out,
        verbose=0,
    )
    return float(model.evaluate(*test, verbose=0)[1])


def _compiled(job: Job, dataset: Dataset) -> Any:
    import keras
    import tensorflow

    keras.utils.set_random_seed(job.seed)
    with Sources(job.sources, Path(job.models_path)).imported() as functions:
        model = functions.get(job.builder, "the builder")(dataset.input_shape, len(dataset.classes))
    # With a global seed set, Keras shows the images in the same order every epoch, which no notebook does.
    tensorflow.random.set_seed(None)
    chosen = job.training.optimizer
    optimizer = getattr(keras.optimizers, chosen.name)(job.training.learning_rate, **chosen.arguments)
    model.compile(optimizer=optimizer, loss=job.training.loss.name, metrics=["accuracy"])
    return model


def _floats(split: Split) -> Any:
    return split.arrays[0].astype(np.float32) / 255


def _one_hot(split: Split) -> Any:
    return np.eye(int(split.labels.max()) + 1, dtype=np.float32)[split.labels]


def _described(keras: Any, model: Any) -> dict[str, Any]:
    """Return what the floor is worked out from: multiplications an image, weights, and values of layers."""
    products = {"convolution": 0, "dense": 0, "first": 0}
    for layer in model.layers:
        size = 0
        if isinstance(layer, keras.layers.Conv2D):
            size = int(np.prod(layer.kernel.shape) * np.prod(layer.output.shape[1:3]))
            products["convolution"] += size
        elif isinstance(layer, keras.layers.Dense):
            size = int(np.prod(layer.kernel.shape))
            products["dense"] += size
        products["first"] = products["first"] or size
    trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    # Activation, normalisation and dropout could be part of the pass that made their input.
    passes = (keras.layers.Conv2D, keras.layers.Dense, keras.layers.MaxPooling2D)
    values = sum(int(np.prod(layer.output.shape[1:])) for layer in model.layers if isinstance(layer, passes))
    config = json.loads(model.to_json())
    return {"products": products, "trainable": trainable, "values": values, "config": config}


def main() -> None:
    request: Mapping[str, Any] = json.loads(sys.stdin.readline())
    answers = sys.stdout
    sys.stdout = sys.stderr  # Keras's own chatter
    job = Job.from_json(request["job"])
    dataset = datasets.load(job.training.dataset)
    if request.get("whole"):
        print(json.dumps({"accuracy": whole(request["way"], job, dataset)}), file=answers, flush=True)
        return
    if request["steps"]:
        dataset = sample(dataset, request["steps"] * job.training.batch_size, request["validation"])
        training = dataclasses.replace(job.training, validation=request["validation"])
        job = dataclasses.replace(job, training=training)
    for kernel in request.get("without", ()):
        switch_off(kernel)
    again, described = {"keras": keras_way, "reportgen": reportgen_way}[request["way"]](job, dataset)
    print(json.dumps(described), file=answers, flush=True)
    for _ in sys.stdin:
        train_seconds, validate_seconds = again()
        print(json.dumps({"train": train_seconds, "validate": validate_seconds}), file=answers, flush=True)


if __name__ == "__main__":
    main()
