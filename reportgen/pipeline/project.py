"""Open a report project with its store: what every command begins with."""

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen import artifacts, datasets, files
from reportgen import plan as plans
from reportgen.artifacts import Addressed, Artifacts
from reportgen.errors import DataError, InputError, Place, Problem, RenderError, shown
from reportgen.pipeline.read_report import read_report
from reportgen.report import Report
from reportgen.report.types import DatasetFile
from reportgen.store import Store

if TYPE_CHECKING:
    from reportgen.datasets.types import Dataset, Pixels
    from reportgen.executors import Executor
    from reportgen.training.job import Job
    from reportgen.training.record import Record
    from reportgen.training.weights import Kernel

STORE = Path(".reportgen", "store")


@dataclass(frozen=True)
class Project:
    """A report and the store that holds its results.

    `seeds` is how many were asked for on the way, `quick` whether a quick draft was. `executor` trains; None:
    this machine.
    """

    report: Report
    store: Store
    seeds: int | None = None
    quick: bool = False
    executor: "Executor | None" = None

    def close(self) -> None:
        """Release the machines that train."""
        if self.executor is not None:
            self.executor.close()

    def reread(self) -> "Project":
        """Return the project as its files stand now."""
        return replace(
            self, report=read_report(self.report.project, self.report.answers, self.seeds, self.quick)
        )

    def plan(self, *, build: bool = True) -> plans.Plan:
        """Say what is fresh, and what is stale and why.

        Parameters
        ----------
        build : bool
            Whether a model whose source the store does not know may be built (in a process of its
            own, without training) to see if it is really another model. Nothing is built, and
            TensorFlow is not started, where the source is known. Where TensorFlow is not
            installed, other machines build it, and without them such a model counts as stale.
        """
        versions = self._versions_elsewhere()
        able = build and (bool(versions) or find_spec("tensorflow") is not None)
        planned = plans.make(self.report, self.store, self.data, self._identify if able else None, versions)
        seen = self.seen(planned)
        return replace(planned, models=tuple(self._with_attempts(each, seen) for each in planned.models))

    def seen(self, planned: plans.Plan) -> dict[str, plans.Seen]:
        """Return what is known of trainings that run, on whatever machine, by key."""
        return plans.seen_running(
            self.store, [each.key for each in planned.models if each.status == "stale" and each.key]
        )

    def data(self, name: str) -> plans.Data:
        """Return what a plan needs to know of a data set."""
        own = self.report.datasets
        declared = own.get(name)
        if declared and declared.function:
            mark = self._computed(declared)
        elif declared and declared.folder:
            # Its files are hashed at every command, and decoded when one has changed.
            mark = self._pinned(
                replace(declared, sha256=declared.sha256 or datasets.folder_digest(declared.path))
            )
        elif declared and declared.sha256:
            mark = self._pinned(declared)
        else:
            mark = datasets.fingerprint(name, own)
        return plans.Data(mark, datasets.validation(name, own), datasets.class_names(name, own))

    def _pinned(self, declared: DatasetFile) -> str:
        """Return the fingerprint of a file or folder of known digest: it is read, or downloaded, once."""
        what = replace(
            declared, path=Path(declared.path.suffix), place=Place(Path(), 0), title="", url="", items=None
        )
        found = Addressed(artifacts.digest(what), lambda: declared)
        return Artifacts(self.store)(_fingerprint, found).decode()

    def dataset(self, name: str) -> "Dataset":
        """Return a data set; what a function of the authors' returns is made by a worker."""
        declared = self.report.datasets.get(name)
        if declared and declared.function:
            return self._called(declared, plans.Snapshot.read(self.report.models_path))[0]
        return datasets.load(name, own=self.report.datasets)

    def _computed(self, declared: DatasetFile) -> str:
        """Return the fingerprint of what a function of models.py returns."""
        projector = plans.Projector(plans.Snapshot.read(self.report.models_path))

        def compute() -> tuple[str, Mapping[str, str]]:
            found, reads = self._called(declared, projector.snapshot)
            return found.fingerprint, reads

        return plans.data_fingerprint(self.store, projector, declared, compute)

    def _called(self, declared: DatasetFile, snapshot: plans.Snapshot) -> "tuple[Dataset, Mapping[str, str]]":
        """Return what a function of models.py makes, and what it read: here, or on a machine that trains."""
        from reportgen import executors

        if (machines := self.elsewhere) is None:
            return executors.data(snapshot.files, declared)
        from reportgen.training.job import Job

        job = Job(
            model=declared.name,
            builder=declared.function,
            sources=snapshot.files,
            models_path=str(self.report.models_path),
            training=next(iter(self.report.models.values())).training,  # it has no part in the data
            seed=0,
            key="0" * 64,
            projection={},
            dataset_file=declared,
            toml=shown(declared.place.path),
        )
        return executors.data_elsewhere(job, store=self.store, executor=machines)

    def images(self, record: "Record", dataset: str) -> "Pixels":
        """Return the test images, uint8 (n, height, width, channels), that a record has predictions for.

        Of several inputs they are the first that is images; of data without images they are the first inputs.
        """
        test = self.trained_on(record, dataset).test
        return test.arrays[0] if test.images is None else test.images

    def trained_on(self, record: "Record", dataset: str) -> "Dataset":
        """Return the data set of a record; raise a DataError if it is not what it was."""
        found = self.dataset(dataset)
        if found.fingerprint != record.dataset:
            raise DataError(f"{dataset} is no longer what result {record.key[:12]} was trained on")
        return found

    def kernel(self, record: "Record") -> "Kernel | None":
        """Return the weights of a record's first convolution; None where it has none."""
        from reportgen.training.codec import WEIGHTS
        from reportgen.training.weights import first_kernel

        stored = self.store.get(record.key)
        if stored is None:
            raise RenderError("its stored weights are damaged and were set aside")
        return first_kernel(stored.read(WEIGHTS)) if WEIGHTS in stored.names else None

    def job(self, planned: plans.ModelPlan) -> "Job":
        """Return what a worker needs to train a model: the very text that its key was made from."""
        # Its room loads NumPy, which is not needed to say what is fresh.
        from reportgen.training.job import Job

        return Job(
            model=planned.name,
            builder=planned.spec.builder,
            sources=planned.snapshot.files,
            models_path=str(self.report.models_path),
            training=planned.spec.training,
            seed=planned.seed,
            key=planned.key or planned.source_keys["exact"],
            projection=planned.projection,
            dataset_file=self.report.datasets.get(planned.spec.training.dataset),
            reads=planned.reads,
            toml=shown(planned.spec.place.path),
            lines=planned.spec.lines,
            needs=planned.spec.needs,
        )

    @property
    def elsewhere(self) -> "Executor | None":
        """The machines that do what takes TensorFlow, where it is not installed here; else None."""
        return self.executor if find_spec("tensorflow") is None else None

    def _versions_elsewhere(self) -> dict[str, str]:
        """Return the versions of the machines that train, where nothing can train here; else none."""
        if (machines := self.elsewhere) is None:
            return {}
        from reportgen import executors

        return executors.versions(machines, self.store)

    def _with_attempts(self, planned: plans.ModelPlan, running: Mapping[str, plans.Seen]) -> plans.ModelPlan:
        """Say of a model where it is being trained, and of one that was tried why it has no result."""
        if planned.status != "stale" or planned.key is None:
            return planned
        reasons = planned.reasons
        if (noted := self.store.noted("diverged", planned.key, shared=True)) is not None:
            reasons = (plans.Reason("diverged", noted.decode(errors="replace")), *reasons)
        if (seen := running.get(planned.key)) is not None:
            if seen.alive:
                reasons = (plans.Reason("running", str(seen)), *reasons)
            else:
                reasons = (*reasons, plans.Reason("interrupted", str(seen)))
        return replace(planned, reasons=reasons)

    def _identify(self, planned: Sequence[plans.ModelPlan]) -> Sequence[plans.Identity]:
        """Build models, and make one seed of each ready: what is wrong is known before any trains."""
        from reportgen import executors

        first = {each.model: index for index, each in reversed(list(enumerate(planned)))}
        jobs = [self.job(each) for each in planned]
        found = executors.identify(jobs, first.values(), store=self.store, executor=self.elsewhere)
        return [(identity.config, identity.digest, identity.reads) for identity in found]


def _fingerprint(declared: Addressed[DatasetFile]) -> bytes:
    """Return the fingerprint of an own data set."""
    found = declared.load()
    return datasets.fingerprint(found.name, {found.name: found}).encode()


def open_project(
    project: Path,
    answers: Path | None = None,
    store: str | None = None,
    *,
    seeds: int | None = None,
    quick: bool = False,
    read_only: bool = False,
    prose: bool = True,
    required: bool = False,
    executor: str = "local",
) -> Project:
    """Read a report project and open its store.

    Parameters
    ----------
    project : Path
        Where ``answers/`` stands.
    answers : Path, optional
        Another folder of answers.
    store : str, optional
        A folder, or a URL of fsspec that is kept behind the project's own folder; without it what
        report.toml names in the project, else ``.reportgen/store`` of the project.
    seeds : int, optional
        Train every model with this many seeds.
    quick : bool
        Train every model on a small part of the data, and say so in the title.
    read_only : bool
        Write nothing into the store.
    prose : bool
        Whether to read the answers; without them the report has no sections.
    required : bool
        Whether a store at a URL has to be reached, see `Store.open`.
    executor : str
        Which machines train, see `executors.named`.

    Raises
    ------
    InputError
        With all that is wrong in the report; also if other machines shall train and there is no store that
        they share.
    """
    project = project.absolute()
    report = read_report(project, answers and answers.absolute(), seeds, quick, prose=prose)
    place = store or _declared(report) or str(project / STORE)
    remote = place if "://" in place else None
    local = project / STORE if remote else Path(os.path.expanduser(place))  # noqa: PTH111 - fails without a home
    if executor == "local":
        return Project(
            report, Store.open(local, remote, read_only=read_only, required=required), seeds, quick
        )
    from reportgen import executors

    machines = executors.named(executor, remote or "", project)
    opened = Store.open(local, remote, read_only=read_only, required=True)
    return Project(report, opened, seeds, quick, machines)


def _declared(report: Report) -> str:
    """Return the store that report.toml names; empty where it names none.

    Raises
    ------
    InputError
        If it lies outside the project: a report may be a stranger's, and its results go, and are looked
        for, where the user says.
    """
    name = str(report.options.get("store", ""))
    path = None if "://" in name or name.startswith("~") else files.inside(report.project, name)
    if name and path is None:
        place, line = shown(report.answers / "report.toml"), report.option_lines.get("store", 0)
        message = f"options.store is {name[:200]!r}, which lies outside the project"
        asked = f"--store {shlex.quote(name[:200])}"
        remedy = f"remove the line; to use that location, pass {asked} or set REPORTGEN_STORE"
        raise InputError(Problem(place, line, message, remedy))
    return str(path) if name else ""
