"""The models of the report: whatever has `fit` and `predict`, and Keras networks.

A builder takes the shape of one row's inputs and the number of classes. Estimators are fitted by their own
method and take the seed as `random_state`; networks are trained as report.toml says.
"""

from keras import Sequential, layers
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def forest(input_shape, classes):
    """Build a random forest."""
    return RandomForestClassifier(n_estimators=200)


def logistic(input_shape, classes):
    """Build a logistic regression on standardized inputs."""
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))


def network(input_shape, classes):
    """Build a network with one hidden layer; BatchNormalization standardizes its inputs."""
    return Sequential(
        [
            layers.Input(input_shape),
            layers.Flatten(),
            layers.BatchNormalization(),
            layers.Dense(32, activation="relu"),
            layers.Dense(classes, activation="softmax"),
        ]
    )
