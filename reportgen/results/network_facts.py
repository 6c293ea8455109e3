"""The built network and the machine that trained it, as facts."""

from __future__ import annotations

from functools import cached_property
from math import prod
from typing import Final, TypeVar

from reportgen.language import Keyed, Namespace, Quantity, Series, Term, published
from reportgen.results.quantity_maker import UNMEASURED, Maker, setting
from reportgen.training.record import Architecture, Environment, Layer

T = TypeVar("T")

_COUNTS: Final = ("filters", "units")


class built(published[T]):  # noqa: N801 - used as a decorator, as `published` is
    """A published member that says what was trained, and on what: it comes from no measurement."""


class ParameterFacts(Namespace):
    """How many weights there are; `architecture` is None before the model was built."""

    def __init__(self, name: str, architecture: Architecture | None, maker: Maker) -> None:
        self.name = name
        self._architecture = architecture
        self._maker = maker

    def _count(self, key: str) -> Quantity:
        name = f"{self.name}.{key}"
        counts = [getattr(self._architecture, key)] if self._architecture else []
        return self._maker.measured(name, counts, "count")

    @published
    def total(self) -> Quantity:
        """All weights."""
        return self._count("total")

    @published
    def trainable(self) -> Quantity:
        """Weights that training changes by gradient."""
        return self._count("trainable")

    @published
    def non_trainable(self) -> Quantity:
        """Weights that it does not (moving averages, fixed layers)."""
        return self._count("non_trainable")

    def headline(self, relation: str = "") -> tuple[object, ...]:
        """Return the total."""
        return (self.total,)


class LayerFacts(Namespace):
    """One layer: what the layer table says, and its settings by name (``kernel_size``, ``rate``)."""

    def __init__(self, name: str, layer: Layer, maker: Maker) -> None:
        self.name = name
        self.layer = layer
        self._maker = maker

    @published
    def type(self) -> Term:
        """Class of the layer."""
        return Term(self.layer.type, f"{self.name}.type")

    @published
    def output_shape(self) -> Term:
        """Shape of its output, without the batch axis."""
        return Term(" × ".join(map(str, self.layer.output_shape[1:])), f"{self.name}.output_shape")

    @published
    def outputs(self) -> Quantity:
        """Number of values that it gives for one image."""
        sizes = [size for size in self.layer.output_shape[1:] if size is not None]
        return self._maker.given(f"{self.name}.outputs", prod(sizes), "count")

    @published
    def parameters(self) -> Quantity:
        """Number of its weights."""
        return self._maker.given(f"{self.name}.parameters", self.layer.parameters, "count")

    @published
    def activation(self) -> Term:
        """Its activation; empty for none."""
        return Term(self.layer.activation, f"{self.name}.activation")

    @cached_property
    def _settings(self) -> dict[str, object]:
        return {
            key: setting(
                f"{self.name}.{key}",
                text.replace("×", " × "),
                self._maker,
                "count" if key in _COUNTS else "number",
            )
            for key, text in (self.layer.details or {}).items()
        }

    def members(self) -> tuple[str, ...]:
        """Return the published members and the settings."""
        return (*super().members(), *(key for key in self._settings if key not in self._members))

    def member(self, key: object) -> object:
        """Return a published member or a setting."""
        if isinstance(key, str) and key in self._settings and key not in self._members:
            return self._settings[key]
        return super().member(key)

    def describe(self, key: str) -> str:
        """Return what a member means."""
        return super().describe(key) or f"Setting of the layer: {key}"


def layers_of(name: str, architecture: Architecture | None, maker: Maker) -> Keyed[LayerFacts]:
    """Return the layers by name."""
    layers = architecture.layers if architecture else ()
    found = {}
    for layer in layers:
        dotted = f"{name}.{layer.name}" if layer.name.isidentifier() else f'{name}["{layer.name}"]'
        found[layer.name] = LayerFacts(dotted, layer, maker)
    return Keyed(name, "A layer", found, maker.missing)


def dropout_rates(name: str, architecture: Architecture | None, maker: Maker) -> Series[Quantity]:
    """Return the rates of the Dropout layers, in order."""
    rates = [
        float(layer.details["rate"])
        for layer in (architecture.layers if architecture else ())
        if "Dropout" in layer.type and layer.details and "rate" in layer.details
    ]
    found = tuple(maker.given(f"{name}[{rank}]", rate) for rank, rate in enumerate(rates))
    return Series(name, "A rate", found, "" if architecture else UNMEASURED)


class EnvironmentFacts(Namespace):
    """Where and when the model was trained (its first seed)."""

    def __init__(self, name: str, environment: Environment | None, maker: Maker) -> None:
        self.name = name
        self._environment = environment
        self._maker = maker

    def _term(self, key: str) -> Term:
        return self._maker.word(f"{self.name}.{key}", str(getattr(self._environment, key, "")))

    @built
    def processor(self) -> Term:
        """Processor."""
        return self._term("processor")

    @built
    def device(self) -> Term:
        """What computed: a processor or a graphics card."""
        return self._term("device")

    @built
    def cores(self) -> Quantity:
        """Number of threads that computed: the cores of the machine where training began."""
        cores = [self._environment.cores] if self._environment else []
        return self._maker.measured(f"{self.name}.cores", cores, "count")

    @published
    def commit(self) -> Term:
        """Git commit of the project when training began."""
        return self._term("commit")

    @published
    def started(self) -> Term:
        """When training began."""
        return self._term("started")

    @built
    def versions(self) -> Keyed[Term]:
        """Versions of the libraries."""
        versions = self._environment.versions if self._environment else {}
        name = f"{self.name}.versions"
        words = {key: self._maker.word(f"{name}.{key}", text) for key, text in versions.items()}
        return Keyed(name, "Version", words, self._maker.missing)
