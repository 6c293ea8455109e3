"""The report from within a notebook: its models, their measurements, and how it looks.

>>> from reportgen.lab import Lab
>>> lab = Lab()
>>> cnn = lab.model("cnn")
>>> cnn.summary()
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from reportgen.commands.train import bring_up_to_date, chosen_models
from reportgen.document.displays import Display
from reportgen.document.notebook import outputs
from reportgen.errors import InputError, UndecidedError, nearest
from reportgen.language import Namespace, Show
from reportgen.language.joint_figures import TOGETHER
from reportgen.pipeline import kernel
from reportgen.pipeline.displays import displays
from reportgen.pipeline.gather import Gathered, gather
from reportgen.pipeline.project import open_project
from reportgen.training.record import Record


class Lab:
    """A report project and its results.

    Parameters
    ----------
    project : str or Path, optional
        Where ``answers/`` stands; default: the nearest such folder, from the working
        folder upwards.

    Notes
    -----
    A model without a result that is still its own is trained when it is first asked for.
    """

    def __init__(self, project: str | Path | None = None) -> None:
        folder = project or os.environ.get(kernel.PROJECT) or _nearest(Path.cwd())
        answers = os.environ.get(kernel.ANSWERS) if project is None else None
        self._project = open_project(
            Path(folder),
            Path(answers) if answers else None,
            os.environ.get(kernel.STORE),
            seeds=int(os.environ.get(kernel.SEEDS) or 0) or None,
            quick=bool(os.environ.get(kernel.QUICK)),
        )
        self._plan = self._project.plan()
        if seen := os.environ.get(kernel.ONLY_STORED):
            if seen != kernel.seen(self._project, self._plan):
                raise UndecidedError("the report changed while it was built; build it again")
            self._project = replace(self._project, report=kernel.view(self._project.report))

    def model(self, name: str) -> "LabModel":
        """Return a model of the report; it is trained first if it has to be."""
        (chosen,) = chosen_models(self._project.report, [name])
        if any(each.status != "fresh" for each in self._plan.of(chosen)):
            if os.environ.get(kernel.ONLY_STORED):
                raise UndecidedError(f"{name} changed while the report was built; build it again")
            bring_up_to_date(self._project, self._plan, [chosen], _print_epoch)
            self._plan = self._project.plan()
            self.__dict__.pop("_gathered", None)
        return LabModel(self, chosen)

    def data(self, name: str) -> "LabFacts":
        """Return a data set of the report."""
        known = self._gathered.facts.datasets
        if name not in known:
            raise InputError(f"there is no data set {name!r} in the report ({nearest(name, known)})")
        return LabFacts(self, known[name])

    def family(self, name: str) -> "LabFacts":
        """Return a family of models of the report."""
        families = sorted({spec.family for spec in self._project.report.models.values()} - {""})
        if name not in families:
            raise InputError(f"there is no family {name!r} in the report ({nearest(name, families)})")
        return LabFacts(self, self._gathered.facts.member(name))

    def __getattr__(self, kind: str) -> Callable[..., "Shown"]:
        """Return what shows a figure or table of the report, or one of several models, by its name."""
        if make := TOGETHER.get(kind):
            return lambda *models: self._show(make(*(model.facts for model in models)))
        return _shower(self, kind, lambda: self._gathered.facts.member("report"))

    @cached_property
    def _gathered(self) -> Gathered:
        return gather(self._project, self._plan)

    def _show(self, show: Show) -> "Shown":
        found = displays(self._project, self._gathered, [show])
        if show not in found:
            raise UndecidedError(f"there is nothing to show as {show.kind} yet")
        return Shown(found[show])


class LabModel:
    """One trained model of the report; its methods show what the report shows of it."""

    def __init__(self, lab: Lab, name: str) -> None:
        self._lab = lab
        self.name = name

    @property
    def record(self) -> Record:
        """Everything that was stored of the first seed's training."""
        return self._lab._gathered.records[self.name][0]

    @property
    def facts(self) -> Any:
        """The model's facts, as answers name them."""
        return getattr(self._lab._gathered.facts, "member")(self.name)  # noqa: B009

    def log(self) -> "Log":
        """Return the training log, an epoch a line."""
        return Log(self.record)

    def __getattr__(self, kind: str) -> Callable[[], "Shown"]:
        """Return what shows a figure or table of the model by its name, such as ``summary``."""
        return _shower(self._lab, kind, lambda: self.facts)

    def __repr__(self) -> str:
        return f"<model {self.name}>"


class LabFacts:
    """A data set, or a family of models; its methods show what the report shows of it."""

    def __init__(self, lab: Lab, facts: Namespace) -> None:
        self._lab = lab
        self.facts = facts

    def __getattr__(self, kind: str) -> Callable[[], "Shown"]:
        """Return what shows a figure or table of it by its name, such as ``samples``."""
        return _shower(self._lab, kind, lambda: self.facts)


class Shown:
    """A table or figure, as a notebook shows it."""

    def __init__(self, display: Display) -> None:
        self._display = display

    def _repr_mimebundle_(self, **_: Any) -> tuple[Mapping[str, str], Mapping[str, Any]]:
        return outputs.forms(self._display)


class Log:
    """The log of a training, an epoch a line."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def __repr__(self) -> str:
        return outputs.log(self._record.history)


def _shower(lab: Lab, kind: str, owner: Callable[[], Namespace]) -> Callable[[], Shown]:
    """Return a function that shows the member `kind` of some facts; AttributeError if it can't be shown."""
    known = () if kind.startswith("_") else owner().members()
    show = owner().member(kind) if kind in known else None
    if not isinstance(show, Show):
        raise AttributeError(f"there is nothing to show as {kind!r}")
    return lambda: lab._show(show)


def _nearest(folder: Path) -> Path:
    for candidate in (folder, *folder.parents):
        if (candidate / "answers" / "report.toml").is_file():
            return candidate
    raise UndecidedError(f"there is no report project at or above {folder}")


def _print_epoch(model: str, event: Mapping[str, Any]) -> None:
    if event.get("phase") == "training" and event["epochs"] and event.get("step") == event.get("steps"):
        print(f"{model}: epoch {event['epoch']}/{event['epochs']}")  # noqa: T201
