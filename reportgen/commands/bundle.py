"""``bundle``: write the archive that is handed in, from a PDF and HTML that were checked."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from reportgen import DISTRIBUTION, __version__, datasets, files
from reportgen.commands.build import is_last_build
from reportgen.commands.export import keras_file
from reportgen.commands.outputs import outputs
from reportgen.commands.verify.recompute import verify
from reportgen.datasets.types import Dataset
from reportgen.document.notebook import standalone
from reportgen.errors import ContentError, InputError, Problem, UndecidedError, shown
from reportgen.pipeline import gate, write_files
from reportgen.pipeline.gather import gather
from reportgen.pipeline.project import Project
from reportgen.plan import Plan
from reportgen.report import Report
from reportgen.training import codec

_NAMES = {"pdf": "handin_pdf", "html": "handin_html"}
NOTEBOOK = "standalone.ipynb"
_DATE = (1980, 1, 1, 0, 0, 0)
_PACKED = {".keras", ".npz", ".png", ".jpg", ".jpeg", ".pdf"}  # already; deflating them again gains nothing
_ORIGIN = f"""\
answers/ and templates/ are the whole source of this report. To build it again, in this folder:

    pip install "{DISTRIBUTION}[train,document]=={__version__}"
    reportgen build

standalone.ipynb trains the models without reportgen. models/ holds the trained models, if
they are in this archive: keras.models.load_model("models/NAME.keras").
"""


def bundle(
    project: Project,
    built: Path,
    out: Path,
    *,
    models: bool = False,
    code: bool = False,
    observe: Callable[[str, Mapping[str, Any]], None] = lambda *_: None,
) -> tuple[str, ...]:
    """Write the archive and return the names in it.

    Parameters
    ----------
    built : Path
        The PDF of the last build, with its HTML beside it.
    out : Path
        The archive, a ``.zip``.
    models : bool
        Whether each training is in it as a ``.keras`` file, see `export`.
    code : bool
        Whether what the authors wrote is in it, as a project that builds.

    Raises
    ------
    UndecidedError
        If something can't be decided, the files are not what the last build wrote, or it was a draft or of
        anything else than now.
    ContentError
        If a claim or requirement is false, or the PDF does not agree with the evidence inside it.
    """
    write_files.check_writable([out])
    written = outputs(built)
    files = {kind: written.of(f".{kind}") for kind in _NAMES}
    names = {kind: _name(project, kind, path) for kind, path in files.items()}
    planned = project.plan()
    gate.require(gather(project, planned).verdicts, project.report)
    if not is_last_build(project, written):
        remedy = f"run: reportgen build --out {shown(built)}"
        raise UndecidedError(Problem(shown(built), 0, "is not what this report would build now", remedy))
    differences = verify(built).differences
    if differences:
        raise ContentError([Problem(shown(built), 0, str(difference)) for difference in differences])
    contents = {name: files[kind].read_bytes() for kind, name in names.items()}
    if models:
        contents |= dict(_models(project, planned, observe))
    if code:
        contents |= dict(_code(project, planned))
    write_files.write({out: _archive(contents)})
    return tuple(contents)


def _models(
    project: Project, planned: Plan, observe: Callable[[str, Mapping[str, Any]], None]
) -> Iterator[tuple[str, bytes]]:
    """Yield every trained model as a file; with several seeds each has its seed in its name."""
    for each in planned.models:
        stored = project.store.get(each.key) if each.key else None
        if stored is None:
            continue  # diverged: the gate has let it pass, and there is nothing to hand in
        if codec.WEIGHTS not in stored.names:
            continue  # an estimator: of it predictions are kept
        seed = f"-seed-{each.seed}" if len(each.spec.seeds) > 1 else ""
        yield (
            f"models/{each.model.replace(chr(34), '')}{seed}{Path(codec.MODEL).suffix}",
            keras_file(project, each, stored, partial(observe, each.name)),
        )


def _code(project: Project, planned: Plan) -> Iterator[tuple[str, bytes]]:
    """Yield what the authors wrote, the project's own templates among it, and a notebook for plain Keras."""
    report = project.report
    for folder, place in (("answers", report.answers), ("templates", report.templates)):
        for name, path in files.walk(place):
            if path.suffix != ".pyc":
                yield f"{folder}/{name}", files.read(path)
    yield "README.txt", (_ORIGIN + _elsewhere(report)).encode()
    snapshot = planned.models[0].snapshot
    code = {snapshot.root: snapshot.files[snapshot.root], **snapshot.files}
    first = {name: records[0] for name, records in gather(project, planned).records.items()}
    for name in {report.models[each].training.dataset for each in first}:
        if packed := datasets.packed(name, report.datasets, report.answers):
            yield packed, _arrays(project.dataset(name))
    yield NOTEBOOK, standalone.make(report, code, first).to_bytes()


def _elsewhere(report: Report) -> str:
    """Say which data sets the archive does not hold as they are read."""
    found = [
        f"    {name}: {each.url or each.path.name}, SHA-256 {each.sha256}\n"
        for name, each in report.datasets.items()
        if datasets.packed(name, report.datasets, report.answers) and each.sha256
    ]
    return "\nData that report.toml reads from elsewhere:\n\n" + "".join(found) if found else ""


def _arrays(data: Dataset) -> bytes:
    """Return a data set as an ``.npz`` with the split that the models were trained on."""
    file = io.BytesIO()
    arrays: dict[str, Any] = {}
    for name, split in (("train", data.train), ("test", data.test)):
        several = {f"x_{name}.{part}": values for part, values in split.several.items()}
        arrays |= several or {f"x_{name}": split.arrays[0]}
        arrays[f"y_{name}"] = split.labels
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def _archive(contents: Mapping[str, bytes]) -> bytes:
    """Return a ``.zip``, the same bytes for the same contents."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for name, data in contents.items():
            packed_before = PurePath(name).suffix in _PACKED
            how = zipfile.ZIP_STORED if packed_before else zipfile.ZIP_DEFLATED
            packed.writestr(zipfile.ZipInfo(name, _DATE), data, how)
    return archive.getvalue()


def _name(project: Project, kind: str, path: Path) -> str:
    name = str(project.report.options.get(_NAMES[kind], path.name))
    if PurePath(name).name != name or not name.endswith(f".{kind}"):
        place = shown(project.report.answers / "report.toml")
        remedy = f"give a file name that ends in .{kind}"
        raise InputError(Problem(place, 0, f"options.{_NAMES[kind]} is {name!r}", remedy))
    return name
