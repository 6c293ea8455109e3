"""Turn a user's images, arrays or table into a data set file of a report."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen import files
from reportgen.decoding.pictures import strictly
from reportgen.errors import DataError, InputError, Place, Problem, shown
from reportgen.report.types import CLASSES, TABLES, DatasetFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

FORMS = (
    "a .csv or .parquet table, an .npz of x_train, y_train, x_test and y_test, "
    "or a folder with a folder of images for each class"
)
ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
SIDE = 64  # pixels of a side to which images of several sizes are brought
LIMIT = 1 << 30  # bytes of all pixels
_GREY = ("1", "L", "LA")
_TEST, _VALIDATION = 5, 6  # one in five images is for the test, one in six of the others is held out
Labelled = tuple[Path, int]


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
    from reportgen.datasets.own_files import read_own
    from reportgen.datasets.types import pictures

    # As many classes as labels can tell apart, until the labels say how many there are.
    most = tuple(map(str, range(CLASSES)))
    arrays = read_own(DatasetFile(name, title, source, most, 1, Place(source, 0)))
    classes = 1 + max(int(arrays["train_labels"].max()), int(arrays["test_labels"].max()), 1)
    validation = max(1, len(arrays["train_labels"]) // _VALIDATION)
    images = pictures(arrays["train_images"])
    return Adopted(name, title, files.read(source), most[:classes], validation, images)


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

    splits = [source / "train", source / "test"]
    if all(split.is_dir() for split in splits):
        folders = [_class_folders(split) for split in splits]
        classes = sorted({name for found in folders for name in found})
        train, test = (_mixed([found.get(name, []) for name in classes]) for found in folders)
    else:
        found = _class_folders(source)
        classes = sorted(found)
        cut = {name: max(1, len(paths) // _TEST) for name, paths in found.items()}
        train = _mixed([found[name][: -cut[name]] for name in classes])
        test = _mixed([found[name][-cut[name] :] for name in classes])
    if len(classes) < 2 or len(train) < 2 or not test:
        message = (
            f"has {len(classes)} class folders, with {len(train)} images to train on, {len(test)} to test"
        )
        raise DataError(Problem(shown(source), 0, message, "two classes with two images each are the least"))
    pixels = _pixels([path for path, _ in (*train, *test)], source)
    labels = np.array([label for _, label in (*train, *test)], np.uint8)
    cut_at, file = len(train), io.BytesIO()
    np.savez_compressed(
        file,
        x_train=pixels[:cut_at],
        y_train=labels[:cut_at],
        x_test=pixels[cut_at:],
        y_test=labels[cut_at:],
    )
    return Adopted(name, title, file.getvalue(), tuple(classes), max(1, len(train) // _VALIDATION))


def _class_folders(folder: Path) -> Mapping[str, Sequence[Path]]:
    """Return the images of each class by its name, in order of their names."""
    found: dict[str, list[Path]] = {}
    for name, path in files.walk(folder):
        kind, slash, _ = name.partition("/")
        if slash and path.suffix.lower() in ENDINGS:
            found.setdefault(kind, []).append(path)
    if len(found) > CLASSES:
        message = f"has {len(found):,} class folders; the limit is {CLASSES:,}"
        raise DataError(Problem(shown(folder), 0, message))
    return found


def _mixed(by_class: Sequence[Sequence[Path]]) -> list[Labelled]:
    """Return all images with their labels so that the last ones are of every class, as the first ones are."""
    placed = [
        ((number + 0.5) / len(paths), label, path)
        for label, paths in enumerate(by_class)
        for number, path in enumerate(paths)
    ]
    return [(path, label) for _, label, path in sorted(placed)]


def _pixels(paths: Sequence[Path], source: Path) -> "NDArray[np.uint8]":
    """Return all images as one array, of one size and one number of channels."""
    import numpy as np

    heads = [_head(path) for path in paths]
    sizes = {size for size, _ in heads}
    width, height = sizes.pop() if len(sizes) == 1 else (SIDE, SIDE)
    colours = () if all(mode in _GREY for _, mode in heads) else (3,)
    shape = (len(paths), height, width, *colours)
    if (bytes_ := prod(shape)) > LIMIT:
        message = f"its images are {bytes_:,} bytes of pixels; the limit is {LIMIT:,}"
        raise DataError(Problem(shown(source), 0, message, "make them smaller"))
    made = np.empty(shape, np.uint8)
    for number, path in enumerate(paths):
        made[number] = _decoded(path, (width, height), "RGB" if colours else "L")
    return made


def _head(path: Path) -> tuple[tuple[int, int], str]:
    """Return the size of an image and its mode, without decoding it."""
    with _named(path) as image:
        if image.mode[0] in "IF":
            raise ValueError("its pixels have more than 8 bits")
        return image.size, image.mode


def _decoded(path: Path, size: tuple[int, int], mode: str) -> "NDArray[np.uint8]":
    import numpy as np
    from PIL import ImageOps

    with _named(path) as image:
        return np.asarray(ImageOps.fit(ImageOps.exif_transpose(image).convert(mode), size))


@contextmanager
def _named(path: Path) -> Iterator["Image"]:
    """Open an image; what is wrong with it is an error that names it."""
    from PIL import Image

    try:
        with strictly(), Image.open(io.BytesIO(files.read(path))) as image:
            yield image
    except InputError as error:
        raise DataError(error.problems) from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        reason = str(error).partition(" <")[0]
        message = f"can't be used as an image: {reason}"
        raise DataError(Problem(shown(path), 0, message, "remove it, or save it anew")) from None
