"""The models of the lab, as plain Keras builders.

Every builder takes the shape of one image and the number of classes and returns an uncompiled
model that ends in class probabilities. How each is trained stands in report.toml.
"""

import numpy as np
import tensorflow as tf
from keras import Input, Model, Sequential, layers


def mnist_fc(input_shape, classes):
    """Build the model of the first assignment: one hidden layer of 200 neurons."""
    return Sequential(
        [
            layers.Input(input_shape),
            layers.Flatten(),
            layers.Dense(200, activation="tanh"),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def fc(input_shape, classes):
    """Build the fully connected model: two wide hidden layers on the flattened image."""
    return Sequential(
        [
            layers.Input(input_shape),
            layers.Flatten(),
            layers.Dense(3072, activation="tanh"),
            layers.Dense(1000, activation="tanh"),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def convolutional(input_shape, classes, dropout=0.0, batch_norm=False):
    """Build three convolutions with pooling and a small classifier.

    `dropout` is the share of activations dropped after each pooling; with `batch_norm` every
    convolution is normalised before its activation.
    """
    network = [layers.Input(input_shape)]
    for filters, kernel, pool in [(32, 5, 2), (64, 4, 3), (120, 2, 2)]:
        if batch_norm:
            network += [
                layers.Conv2D(filters, kernel),
                layers.BatchNormalization(momentum=0.75),
                layers.Activation("relu"),
            ]
        else:
            network += [layers.Conv2D(filters, kernel, activation="relu")]
        network += [layers.MaxPooling2D(pool)]
        if dropout:
            network += [layers.Dropout(dropout)]
    network += [
        layers.Flatten(),
        layers.Dense(120, activation="relu"),
        layers.Dense(classes, activation="softmax"),
    ]
    return Sequential(network)


def cnn(input_shape, classes):
    """Build the plain convolutional model."""
    return convolutional(input_shape, classes)


def cnn_dropout(input_shape, classes):
    """Build the convolutional model with Dropout after each pooling."""
    return convolutional(input_shape, classes, dropout=0.2)


def cnn_batchnorm(input_shape, classes):
    """Build the convolutional model with BatchNorm between convolution and activation."""
    return convolutional(input_shape, classes, batch_norm=True)


def unit(images, filters, pool=1):
    """Apply a 3 × 3 convolution without bias, an optional max pooling, BatchNorm and ReLU."""
    images = layers.Conv2D(filters, 3, padding="same", use_bias=False)(images)
    if pool > 1:
        images = layers.MaxPooling2D(pool)(images)
    images = layers.BatchNormalization(momentum=0.9)(images)
    return layers.Activation("relu")(images)


def residual(images, filters):
    """Add what two convolutions make of their input to that input."""
    return layers.Add()([images, unit(unit(images, filters), filters)])


def cosines(shape, dtype=None):
    """Return kernels (rows, columns, colours, frequencies) of the discrete cosine transform of a patch."""

    def waves(size):
        place, frequency = np.arange(size), np.arange(size)[:, None]
        found = np.cos(np.pi * frequency * (place + 0.5) / size)
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    kernels = np.einsum("ia,jb,kc->abcijk", *(waves(size) for size in shape[:3]))
    return tf.constant(kernels.reshape(shape), dtype)


def frequencies(images):
    """Describe patches of 4 × 4 pixels by 48 frequencies of equal variance; nothing here is learned."""
    images = layers.Conv2D(
        48, 4, strides=2, padding="same", use_bias=False, kernel_initializer=cosines, trainable=False
    )(images)
    return layers.BatchNormalization(momentum=0.9, center=False, scale=False)(images)


def own(input_shape, classes):
    """Build a small residual network on local frequencies that keeps the strongest responses."""
    inputs = Input(input_shape)
    images = frequencies(layers.Rescaling(4.0, -1.9)(inputs))
    images = residual(unit(images, 64), 64)
    images = residual(unit(images, 128, pool=2), 128)
    images = unit(images, 96, pool=2)
    features = layers.GlobalMaxPooling2D()(images)
    scores = layers.Rescaling(0.125)(layers.Dense(classes, use_bias=False)(features))
    return Model(inputs, layers.Softmax()(scores))


def one_cycle(step, total_steps):
    """Raise the learning rate to its peak over a fifth of the training, then lower it to zero."""
    peak, start, warm_up = 0.25, 0.025, 0.2 * total_steps
    rising = start + (peak - start) * step / warm_up
    falling = peak * (total_steps - step) / (total_steps - warm_up)
    return tf.where(step < warm_up, rising, falling)


def shift_flip_cutout(images, seed):
    """Shift each image by up to 2 pixels, mirror every second one, and grey out a square of 8 pixels.

    What a shift uncovers is filled with the image's own reflection.
    """
    shift, side, grey = 2, 8, 0.47
    count = tf.shape(images)[0]
    height, width, channels = images.shape[1:]
    seeds = tf.unstack(tf.random.experimental.stateless_split(seed, 5))

    def draw(seed, low, high):
        return tf.random.stateless_uniform([count, 1], seed, low, high, tf.int32)

    def reflected(index, size):
        return (size - 1) - tf.abs((size - 1) - tf.abs(index))

    rows = reflected(tf.range(height)[None] + draw(seeds[0], -shift, shift + 1), height)
    columns = reflected(tf.range(width)[None] + draw(seeds[1], -shift, shift + 1), width)
    columns = tf.where(draw(seeds[2], 0, 2) == 1, width - 1 - columns, columns)
    positions = (tf.range(count)[:, None, None] * height + rows[:, :, None]) * width + columns[:, None, :]
    moved = tf.gather(tf.reshape(images, [-1, channels]), positions)

    top, left = draw(seeds[3], 0, height) - side // 2, draw(seeds[4], 0, width) - side // 2
    in_rows = (tf.range(height)[None] >= top) & (tf.range(height)[None] < top + side)
    in_columns = (tf.range(width)[None] >= left) & (tf.range(width)[None] < left + side)
    return tf.where((in_rows[:, :, None] & in_columns[:, None, :])[..., None], grey, moved)
