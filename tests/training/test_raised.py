"""Errors of TensorFlow's say what is wrong, where in models.py, and what to do."""

from pathlib import Path
from typing import Any

import pytest

from reportgen.errors import InputError
from reportgen.training.raised import remedy, said
from reportgen.training.sources import Sources
from reportgen.training.tensorflow import tf

GRAPH = """Graph execution error:

Detected at node gradient_tape/resize/ResizeNearestNeighborGrad defined at (most recent call last):
  File "/answers/models.py", line 5, in f

A deterministic GPU implementation of ResizeNearestNeighborGrad is not currently available.
\t [[{{node gradient_tape/resize/ResizeNearestNeighborGrad}}]] [Op:__inference_chunk_505]"""
EAGER = (
    "{{function_node __wrapped__AdjustContrastv2_device_/job:localhost/replica:0/task:0/device:GPU:0}} "
    "A deterministic GPU implementation of AdjustContrastv2 is not currently available. [Op:AdjustContrastv2]"
)
ROOTS = """Graph execution error:

Detected at node a defined at (most recent call last):
<stack traces unavailable>
2 root error(s) found.
  (0) RESOURCE_EXHAUSTED:  OOM when allocating tensor with shape[64,9] on /device:GPU:0 by allocator GPU_0_bfc
\t [[{{node a}}]]
  (1) RESOURCE_EXHAUSTED:  another"""


def of(kind: str, text: str) -> BaseException:
    return type(kind, (Exception,), {})(text)


@pytest.mark.parametrize(
    ("error", "told", "done"),
    [
        (
            of("UnimplementedError", GRAPH),
            "A deterministic GPU implementation of ResizeNearestNeighborGrad is not currently available.",
            "take another layer, or train on the CPU (CUDA_VISIBLE_DEVICES=-1)",
        ),
        (
            of("UnimplementedError", EAGER),
            "A deterministic GPU implementation of AdjustContrastv2 is not currently available.",
            "take another layer, or train on the CPU (CUDA_VISIBLE_DEVICES=-1)",
        ),
        (
            of("ResourceExhaustedError", ROOTS),
            "OOM when allocating tensor with shape[64,9] on /device:GPU:0 by allocator GPU_0_bfc",
            "train fewer at a time (--jobs), or in smaller batches",
        ),
        (of("UnimplementedError", "no such thing"), "no such thing", ""),
        (ValueError("a\nb"), "a", ""),
        (ValueError(), "ValueError", ""),
        (ValueError("Exception encountered when calling A.call().\n\n\x1b[1mb\x1b[0m"), "b", ""),
    ],
)
def test_what_an_error_says_is_one_sentence(error: BaseException, told: str, done: str) -> None:
    assert said(error) == told
    assert remedy(error).endswith(done)


CODE = """import tensorflow as tf


def taken(x):
    return tf.gather(x, [99])
"""
LINE = 5


def test_an_error_within_a_graph_names_the_line_that_made_it() -> None:
    """Its code returned long before the graph was run."""

    def trained(function: Any) -> None:
        def steps(x: Any) -> Any:
            return tf.while_loop(
                lambda step, _: step < 2, lambda step, _: (step + 1, function(x)), [0, x[:1]]
            )

        graph = tf.function(steps, autograph=False).get_concrete_function(tf.TensorSpec([3]))
        with functions.sources.blamed("training m"):
            graph(tf.zeros([3]))

    with (
        Sources({"models.py": CODE}, Path("/lab/answers/models.py")).imported() as functions,
        pytest.raises(InputError) as caught,
    ):
        trained(functions.get("taken", "a test"))
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("/lab/answers/models.py", LINE)
    assert problem.message == "training m raised InvalidArgumentError: indices[0] = 99 is not in [0, 3)"
