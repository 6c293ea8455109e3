"""A GPU has a kernel for each operation of a training, as far as can be said without a GPU.

What it has none for, TensorFlow moves to the CPU without a word, and the data with it, at every call.
"""

from typing import Any

import pytest

from reportgen.training import resident
from reportgen.training.evaluate import Evaluator
from reportgen.training.loop import Loop, Minibatches
from reportgen.training.step import KerasStep, compiled
from reportgen.training.tasks import of
from reportgen.training.tensorflow import keras, set_up, tf
from tests.training.jobs import digits

kernels = pytest.importorskip("tensorflow.python.framework.kernels")
pytestmark = pytest.mark.skipif(
    not tf.sysconfig.get_build_info()["is_cuda_build"], reason="this TensorFlow knows no GPU"
)
layers = keras.layers
DIVIDED = {"Placeholder", "NoOp", "While", "StatelessWhile", "If", "StatelessIf", "Assert"}
"""What TensorFlow divides among devices, or leaves out."""


def on_the_cpu(*graphs: Any) -> set[tuple[str, str]]:
    """Return operations for which a GPU has no kernel, each with the device that was chosen for it."""
    found = set()
    for graph in graphs:
        definition = graph.graph.as_graph_def()
        for node in [*definition.node, *(n for f in definition.library.function for n in f.node_def)]:
            if node.op not in DIVIDED and "PartitionedCall" not in node.op and not _has_kernel(node):
                found.add((node.op, node.device))
    return found


def _has_kernel(node: Any) -> bool:
    found = kernels.get_registered_kernels_for_op(node.op).kernel
    return any(
        all(
            node.attr[each.name].type in each.allowed_values.list.type
            for each in kernel.constraint
            if each.name in node.attr
        )
        for kernel in found
        if kernel.device_type in ("GPU", "DEFAULT")
    )


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
def test_a_gpu_has_kernels_for_all_but_the_choice_of_a_minibatch(
    policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resident, "on_gpu", lambda: True)
    set_up(1)
    keras.config.set_dtype_policy(policy)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Dropout(0.5),
            layers.Flatten(),
            layers.Dense(10, activation="softmax", dtype="float32"),
        ]
    )
    set_up(1)
    compiled(model, keras.optimizers.SGD(momentum=0.9, nesterov=True), keras.losses.CategoricalCrossentropy())
    data = digits(300)
    encode = of(data).encoding(model.loss, 10)
    batches = Minibatches(data.split(100)["train"], 32, 1, encode)
    trained = Loop(KerasStep(model, *batches.first(), 10), batches, 1)
    trained.prepare()
    assert on_the_cpu(*trained._chunks.values()) == {("GatherV2", "/device:CPU:*")}
    measured = Evaluator(model, of(data), encode)._predict.get_concrete_function(
        tf.TensorSpec([None, 8, 8, 1], tf.uint8), tf.TensorSpec([None], tf.uint8)
    )
    assert not on_the_cpu(measured)
    assert ("LossScale" in type(model.optimizer).__name__) == (policy == "mixed_float16")
