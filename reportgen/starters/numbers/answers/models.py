"""The models of the report: whatever has `fit` and `predict`, and Keras networks.

A builder takes the shape of one row's inputs and the number of outputs, 1. Estimators are fitted by their own
method and take the seed as `random_state`; networks are trained as report.toml says.
"""

from keras import Sequential, layers
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def forest(input_shape, outputs):
    """Build a random forest."""
    return RandomForestRegressor(n_estimators=200, min_samples_leaf=5)


def ridge(input_shape, outputs):
    """Build a ridge regression on standardized inputs."""
    return make_pipeline(StandardScaler(), Ridge())


def network(input_shape, outputs):
    """Build a network with one hidden layer; BatchNormalization standardizes its inputs."""
    return Sequential(
        [
            layers.Input(input_shape),
            layers.Flatten(),
            layers.BatchNormalization(),
            layers.Dense(32, activation="relu"),
            layers.Dense(outputs),
        ]
    )
