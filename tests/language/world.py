"""A small world of facts: two models, of which one was not measured, without `reportgen.results`."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from reportgen.errors import Place
from reportgen.language import (
    Evaluated,
    Keyed,
    KindError,
    Namespace,
    NumberStyle,
    Quantity,
    Root,
    Series,
    Show,
    Term,
    TestOutcome,
    evaluate,
    published,
    style_of,
)

CLASSES = ("cat", "dog", "frog")


class Model(Namespace):
    """A model with an accuracy and a few other facts; `secret` is not published."""

    relations: ClassVar[Mapping[str, str]] = {"better_than": "better_than"}
    secret = "a file's content"

    def __init__(self, name: str, accuracy: float, parameters: int, missing: str, style: NumberStyle) -> None:
        self.name = name
        self._accuracy, self._parameters, self._missing, self._style = accuracy, parameters, missing, style

    @published
    def accuracy(self) -> Quantity:
        """Share of images classified right."""
        value = float("nan") if self._missing else self._accuracy
        return Quantity(
            value,
            "share",
            f"{self.name}.accuracy",
            n=1000,
            k=round(1000 * self._accuracy),
            seeds=(value - 0.01, value, value + 0.01),
            bounds=lambda: (value - 0.03, value + 0.03),
            missing=self._missing,
            style=self._style,
        )

    @published
    def parameters(self) -> Quantity:
        """Number of weights."""
        return Quantity(self._parameters, "count", f"{self.name}.parameters", style=self._style)

    @published
    def seconds(self) -> Quantity:
        """Wall time."""
        return Quantity(745.0, "seconds", f"{self.name}.seconds", style=self._style)

    @published
    def rate(self) -> Quantity:
        """Learning rate."""
        return Quantity(0.01, "rate", f"{self.name}.rate", style=self._style)

    @published
    def worst(self) -> Term:
        """The worst class."""
        return Term("cat", f"{self.name}.worst", CLASSES, self._missing)

    @published
    def classes(self) -> Series[Term]:
        """The classes."""
        terms = (Term(label, f"{self.name}.classes[{rank}]", CLASSES) for rank, label in enumerate(CLASSES))
        return Series(f"{self.name}.classes", "A class", tuple(terms), self._missing)

    @published
    def recall(self) -> Keyed[Quantity]:
        """Recall by class."""
        name = f"{self.name}.recall"
        found = {label: Quantity(0.5, "share", f"{name}.{label}", style=self._style) for label in CLASSES}
        return Keyed(name, "Recall", found)

    @published
    def nesterov(self) -> bool:
        """Whether it is Nesterov's momentum."""
        return True

    @published
    def figure(self) -> Show:
        """A figure."""
        return Show("figure", (self.name,))

    def headline(self, relation="") -> tuple[object, ...]:
        return (self.accuracy,)

    def better_than(self, other: "Model", alpha: float = 0.05) -> TestOutcome:
        """Hold where the accuracy is higher; p is 0.03."""
        if not isinstance(other, Model):
            raise KindError("a model is compared with a model")
        supported = self.accuracy > other.accuracy
        return TestOutcome(f"{self.name} = {other.name}", 0.03, supported, alpha, "p = 0.03")


class World(Root):
    """``cnn`` and ``fc`` are measured, ``new`` is not, ``lost`` diverged."""

    def __init__(self, style: NumberStyle | None = None) -> None:
        style = self.style = style or style_of("en")
        self._models = {
            "cnn": Model("cnn", 0.631, 81834, "", style),
            "fc": Model("fc", 0.475, 12523266, "", style),
            "new": Model("new", 0.5, 100, "not measured", style),
            "lost": Model("lost", 0.1, 100, "training diverged", style),
        }

    def members(self) -> tuple[str, ...]:
        return tuple(self._models)

    def member(self, key: object) -> object:
        return self._models[key]


PLACE = Place(Path("report.toml"), 7)


def value_of(expression: str, model: str | None = None, **options: object) -> Evaluated:
    """Evaluate an expression in the world."""
    return evaluate(expression, World(), PLACE, model=model, **options)
