"""Train a model again from the sources that a PDF carries, and compare."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from reportgen import datasets
from reportgen.commands.train import Observe, bring_up_to_date, chosen_models
from reportgen.commands.verify import origins
from reportgen.commands.verify.attachments import unpacked
from reportgen.errors import DataError, InputError, Problem, StoreError, shown
from reportgen.pipeline.project import Project
from reportgen.plan import ModelPlan
from reportgen.results.statistics import ALPHA, MARGIN, compare
from reportgen.results.tasks import measured, told
from reportgen.training import codec
from reportgen.training.record import Record


@dataclass(frozen=True)
class Replication:
    """One seed trained again.

    Attributes
    ----------
    before, after : float
        Test accuracy, or the usual measure of another task, in the PDF, and of the model trained now.
    agreement : float
        Share of the test items for which both predict the same; 1 for an exact replication.
    p_value : float
        Of the hypothesis that the two are equally good (McNemar's test, or the paired t test of errors).
    same_network, same_machine : bool
        Whether the attached code builds the network whose result is attached, and whether it was trained by
        the same libraries on a processor that calls itself the same.
    told : tuple of str
        What the measure is called, and both as text.
    margin : float
        How far they may be apart.
    """

    model: str
    seed: int
    before: float
    after: float
    agreement: float
    p_value: float = 1.0
    same_network: bool = True
    same_machine: bool = False
    told: tuple[str, str, str] = ("", "", "")
    margin: float = MARGIN

    @property
    def difference(self) -> str:
        """Why this is no replication; empty where it is one.

        Trained on another machine, a model predicts a few items differently, and its accuracy moves by as
        much as with another seed. More than `MARGIN`, of an error a share of it, that chance can't explain
        is more than that.
        """
        if not self.same_network:
            return "the attached code builds a different model from the one whose result is attached"
        if abs(self.after - self.before) > self.margin and self.p_value <= ALPHA:
            return "the two differ by more than training on another machine explains"
        return ""

    @property
    def doubt(self) -> str:
        """Why it can't be said whether this is a replication; empty where it can."""
        if self.difference or self.agreement == 1 or not self.same_machine:
            return ""
        return "with the same libraries on the same kind of processor, every prediction should be the same"

    @property
    def exit_status(self) -> int:
        """0 for a replication, 1 for none, 2 where it can't be said."""
        return 1 if self.difference else 2 if self.doubt else 0


def retrain(
    path: Path, model: str, observe: Observe, workers: int = 1, data: Path | None = None
) -> tuple[Replication, ...]:
    """Train every seed of a model from what the PDF carries.

    Parameters
    ----------
    data : Path, optional
        The model's data set, where it is the authors' own: a PDF does not carry it.

    Raises
    ------
    InputError
        If the PDF carries no such model, or the data are needed.
    DataError
        If the data are not those that the model was trained on.
    """
    with unpacked(path) as evidence:
        project = evidence.project
        (name,) = chosen_models(project.report, [model])
        if name not in evidence.gathered.records:
            raise InputError(Problem(shown(path), 0, f"carries no result of {name} to compare with"))
        # The data of the other models may not be here.
        alone = replace(project.report, models={name: project.report.models[name]}, sections=())
        project = _with_data(
            replace(project, report=alone), name, data, evidence.gathered.records[name][0].dataset
        )
        here = evidence.gathered.records[name][0].environment
        trained = bring_up_to_date(
            project,
            project.plan(),
            [name],
            observe,
            workers,
            threads=here.cores if here.device == "CPU" else 0,
        )
        found = []
        for planned, before in zip(trained, evidence.gathered.records[name], strict=True):
            stored = project.store.get(planned.key or "")
            if stored is None:
                raise StoreError(f"{planned.name} left no result")
            found.append(_replication(planned, before, codec.read(stored.read)))
    return tuple(found)


def _with_data(project: Project, model: str, data: Path | None, fingerprint: str) -> Project:
    """Return the project with the authors' own data where they were handed over; what they are decides."""
    report = project.report
    dataset = report.models[model].training.dataset
    if dataset not in report.datasets:
        if data is not None:
            raise InputError(f"{model} is trained on {dataset}, which does not need --data")
        return project
    if report.datasets[dataset].function:
        if project.data(dataset).fingerprint != fingerprint:
            message = f"{report.datasets[dataset].function}() returns other data than {model} was trained on"
            raise DataError(Problem("", 0, message))
        return project
    if data is None:
        message = f"{model} is trained on the authors' own data {dataset}, which a PDF does not carry"
        raise InputError(Problem("", 0, message, "provide them with --data FILE"))
    own = {**report.datasets, dataset: replace(report.datasets[dataset], path=data.absolute(), url="")}
    if datasets.fingerprint(dataset, own) != fingerprint:
        message = f"does not contain the data that {model} was trained on"
        raise DataError(Problem(shown(data), 0, message, f"ask the authors for {dataset}"))
    return replace(project, report=replace(report, datasets=own))


def _replication(planned: ModelPlan, before: Record, after: Record) -> Replication:
    old, new = before.evaluations["test"], after.evaluations["test"]
    if not np.array_equal(old.labels, new.labels):
        raise InputError(f"{planned.name} was tested on items other than those in the data set")
    facts = [measured([old]), measured([new])]
    values = [each.measure.value for each in facts]
    there, here = before.environment, after.environment
    return Replication(
        planned.model,
        planned.seed,
        values[0],
        values[1],
        float(np.mean((old.predicted == new.predicted).reshape(len(old.labels), -1).all(axis=1))),
        compare(facts[0].scores, facts[1].scores).p_value,
        origins.same_network(planned, before),
        (there.versions, there.processor, there.cores, there.device)
        == (here.versions, here.processor, here.cores, here.device),
        (*told(old), told(new)[1]),
        MARGIN * (values[0] if facts[0].kind == "amount" else 1),
    )
