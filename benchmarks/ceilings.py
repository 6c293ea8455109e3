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


def product(precision: str) -> float:
    """Return operations a second of a product of matrices."""
    import tensorflow as tf

    one = tf.cast(tf.random.normal([2048, 2048]), precision)
    run = tf.function(lambda: tf.reduce_max(tf.matmul(one, one)))
    return 2 * 2048**3 / best(lambda: run().numpy())


def convolution(precision: str) -> float:
    """Return operations a second of a 3×3 convolution."""
    import tensorflow as tf

    images = tf.cast(tf.random.normal([64, 32, 32, 128]), precision)
    kernel = tf.cast(tf.random.normal([3, 3, 128, 128]), precision)
    run = tf.function(lambda: tf.reduce_max(tf.nn.conv2d(images, kernel, 1, "SAME")))
    return 2 * 64 * 32 * 32 * 9 * 128 * 128 / best(lambda: run().numpy())


def arithmetic() -> dict[str, float]:
    """Return operations a second of both, in both precisions."""
    kinds = {"product": product, "convolution": convolution}
    return {
        f"{name} {precision}": measure(precision)
        for precision in ("float32", "bfloat16")
        for name, measure in kinds.items()
    }


if __name__ == "__main__":
    print(json.dumps({"memory": memory(), **arithmetic()}))
