import subprocess
import sys

import pytest

CODE = """
import sys
from reportgen.experiment import threads
from reportgen.experiment.backend import keras, tf
threads.cores = lambda: 2
layers = keras.layers
with keras.StatelessScope(initialize_variables=False):
    model = keras.Sequential([keras.Input((8, 8, 1)), *eval(sys.argv[1])])
found = threads.arrange(model, int(sys.argv[2]), sys.argv[3] == "separable")
print(found.towers, found.single, tf.config.threading.get_intra_op_parallelism_threads())
"""
SMALL = "[layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(10)]"
NORMAL = "[layers.Conv2D(4, 3), layers.BatchNormalization(), layers.Flatten(), layers.Dense(10)]"
WIDE = "[layers.Flatten(), layers.Dense(20000), layers.Dense(10)]"


@pytest.mark.parametrize(
    ("stack", "batch", "loss", "expected"),
    [
        (SMALL, 32, "separable", "2 True 1"),
        (SMALL, 32, "whole", "1 False 0"),
        (SMALL, 512, "separable", "1 False 0"),
        (NORMAL, 32, "separable", "1 False 0"),
        (WIDE, 32, "separable", "1 True 1"),
    ],
)
def test_cores_are_shared_as_the_model_needs(stack: str, batch: int, loss: str, expected: str) -> None:
    command = [sys.executable, "-c", CODE, stack, str(batch), loss]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == expected, done.stderr[-500:]
