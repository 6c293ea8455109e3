"""A family of models as facts: its variants, and what is shown of them together."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.language import Namespace, NumberStyle, Quantity, Series, Show, Term, published
from reportgen.results.model_facts import ModelFacts
from reportgen.results.quantity_maker import Maker

TABLE, FIGURE = "variants", "variation"


class FamilyFacts(Namespace):
    """The models that ``[models.NAME.vary]`` declares; each is a member: ``cnn["learning_rate=0.1"]``."""

    def __init__(self, name: str, models: Sequence[ModelFacts], style: NumberStyle) -> None:
        self.name = name
        self._models = {model.name.removeprefix(name)[2:-2]: model for model in models}
        self._maker = Maker(style)

    @published
    def family(self) -> Series[ModelFacts]:
        """Its models, in the order of the values: for ``best_of``, and to go over."""
        return Series(f"{self.name}.family", "A model of it", tuple(self._models.values()))

    @published
    def size(self) -> Quantity:
        """Number of its models; each test of one of them counts as so many."""
        return self._maker.given(f"{self.name}.size", len(self._models), "count")

    @published
    def varies(self) -> Term:
        """What varies."""
        keys = next(iter(self._models.values())).spec.varied
        return Term(", ".join(key.replace("_", " ") for key in keys), f"{self.name}.varies")

    @published
    def variants(self) -> Show:
        """Table of its models; its title names the one that is best on the validation items."""
        return self._show(TABLE)

    @published
    def variation(self) -> Show:
        """Figure: validation and test against what varies, with intervals."""
        return self._show(FIGURE)

    def _show(self, kind: str) -> Show:
        return Show(kind, tuple(model.name for model in self._models.values()))

    def members(self) -> tuple[str, ...]:
        """Return the published members and the names of the variants."""
        return (*super().members(), *self._models)

    def member(self, key: object) -> object:
        """Return a published member or a variant."""
        return self._models[key] if key in self._models else super().member(key)

    def describe(self, key: str) -> str:
        """Return what a member means."""
        return super().describe(key) or "A model of the family"
