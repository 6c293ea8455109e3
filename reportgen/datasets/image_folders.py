"""Folders of images, one for each class, as arrays; how such a folder is known again."""

import hashlib
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen import files
from reportgen.datasets.fetch_types import Arrays
from reportgen.decoding.pictures import strictly
from reportgen.errors import DataError, InputError, Problem, nearest, shown
from reportgen.report.dataset_file import CLASSES, DatasetFile

if TYPE_CHECKING:
    from PIL.Image import Image

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
SIDE = 64  # pixels of a side to which images of several sizes are brought
LIMIT = 1 << 30  # bytes of all pixels
_GREY = ("1", "L", "LA")
_TEST = 5  # one in so many images is for the test
Labelled = tuple[Path, int]


@dataclass(frozen=True)
class Found:
    """The images of a folder with the numbers of their classes, in the order in which they are trained on."""

    classes: tuple[str, ...]
    train: Sequence[Labelled]
    test: Sequence[Labelled]


def read_folder(declared: DatasetFile) -> Arrays:
    """Read the images of the authors' folder.

    Raises
    ------
    DataError
        If its folders are not the declared classes, or an image can't be read.
    """
    found = labelled(declared.path, declared.classes)
    if problems := _wrong(declared, found):
        raise DataError(problems)
    pixels = pixels_of([path for path, _ in (*found.train, *found.test)], declared.path)
    labels = np.array([label for _, label in (*found.train, *found.test)])
    cut = len(found.train)
    return {
        "train_images": pixels[:cut],
        "train_labels": labels[:cut],
        "test_images": pixels[cut:],
        "test_labels": labels[cut:],
    }


def labelled(source: Path, classes: Sequence[str] = ()) -> Found:
    """Return the images of a folder of class folders, or of folders ``train`` and ``test`` with these.

    Without the latter, one image in five of each class is for the test. Classes are numbered as given, then
    by their names.
    """

    def numbered(found: set[str]) -> tuple[str, ...]:
        return (*classes, *sorted(found - set(classes)))

    splits = [source / "train", source / "test"]
    if all(split.is_dir() for split in splits):
        folders = [_class_folders(split) for split in splits]
        names = numbered({name for found in folders for name in found})
        train, test = (_mixed([found.get(name, []) for name in names]) for found in folders)
        return Found(names, train, test)
    found = _class_folders(source)
    names = numbered(set(found))
    cut = {name: max(1, len(found.get(name, [])) // _TEST) for name in names}
    return Found(
        names,
        _mixed([found.get(name, [])[: -cut[name]] for name in names]),
        _mixed([found.get(name, [])[-cut[name] :] for name in names]),
    )


def digest_of(folder: Path) -> str:
    """Return the SHA-256 of what ``sha256sum`` prints of all files of a folder, in order of their names."""
    found = hashlib.sha256()
    try:
        for name, path in files.walk(folder):
            found.update(f"{files.digest(path)}  ./".encode() + os.fsencode(name) + b"\n")
    except InputError as error:
        raise DataError(error.problems) from None
    return found.hexdigest()


def _wrong(declared: DatasetFile, found: Found) -> list[Problem]:
    """Return what is wrong with the class folders: unknown ones, and classes without images."""
    classes, folder = declared.classes, shown(declared.path)
    problems = [
        (f"{folder} has a folder {name}, which is none of the declared classes", nearest(name, classes))
        for name in found.classes[len(classes) :]
    ]
    for images, purpose in ((found.train, "to train on"), (found.test, "for the test")):
        there = {label for _, label in images}
        lacking = [name for label, name in enumerate(classes) if label not in there]
        if lacking:
            remedy = "each class has a folder of its name, with two images at least"
            problems.append((f"{folder} has no images of {', '.join(lacking[:20])} {purpose}", remedy))
    return [Problem(shown(declared.place.path), declared.place.line, *words) for words in problems]


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


def pixels_of(paths: Sequence[Path], source: Path) -> NDArray[np.uint8]:
    """Return all images as one array, of one size and one number of channels."""
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


def _decoded(path: Path, size: tuple[int, int], mode: str) -> NDArray[np.uint8]:
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
