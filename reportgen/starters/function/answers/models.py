"""The models of the report: a network whose training is written out here, and an estimator of scikit-learn.

A training function gets the data, a seed and `epoch`, which it calls after each epoch with what it measured.
It returns a prediction for each training, validation and test item; it does not see the labels of the test.
"""

import numpy as np
from sklearn.linear_model import LogisticRegression


def softmax(values):
    """Return probabilities that are proportional to the exponentials of values, row by row."""
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def train_network(data, seed, epoch, rate, hidden, epochs):
    """Train a network with one hidden layer by stochastic gradient descent."""
    random = np.random.default_rng(seed)
    inputs = {"train": data.x_train, "validation": data.x_validation, "test": data.x_test}
    flat = {name: images.reshape(len(images), -1) for name, images in inputs.items()}
    x, y, held_out = flat["train"], data.y_train, data.y_validation
    wanted = np.eye(len(data.classes))[y]
    first = random.normal(0, x.shape[1] ** -0.5, (x.shape[1], hidden))
    second = random.normal(0, hidden**-0.5, (hidden, len(data.classes)))

    def predict(items):
        return softmax(np.tanh(items @ first) @ second)

    def measured(items, labels):
        found = predict(items)
        loss = -np.log(found[np.arange(len(labels)), labels]).mean()
        return loss, (found.argmax(axis=1) == labels).mean()

    for _ in range(epochs):
        for chosen in np.array_split(random.permutation(len(x)), len(x) // 32):
            active = np.tanh(x[chosen] @ first)
            error = (softmax(active @ second) - wanted[chosen]) / len(chosen)
            back = (error @ second.T) * (1 - active**2)
            second -= rate * active.T @ error
            first -= rate * x[chosen].T @ back
        loss, accuracy = measured(x, y)
        val_loss, val_accuracy = measured(flat["validation"], held_out)
        epoch(loss=loss, accuracy=accuracy, val_loss=val_loss, val_accuracy=val_accuracy)
    return {name: predict(items) for name, items in flat.items()}


def logistic(input_shape, classes):
    """Build a logistic regression."""
    return LogisticRegression(max_iter=1000)
