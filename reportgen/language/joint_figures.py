"""Functions that show several models in one figure: ``{{ learning_curves(cnn, cnn_dropout) }}``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from reportgen.language.values import FactError, KindError, Model, Show, described

MOST: Final = 6  # models whose lines can be told apart in grey


def learning_curves(*models: object) -> Show:
    """Figure: loss and accuracy by epoch of two to six models, on the same axes."""
    return _figure("learning_curves", models)


def confusion_difference(one: object, other: object) -> Show:
    """Figure: confusion matrix of one model minus that of another, means over all seeds."""
    return _figure("confusion_difference", (one, other), same_data=True)


def accuracy_by_seed(*models: object) -> Show:
    """Figure: test accuracy of each seed of two to six models, and their differences from the first."""
    return _figure("accuracy_by_seed", models, same_data=True)


def _figure(kind: str, models: tuple[object, ...], *, same_data: bool = False) -> Show:
    names: list[str] = []
    for model in models:
        if not isinstance(model, Model):
            raise KindError(f"`{kind}` takes models, such as `cnn`, and {described(model)} is none")
        if model.name in names:
            raise FactError(f"`{kind}` names {model.name} twice", "name each model once")
        names.append(model.name)
    if not 2 <= len(names) <= MOST:
        raise FactError(f"`{kind}` takes two to {MOST} models, not {len(names)}")
    data = {str(model.member("dataset")): model.name for model in models if isinstance(model, Model)}
    if same_data and len(data) > 1:
        told = " and ".join(f"{model} on {name}" for name, model in data.items())
        raise KindError(f"`{kind}` takes models of one data set: {told}", "leave the others out")
    return Show(kind, tuple(names))


TOGETHER: Final[Mapping[str, Callable[..., Show]]] = {
    made.__name__: made for made in (learning_curves, confusion_difference, accuracy_by_seed)
}
