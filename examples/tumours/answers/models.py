"""Models of a table: a pipeline of scikit-learn, and a network that normalizes its inputs itself."""

from keras import Sequential, layers
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def logistic(input_shape, classes):
    """Build a logistic regression on standardized inputs."""
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))


def network(input_shape, classes):
    """Build a network with one hidden layer; Normalization is adapted to the training rows."""
    return Sequential(
        [
            layers.Input(input_shape),
            layers.Normalization(),
            layers.Dense(16, activation="relu"),
            layers.Dense(classes, activation="softmax"),
        ]
    )
