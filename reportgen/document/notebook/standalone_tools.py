"""What the notebook that needs no reportgen begins with: its imports, and what trains as reportgen does."""

BEGIN = """\
import functools
import os
import types

os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
import tensorflow as tf"""
TOOLS = '''\
def named(home, name, **arguments):
    """Return an object of Keras by the name of its class, in any case of letters, or a function of Keras."""
    wanted = name.replace("_", "").lower()
    for each in dir(home):
        if each.lower() == wanted and isinstance(getattr(home, each), type):
            return getattr(home, each)(**arguments)
    return functools.partial(home.get(name), **arguments)


def take(inputs, chosen):
    """Return some items of an array, or of each array in a dict."""
    if isinstance(inputs, dict):
        return {name: each[chosen] for name, each in inputs.items()}
    return inputs[chosen]


class Minibatches(keras.utils.PyDataset):
    """Training images in an order that is a function of seed and epoch."""

    def __init__(self, images, labels, size, seed, scale, augment=None):
        super().__init__()
        self.images, self.labels, self.size, self.seed = images, labels, size, seed
        self.scale, self.augment, self.epoch = scale, augment, 0

    def __len__(self):
        return -(-len(self.labels) // self.size)

    def __getitem__(self, step):
        order = np.random.default_rng([self.seed, self.epoch]).permutation(len(self.labels))
        chosen = order[step * self.size : (step + 1) * self.size]
        images = self.scale(take(self.images, chosen))
        if self.augment is not None:
            number = self.epoch * len(self) + step
            images = tf.nest.map_structure(tf.constant, images)
            images = self.augment(images, tf.constant([self.seed, number], tf.int32))
        return images, self.labels[chosen]


class Order(keras.callbacks.Callback):
    """Tell the minibatches which epoch it is."""

    def __init__(self, batches):
        super().__init__()
        self.batches = batches

    def on_epoch_begin(self, epoch, logs=None):
        self.batches.epoch = epoch


class Rate(keras.callbacks.Callback):
    """Set the learning rate of every step: by a schedule of Keras, or a function of step and steps."""

    def __init__(self, rate, steps):
        super().__init__()
        self.rate, self.steps, self.step = rate, steps, 0

    def on_train_batch_begin(self, batch, logs=None):
        is_schedule = isinstance(self.rate, keras.optimizers.schedules.LearningRateSchedule)
        rate = self.rate(self.step) if is_schedule else self.rate(self.step, self.steps)
        self.model.optimizer.learning_rate = float(rate)
        self.step += 1'''
