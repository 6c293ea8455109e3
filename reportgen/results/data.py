"""The data sets, as facts: sizes, shape and classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from reportgen.datasets.published import BUILT_IN
from reportgen.language import Namespace, NumberStyle, Quantity, Series, Show, Term, published
from reportgen.report.dataset_file import Task
from reportgen.results.model_facts import ModelFacts
from reportgen.results.quantity_maker import Maker
from reportgen.results.tasks import rules
from reportgen.training.record import SPLITS

AXES = ("height", "width", "channels")


class SizeFacts(Namespace):
    """Size of one split of a data set."""

    def __init__(self, name: str, n: Quantity) -> None:
        self.name = name
        self._n = n

    @published
    def n(self) -> Quantity:
        """Number of items."""
        return self._n


class DataFacts(Namespace):
    """A data set, as the models were trained on it; before that, as it was published."""

    def __init__(
        self,
        name: str,
        title: str,
        task: Task,
        models: Sequence[ModelFacts],
        style: NumberStyle,
    ) -> None:
        self._key = name
        self.name = f"data.{name}" if name.isidentifier() else f'data["{name}"]'
        self._title = title
        self._classes = () if task.kind == "regression" else task.names
        self._unclassed = rules(task).unclassed
        self.numbers = _numbers(name, models)
        self._maker = Maker(style)

    def _count(self, key: str, name: str) -> Quantity:
        value = self.numbers.get(key)
        dotted = f"{self.name}.{name}"
        return (
            self._maker.absent(dotted, "count")
            if value is None
            else self._maker.given(dotted, value, "count")
        )

    @published
    def title(self) -> Term:
        """Its title."""
        return Term(self._title, f"{self.name}.title")

    @published
    def train(self) -> SizeFacts:
        """Items that models learn from."""
        return SizeFacts(f"{self.name}.train", self._count("train", "train.n"))

    @published
    def validation(self) -> SizeFacts:
        """Items held out from the training items."""
        return SizeFacts(f"{self.name}.validation", self._count("validation", "validation.n"))

    @published
    def test(self) -> SizeFacts:
        """Test items."""
        return SizeFacts(f"{self.name}.test", self._count("test", "test.n"))

    @published
    def n(self) -> Quantity:
        """Items in all."""
        return (self.train.n + self.validation.n + self.test.n).named(f"{self.name}.n")

    @published
    def height(self) -> Quantity:
        """Height of an image in pixels."""
        return self._count("height", "height")

    @published
    def width(self) -> Quantity:
        """Width of an image in pixels."""
        return self._count("width", "width")

    @published
    def channels(self) -> Quantity:
        """Colour channels of an image."""
        return self._count("channels", "channels")

    @published
    def values(self) -> Quantity:
        """Numbers in one image: height × width × channels."""
        return (self.height * self.width * self.channels).named(f"{self.name}.values")

    @published
    def classes(self) -> Quantity:
        """Number of classes, or labels."""
        return self._maker.given(f"{self.name}.classes", len(self._classes), "count")

    @published
    def class_names(self) -> Series[Term]:
        """Names of the classes, or labels."""
        name = f"{self.name}.class_names"
        terms = (Term(label, f"{name}[{rank}]", self._classes) for rank, label in enumerate(self._classes))
        return Series(name, "A class", tuple(terms))

    @published
    def chance(self) -> Quantity:
        """Accuracy of guessing: one by the number of classes."""
        if self._unclassed:
            return self._maker.absent(f"{self.name}.chance", "share", self._unclassed)
        return self._maker.given(f"{self.name}.chance", Fraction(1, len(self._classes)), "share")

    @published
    def samples(self) -> Show:
        """Figure: the first training images of each class."""
        return Show("samples", (), self._key)


class DataRoot(Namespace):
    """The data sets by name."""

    name = "data"

    def __init__(self, sets: Mapping[str, DataFacts]) -> None:
        self._sets = sets

    def members(self) -> tuple[str, ...]:
        """Return the names of the data sets."""
        return tuple(self._sets)

    def member(self, key: object) -> DataFacts:
        """Return a data set."""
        return self._sets[key]  # type: ignore[index]

    def describe(self, key: str) -> str:
        """Return what a data set is."""
        return "A data set"


def _numbers(name: str, models: Sequence[ModelFacts]) -> dict[str, int]:
    """Return the sizes of the splits and of an image, as far as they are known."""
    for model in models:
        if model.record is not None:
            shape = model.record.architecture.layers[0].output_shape[1:] if model.record.pictures else ()
            sizes = {key: len(each.labels) for key, each in model.record.evaluations.items() if key in SPLITS}
            return sizes | {axis: size for axis, size in zip(AXES, shape, strict=False) if size is not None}
    if name not in BUILT_IN:
        return {}
    arrays, held_out = BUILT_IN[name].arrays, BUILT_IN[name].validation
    asked = (model.spec.training.validation for model in models)
    held_out = next((size for size in asked if size is not None), held_out)
    training, testing = arrays["train_images"].shape, arrays["test_images"].shape
    sizes = {"train": training[0] - held_out, "validation": held_out, "test": testing[0]}
    return sizes | dict(zip(AXES, testing[1:], strict=True))
