"""The plan as frozen values: what is fresh, what is stale, and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reportgen.plan.key import digest
from reportgen.plan.source import quote
from reportgen.plan.source.closure import Projection
from reportgen.plan.source.snapshot import Snapshot
from reportgen.report.types import ModelSpec

ModelStatus = Literal["fresh", "evaluate", "stale"]
SectionStatus = Literal["fresh", "verdict", "stale"]


@dataclass(frozen=True)
class Reason:
    """One cause of staleness.

    Attributes
    ----------
    cause : str
        ``never trained``, ``source``, ``architecture``, ``training``, ``data``, ``seed``, ``version``,
        ``metrics``, ``missing``, ``read``, ``given``, ``diverged``, ``running``, ``interrupted``; for
        sections also ``never built``, ``number``, ``text``, ``claims``, ``requirements``, ``results``,
        ``published``, ``titles``, ``template``, ``look``, ``title``, ``contents``, ``classes``, ``image``,
        ``code``.
    item : str
        What changed, such as ``learning_rate`` or ``function conv_block (models.py:12)``.
    old, new : str
        Its values, shortened for people; empty where there is none.
    via : tuple of str
        The models through which it reaches a section.
    """

    cause: str
    item: str = ""
    old: str = ""
    new: str = ""
    via: tuple[str, ...] = ()

    def __str__(self) -> str:
        what = self.item or self.cause
        if self.old or self.new:
            change = (
                f"{self.old} → {self.new}" if self.old and self.new else self.new or f"{self.old} removed"
            )
            what += f": {change}" if what.endswith(")") else f" {change}"
        return " ← ".join((*self.via, what))

    def to_json(self) -> dict[str, object]:
        """Return it as JSON values, its sentence included."""
        return {
            "cause": self.cause,
            "item": self.item,
            "old": self.old,
            "new": self.new,
            "via": list(self.via),
            "text": str(self),
        }


@dataclass(frozen=True)
class Data:
    """What a plan needs to know of a data set: fingerprint of its arrays, default split, classes."""

    fingerprint: str
    validation: int
    classes: tuple[str, ...]


@dataclass(frozen=True)
class ModelPlan:
    """One model with one seed.

    Attributes
    ----------
    status : {"fresh", "evaluate", "stale"}
        ``evaluate``: trained, only further metrics have to be measured.
    reasons : tuple of Reason
        The first cause first; empty where it is fresh.
    key : str or None
        Where its result stands or will stand in the store; None where that can't be said without building it.
    evaluation_key : str or None
        Where its further metrics stand; None where the report asks for accuracy only, or `key` is None.
    source_keys : mapping of str to str
        The links that lead to `key` from the source alone, by versions policy.
    projection : mapping
        What can change its numbers, in canonical JSON values, as read before anything is trained.
    parameters : mapping of str to str
        The training parameters, for people.
    parts : tuple of Projection
        What the builder uses, then what each function of the authors does that the training uses.
    config : str
        The built model's own configuration, where it had to be built.
    reads : mapping of str to str
        What models.py reads when the model is built, see `reads`; of a fresh one, when it was trained.
    way : str
        Of a fresh one, by which step it was trained.
    built_key : str
        Where the store keeps what the builder builds (see `built`).
    """

    model: str
    seed: int
    status: ModelStatus
    reasons: tuple[Reason, ...]
    key: str | None
    evaluation_key: str | None
    source_keys: Mapping[str, str] = field(repr=False)
    projection: Mapping[str, object] = field(repr=False)
    parameters: Mapping[str, str] = field(repr=False)
    parts: tuple[Projection, ...] = field(repr=False)
    spec: ModelSpec = field(repr=False)
    snapshot: Snapshot = field(repr=False)
    config: str = field(default="", repr=False)
    reads: Mapping[str, str] = field(default_factory=dict, repr=False)
    way: str = ""
    built_key: str = field(default="", repr=False)

    @property
    def code(self) -> str:
        """The source of the builder and of all that it uses, comments included."""
        return quote.code(self.parts[0])

    @property
    def sources(self) -> tuple[str, ...]:
        """The same, a text for each definition, and those of the functions that its training uses."""
        return tuple(dict.fromkeys(text for part in self.parts for text in quote.quoted(part)))

    @property
    def source_of_build(self) -> str:
        """The digest of all that the builder's model depends on, but for what it reads (see `built`)."""
        parts = ("format", "trainer", "builder", "training", "data", "seed", "versions")
        return digest({"built": {name: self.projection[name] for name in parts}})

    @property
    def memory(self) -> Mapping[str, object]:
        """What a later plan compares with, to name the causes."""
        return {
            "projection": self.projection,
            "parameters": self.parameters,
            "definitions": {each.name: each.text for part in self.parts for each in quote.definitions(part)},
            "config": self.config,
        }

    @property
    def name(self) -> str:
        """The model's name with its seed, where it has several; that of a variant without quotation marks."""
        name = self.model.replace('"', "")
        return name if len(self.spec.seeds) == 1 else f"{name} (seed {self.seed})"

    def to_json(self) -> dict[str, object]:
        """Return status and reasons as JSON values."""
        return {
            "model": self.model,
            "seed": self.seed,
            "status": self.status,
            "key": self.key,
            "trained": self.way,
            "reasons": [reason.to_json() for reason in self.reasons],
        }


# A built model: its own configuration, as JSON and without names that depend on what was built before; a
# digest of all its variables before training; and what models.py read meanwhile.
Identity = tuple[str, str, Mapping[str, str]]

# Builds models without training them.
Identify = Callable[[Sequence[ModelPlan]], Sequence[Identity]]


@dataclass(frozen=True)
class SectionPlan:
    """One section (or the title page): whether it would come out as it was last built.

    `status` is ``verdict`` where only claims or requirements changed: they are decided again, the page stays.
    """

    id: str
    status: SectionStatus
    reasons: tuple[Reason, ...]
    models: tuple[str, ...]
    projection: Mapping[str, object] = field(repr=False)

    @property
    def chains(self) -> tuple[str, ...]:
        """The reasons as ``section q7 ← cnn_dropout ← …``."""
        return tuple(f"section {self.id} ← {reason}" for reason in self.reasons)

    def to_json(self) -> dict[str, object]:
        """Return status and reasons as JSON values."""
        return {
            "section": self.id,
            "status": self.status,
            "models": list(self.models),
            "reasons": [reason.to_json() for reason in self.reasons],
            "chains": list(self.chains),
        }


@dataclass(frozen=True)
class Plan:
    """Every model and section of a report, in its order, and the title page.

    `remarks` are sentences about how the plan was made, such as a version that could not be compared.
    """

    models: tuple[ModelPlan, ...]
    sections: tuple[SectionPlan, ...]
    title: SectionPlan
    remarks: tuple[str, ...] = ()

    @property
    def fresh(self) -> bool:
        """Nothing is to be done."""
        models = all(each.status == "fresh" for each in self.models)
        return models and all(each.status == "fresh" for each in (*self.sections, self.title))

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all that the report needs of the store, there or not yet."""
        every = (
            key for each in self.models for key in (each.key, each.evaluation_key, each.built_key or None)
        )
        return frozenset(key for key in every if key is not None)

    def of(self, model: str) -> tuple[ModelPlan, ...]:
        """Return the plans of a model, one a seed."""
        return tuple(each for each in self.models if each.model == model)

    def section(self, id: str) -> SectionPlan:
        """Return the plan of a section."""
        return next(each for each in self.sections if each.id == id)

    def to_json(self) -> dict[str, object]:
        """Return the whole plan as JSON values."""
        return {
            "fresh": self.fresh,
            "models": [each.to_json() for each in self.models],
            "sections": [each.to_json() for each in self.sections],
            "title": self.title.to_json(),
            "remarks": list(self.remarks),
        }
