"""The data sets of a project: their fingerprints, known without reading them again, and their arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen import artifacts, datasets
from reportgen import plan as plans
from reportgen.artifacts import Addressed, Artifacts
from reportgen.errors import Place, shown
from reportgen.report import Report
from reportgen.report.dataset_file import DatasetFile
from reportgen.store import Store

if TYPE_CHECKING:
    from reportgen.datasets.types import Dataset
    from reportgen.executors import Executor


@dataclass(frozen=True)
class ProjectData:
    """The data sets that a report names.

    `machines` call functions of the authors' that return data, where TensorFlow is not installed here.
    """

    report: Report
    store: Store
    machines: "Executor | None" = None

    def fingerprint(self, name: str) -> str:
        """Return the fingerprint of a data set."""
        own = self.report.datasets
        declared = own.get(name)
        if declared and declared.function:
            return self._of_function(declared)
        if declared and declared.folder:
            # Its files are hashed at every command, and decoded when one has changed.
            digest = declared.sha256 or datasets.folder_digest(declared.path)
            return self._of_file(replace(declared, sha256=digest))
        if declared and declared.sha256:
            return self._of_file(declared)
        return datasets.fingerprint(name, own)

    def load(self, name: str) -> "Dataset":
        """Return a data set; what a function of the authors' returns is made by a worker."""
        declared = self.report.datasets.get(name)
        if declared and declared.function:
            return self._called(declared, plans.Snapshot.read(self.report.models_path))[0]
        return datasets.load(name, own=self.report.datasets)

    def _of_file(self, declared: DatasetFile) -> str:
        """Return the fingerprint of a file or folder of known digest: it is read, or downloaded, once."""
        what = replace(
            declared, path=Path(declared.path.suffix), place=Place(Path(), 0), title="", url="", items=None
        )
        found = Addressed(artifacts.digest(what), lambda: declared)
        return Artifacts(self.store)(_fingerprint, found).decode()

    def _of_function(self, declared: DatasetFile) -> str:
        """Return the fingerprint of what a function of models.py returns."""
        projector = plans.Projector(plans.Snapshot.read(self.report.models_path))

        def compute() -> tuple[str, Mapping[str, str]]:
            found, reads = self._called(declared, projector.snapshot)
            return found.fingerprint, reads

        return plans.data_fingerprint(self.store, projector, declared, compute)

    def _called(self, declared: DatasetFile, snapshot: plans.Snapshot) -> "tuple[Dataset, Mapping[str, str]]":
        """Return what a function of models.py makes, and what it read: here, or on a machine that trains."""
        from reportgen import executors

        if self.machines is None:
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
        return executors.data_elsewhere(job, store=self.store, executor=self.machines)


def _fingerprint(declared: Addressed[DatasetFile]) -> bytes:
    """Return the fingerprint of an own data set."""
    found = declared.load()
    return datasets.fingerprint(found.name, {found.name: found}).encode()
