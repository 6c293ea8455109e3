"""Turn a user's images, arrays or table into a data set file of a report."""

import io
import re
from dataclasses import dataclass
from pathlib import Path

from reportgen import files
from reportgen.errors import DataError, Place, Problem, shown
from reportgen.report.types import CLASSES, TABLES, DatasetFile

FORMS = (
    "a .csv or .parquet table, an .npz of x_train, y_train, x_test and y_test, "
    "or a folder with a folder of images for each class"
)
_VALIDATION = 6  # one in six of the training items is held out


@dataclass(frozen=True)
class Adopted:
    """A data set file, and what report.toml says of it.

    Attributes
    ----------
    name, title : str
    data : bytes
        The file.
    classes : tuple of str
    validation : int
    pictures : bool
        Whether the items are images.
    target : str
        Of a table, the column to predict; of all else empty.
    lacking : int
        Of a table, how many rows lack a value.
    kind : str
        The end of the file's name.
    """

    name: str
    title: str
    data: bytes
    classes: tuple[str, ...]
    validation: int
    pictures: bool = True
    target: str = ""
    lacking: int = 0
    kind: str = ".npz"

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{self.name}{self.kind}"

    @property
    def items(self) -> str:
        """What the items are called."""
        return "rows" if self.target else "images" if self.pictures else "items"


def adopt(source: Path, target: str = "") -> Adopted:
    """Read a table, an ``.npz`` or a folder of class folders as a data set of a report.

    A folder has a folder of images for each class, or folders ``train`` and ``test`` with these; without
    them one image in five of each class is for the test. Images of several sizes are cropped to squares and
    brought to one size. `target` is the column of a table to predict, by default the last one; its values
    are the classes, or numbers where they are fractions or many.

    Raises
    ------
    DataError
        If it is none of these, or can't be read.
    """
    name = re.sub(r"[^a-z0-9]+", "_", source.resolve().stem.lower()).strip("_")
    name = name if re.match(r"[a-z]", name) else f"data_{name}".rstrip("_")
    title = source.resolve().stem
    if source.is_dir():
        return _from_folders(source, name, title)
    if source.suffix.lower() in TABLES and source.exists():
        return _from_table(source, name, title, target)
    if source.suffix != ".npz" or not source.exists():
        what = "is not a data set that can be used" if source.exists() else "there is no such data set"
        raise DataError(Problem(shown(source), 0, what, f"give {FORMS}"))
    return _from_arrays(source, name, title)


def _from_arrays(source: Path, name: str, title: str) -> Adopted:
    from reportgen.datasets.api import load

    # As many classes as labels can tell apart, until the labels say how many there are.
    most = tuple(map(str, range(CLASSES)))
    data = load(name, own={name: DatasetFile(name, title, source, most, 1, Place(source, 0))})
    classes = 1 + max(int(data.train.labels.max()), int(data.test.labels.max()), 1)
    validation = max(1, len(data.train.labels) // _VALIDATION)
    if several := data.train.several:
        message = f"has several inputs ({', '.join(several)}), and the models that new writes take one"
        remedy = "begin without --data, and declare it in report.toml: see docs/models.md, Several inputs"
        raise DataError(Problem(shown(source), 0, message, remedy))
    return Adopted(name, title, files.read(source), most[:classes], validation, data.train.pictures)


def _from_table(source: Path, name: str, title: str, target: str) -> Adopted:
    from reportgen.datasets.own_files import read_own
    from reportgen.datasets.table_files import described

    found = described(source, target)
    place = Place(source, 0)
    declared = DatasetFile(
        name, title, source, found.classes, 1, place, target=found.target, missing=found.missing
    )
    rows = len(read_own(declared)["train_labels"])
    validation = max(1, rows // _VALIDATION)
    data = files.read(source)
    kind = source.suffix.lower()
    return Adopted(name, title, data, found.classes, validation, False, found.target, found.lacking, kind)


def _from_folders(source: Path, name: str, title: str) -> Adopted:
    import numpy as np

    from reportgen.datasets.image_folders import labelled, pixels_of
    from reportgen.datasets.labels import label_type
    from reportgen.datasets.types import Labels

    found = labelled(source)
    classes, train, test = found.classes, found.train, found.test
    if len(classes) < 2 or len(train) < 2 or not test:
        message = (
            f"has {len(classes)} class folders, with {len(train)} images to train on, {len(test)} to test"
        )
        raise DataError(Problem(shown(source), 0, message, "two classes with two images each are the least"))
    pixels = pixels_of([path for path, _ in (*train, *test)], source)
    labels: Labels = np.array([label for _, label in (*train, *test)], label_type(len(classes)))
    cut_at, file = len(train), io.BytesIO()
    np.savez_compressed(
        file,
        x_train=pixels[:cut_at],
        y_train=labels[:cut_at],
        x_test=pixels[cut_at:],
        y_test=labels[cut_at:],
    )
    return Adopted(name, title, file.getvalue(), tuple(classes), max(1, len(train) // _VALIDATION))
