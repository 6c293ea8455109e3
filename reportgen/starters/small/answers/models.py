"""The models of the report, as plain Keras builders.

A builder takes the shape of one image and the number of classes, and returns a model that is not compiled
and ends in class probabilities. Images arrive as numbers from 0 to 1, so no Rescaling is needed; `scale` in
report.toml changes that. How a model is trained stands there, too.
"""

from keras import Sequential, layers


def network(input_shape, classes):
    """Build two convolutions with pooling and a classifier."""
    return Sequential(
        [
            layers.Input(input_shape),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(padding="same"),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(padding="same"),
            layers.Flatten(),
            layers.Dense(classes, activation="softmax"),
        ]
    )
