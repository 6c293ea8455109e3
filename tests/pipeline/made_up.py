"""Builds of small reports whose results are made up: everything is real but the training and the kernel.

As a program it builds the report in the working folder twice, the second time with an empty store, and prints
what comes out.
"""

import ast
import hashlib
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save

from reportgen import executors
from reportgen.commands.build import build
from reportgen.document.notebook import notebook as notebooks
from reportgen.document.notebook.notebook import Notebook
from reportgen.errors import ReportgenError
from reportgen.pipeline.project import open_project
from reportgen.store import Store
from reportgen.training import codec
from reportgen.training.job import Identity, Job
from reportgen.training.record import Record
from tests.factories import make_record

WEIGHTS = save({"000/conv2d/kernel": np.ones((3, 3, 1, 4), np.float32)})
SIZES = {"train": 60, "validation": 30, "test": 40}
Retold = Callable[[Record], Record]


def as_it_is(record: Record) -> Record:
    return record


def result(job: Job) -> Record:
    """Return the result of a job: another key, other numbers."""
    data = job.projection["data"]
    better = int(job.key[:2], 16) / 1000
    made = make_record(
        seed=job.seed,
        key=job.key,
        accuracy={"train": 0.6 + better, "validation": 0.5 + better, "test": 0.45 + better},
        sizes=SIZES,
        classes=data["classes"],
        epochs=job.training.epochs,
    )
    # Nothing in it but what is in the key: a line that the builder does not use trains nothing again.
    return replace(
        made, dataset=data["fingerprint"], projection=dict(job.projection), code=f"def {job.builder}"
    )


@contextmanager
def made_up(retold: Retold = as_it_is) -> Iterator[None]:
    """Replace what takes long: the training processes and the notebook's kernel."""

    def train(jobs: Sequence[Job], store: Store, *_: object, **__: object) -> None:
        for job in jobs:
            files = codec.files_of(retold(result(job)))
            store.publish(job.key, {**files, codec.WEIGHTS: WEIGHTS})

    def evaluate(job: Job, store: Store, key: str, *_: object, **__: object) -> None:
        further = [name for name in job.training.metrics if name != "accuracy"]
        measured = {split: dict.fromkeys(further, 0.5) for split in SIZES}
        store.publish(key, {codec.METRICS: codec.metrics_file(measured)})

    def augment(
        job: Job, images: int, versions: int, **_: object
    ) -> tuple[NDArray[np.uint8], tuple[int, ...]]:
        shade = int(job.key[:2], 16)  # what augments is in the key
        return np.full((images, 1 + versions, 6, 6, 3), shade, np.uint8), (0,) * images

    def identify(jobs: Sequence[Job], *_: object, **__: object) -> list[Identity]:
        # As if what a builder builds were told by the source that it uses.
        texts = [str(job.projection["builder"]) for job in jobs]
        return [Identity("{}", hashlib.sha256(text.encode()).hexdigest()) for text in texts]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(executors, "train", train)
        patch.setattr(executors, "evaluate", evaluate)
        patch.setattr(executors, "augment", augment)
        patch.setattr(executors, "identify", identify)
        patch.setattr(notebooks, "execute", executed)
        yield
        # Who replaced them meanwhile and did not put them back would later put these back, for good.
        assert executors.train is train
        assert executors.evaluate is evaluate
        assert executors.identify is identify
        assert notebooks.execute is executed


def executed(
    notebook: Notebook, *, folder: Path, environment: Mapping[str, str], timeout: float = 0
) -> Notebook:
    """Run the cells in this process, with the environment that a kernel would have."""
    names: dict[str, Any] = {}
    cells = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, value in environment.items():
            patch.setenv(name, value)
        for number, cell in enumerate(notebook.cells, 1):
            if cell["cell_type"] == "code":
                outputs = list(_outputs(cell, number, names))
                cell = {**cell, "execution_count": number, "outputs": outputs}
            cells.append(cell)
    return replace(notebook, cells=tuple(cells))


def _outputs(cell: Mapping[str, Any], number: int, names: dict[str, Any]) -> Iterator[dict[str, Any]]:
    tree = ast.parse(cell["source"])
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, cell["id"], "exec"), names)
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), cell["id"], "eval"), names)
        shows = getattr(value, "_repr_mimebundle_", lambda: ({"text/plain": repr(value)}, {}))
        data, metadata = shows()
        yield {"output_type": "execute_result", "execution_count": number, "data": data, "metadata": metadata}


def built(folder: Path, retold: Retold = as_it_is) -> Mapping[str, bytes] | str:
    """Build the report in a folder; return its outputs, or what is wrong with it."""
    out = folder / "report.pdf"
    with made_up(retold), pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        try:
            project = open_project(Path())
            with project.store.in_use():
                build(project, [out], observe=lambda *_: None, step=lambda _: None)
        except ReportgenError as error:
            return f"{type(error).__name__}: {error}"
    return {kind: out.with_suffix(f".{kind}").read_bytes() for kind in ("pdf", "html", "ipynb")}


def emptied(folder: Path) -> None:
    """Remove the store and all outputs of a report."""
    for path in folder.iterdir():
        if path.name not in ("answers", "templates", "package"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def main() -> None:
    warm = built(Path.cwd())
    emptied(Path.cwd())
    cold = built(Path.cwd())
    sys.stdout.write(repr((warm, cold)))


if __name__ == "__main__":
    main()
