"""What a machine can do at most: arithmetic and memory, measured by TensorFlow as it is used here."""

import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

TRIES = 5


def best(run: Callable[[], object]) -> float:
    """Return the shortest time of several, in seconds."""
    run()
    times = []
    for _ in range(TRIES):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return min(times)


def memory() -> float:
    """Return bytes a second, read and written, of all cores changing large arrays in place at once.

    A copy is slower by half: what is written is read first, to no purpose.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    arrays = np.ones((cores, 1 << 24))
    with ThreadPoolExecutor(cores) as pool:
        seconds = best(lambda: list(pool.map(np.negative, arrays, arrays)))
    return 2 * arrays.nbytes / seconds


def arithmetic() -> dict[str, float]:
    """Return operations a second of matrix products and 3×3 convolutions, in both precisions."""
    import tensorflow as tf

    found = {}
    for precision in ("float32", "bfloat16"):
        one = tf.cast(tf.random.normal([2048, 2048]), precision)
        product = tf.function(lambda one=one: tf.reduce_max(tf.matmul(one, one)))
        found[f"product {precision}"] = 2 * 2048**3 / best(lambda product=product: product().numpy())
        images = tf.cast(tf.random.normal([64, 32, 32, 128]), precision)
        kernel = tf.cast(tf.random.normal([3, 3, 128, 128]), precision)
        convolve = tf.function(
            lambda images=images, kernel=kernel: tf.reduce_max(tf.nn.conv2d(images, kernel, 1, "SAME"))
        )
        operations = 2 * 64 * 32 * 32 * 9 * 128 * 128
        found[f"convolution {precision}"] = operations / best(lambda convolve=convolve: convolve().numpy())
    return found


if __name__ == "__main__":
    print(json.dumps({"memory": memory(), **arithmetic()}))
