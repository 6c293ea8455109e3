"""The model of question 10 as it was handed in in 2021, and as it was meant."""

from keras import Sequential, layers


def network(input_shape, classes, axis):
    """Build three convolutions with BatchNorm and a classifier of 120 neurons.

    `axis` is the axis that the convolutions' BatchNorm keeps statistics for: 1 are the rows of an
    image here, -1 its channels.
    """
    stages = [(64, 2, 1, 0.05), (128, 3, 2, 0.10), (128, 3, 2, 0.15)]
    stack = [layers.Input(input_shape)]
    for filters, pool, stride, dropout in stages:
        stack += [
            layers.Conv2D(filters, 2),
            layers.BatchNormalization(axis=axis, momentum=0.75),
            layers.Activation("relu"),
            layers.MaxPooling2D(pool, strides=stride),
            layers.Dropout(dropout),
        ]
    stack += [
        layers.Flatten(),
        layers.Dense(120),
        layers.BatchNormalization(momentum=0.75),
        layers.Activation("relu"),
        layers.Dropout(0.5),
        layers.Dense(classes, activation="softmax"),
    ]
    return Sequential(stack)


def submitted(input_shape, classes):
    """Build the model as it was handed in: BatchNorm over image rows."""
    return network(input_shape, classes, axis=1)


def corrected(input_shape, classes):
    """Build the model as it was meant: BatchNorm over channels."""
    return network(input_shape, classes, axis=-1)
