"""Remember what was last trained and built for a report, to explain what changed since."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from reportgen.plan.key import canonical, digest
from reportgen.report.identity import identity
from reportgen.report.types import Report
from reportgen.store import Store

KIND = "reports"
FORMAT = 1


@dataclass(frozen=True)
class Memory:
    """The record of one report in a store.

    Used for messages only, and to tell which pages stand; never to accept a result.
    """

    models: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    sections: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def model(self, name: str, seeds: Iterable[int], seed: int) -> Mapping[str, object] | None:
        """Return what is remembered of a model with a seed, or of a seed that this one has replaced."""
        exact = self.models.get(f"{name}/{seed}")
        if exact is not None:
            return exact
        kept = {f"{name}/{each}" for each in seeds}
        return next((self.models[each] for each in self._of.get(name, ()) if each not in kept), None)

    def parameters(self, name: str, seeds: Iterable[int], seed: int) -> Mapping[str, str]:
        """Return the training parameters that are remembered, for people."""
        found = (self.model(name, seeds, seed) or {}).get("parameters")
        return found if isinstance(found, Mapping) else {}

    @cached_property
    def _of(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for each in self.models:
            found.setdefault(each.rpartition("/")[0], []).append(each)
        return found

    @classmethod
    def read(cls, report: Report, store: Store) -> "Memory":
        """Return the record of a report; empty where there is none or it can't be read."""
        data = store.noted(KIND, report_name(report, store))
        try:
            value = json.loads(data) if data else {}
            if value.get("format") != FORMAT:
                return cls()
            texts = value["texts"]
            models = {
                name: {
                    **model,
                    "definitions": {label: texts[mark] for label, mark in model["definitions"].items()},
                }
                for name, model in value["models"].items()
            }
            return cls(models, dict(value["sections"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def write(self, report: Report, store: Store) -> None:
        """Replace the record of a report; a text that many models share is kept once."""
        texts: dict[str, object] = {}
        models = {}
        for name, model in self.models.items():
            definitions = model.get("definitions")
            marks = {}
            for label, text in (definitions if isinstance(definitions, Mapping) else {}).items():
                marks[label] = digest(text)[:16]
                texts[marks[label]] = text
            models[name] = {**model, "definitions": marks}
        value = {"format": FORMAT, "texts": texts, "models": models, "sections": dict(self.sections)}
        store.note(KIND, report_name(report, store, make=True), canonical(value))


def report_name(report: Report, store: Store, *, make: bool = False) -> str:
    """Return what tells a report from all others in a store.

    In a store that lies in the project it is where the answers stand: such a store moves, and is copied, with
    the project. In another the project's own name stands before that; `make` gives it one if it has none.
    """
    project, answers = report.project.resolve(), report.answers.resolve()
    place = answers.relative_to(project) if answers.is_relative_to(project) else answers
    if store.root.resolve().is_relative_to(project):
        return place.as_posix()
    return f"{identity(report.project, make=make)}/{place.as_posix()}"


def lock_key(report: Report, store: Store) -> str:
    """Return the key under which the record of a report is locked while it is rewritten."""
    return digest([KIND, report_name(report, store, make=True)])
