import gzip
import io
import pickle
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.datasets import builtin_formats, places
from reportgen.datasets.builtin_formats import Format
from reportgen.datasets.fetch_types import UnavailableError, silent
from tests.datasets import makers

COLOUR, GREY = makers.arrays_of(32, 32, 3), makers.arrays_of(28, 28, 1)
Files = dict[str, bytes]
FORMS = [
    pytest.param(builtin_formats.CIFAR10_PYTHON, makers.python_files(COLOUR), COLOUR, id="python batches"),
    pytest.param(builtin_formats.CIFAR10_PNG, makers.png_files(COLOUR), COLOUR, id="npm pictures"),
    pytest.param(builtin_formats.MNIST_IDX, makers.idx_files(GREY), GREY, id="idx"),
    pytest.param(builtin_formats.MNIST_KERAS, makers.npz_file(GREY), GREY, id="npz"),
]


def check(place: Path, form: Format, arrays: dict[str, np.ndarray]) -> None:
    found = places.read(place, form, silent)
    assert found.keys() == arrays.keys()
    for name, values in arrays.items():
        np.testing.assert_array_equal(found[name], values)
        assert found[name].dtype == np.uint8


@pytest.mark.parametrize(("form", "files", "arrays"), FORMS)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzipped"])
@pytest.mark.parametrize("below", ["", "package", "cifar-10-batches-py-target/cifar-10-batches-py"])
def test_folder(tmp_path: Path, form: Format, files: Files, arrays: Files, packed: bool, below: str) -> None:
    makers.folder(tmp_path / below, files, packed)
    (place,) = places.find(tmp_path, form)
    assert place == tmp_path / below
    check(place, form, arrays)


@pytest.mark.parametrize(("form", "files", "arrays"), FORMS[:3])
def test_archive(tmp_path: Path, form: Format, files: Files, arrays: Files) -> None:
    # The order of the members of an archive is not that of the arrays.
    name = form.archives[0].replace("*", "1.1.1")
    shuffled = dict(sorted(files.items(), reverse=True)) | {"readme.md": b"-"}
    path = makers.archive(tmp_path / name, shuffled)
    assert list(places.find(tmp_path, form)) == [path]
    assert list(places.find(path, form)) == [path]
    check(path, form, arrays)


def test_kerass_names_are_known(tmp_path: Path) -> None:
    for name in ("cifar-10-batches-py-target_archive", "cifar-10-batches-py.tar.gz"):
        path = makers.archive(tmp_path / name, makers.python_files(COLOUR), "cifar-10-batches-py/")
        check(path, builtin_formats.CIFAR10_PYTHON, COLOUR)
    assert len(list(places.find(tmp_path, builtin_formats.CIFAR10_PYTHON))) == 2


def test_npz_named_as_a_file(tmp_path: Path) -> None:
    makers.folder(tmp_path, makers.npz_file(GREY))
    check(tmp_path / "mnist.npz", builtin_formats.MNIST_KERAS, GREY)


def test_progress_counts_bytes_of_the_archive(tmp_path: Path) -> None:
    path = makers.archive(tmp_path / "x.tgz", makers.idx_files(GREY))
    seen: list[tuple[str, int, int | None]] = []
    places.read(path, builtin_formats.MNIST_IDX, lambda *told: seen.append(told))
    assert [label for label, _, _ in seen] == [f"reading {name}" for name in builtin_formats.MNIST_IDX.files]
    assert all(0 < done <= (total or 0) == path.stat().st_size for _, done, total in seen)


def test_nothing_is_found_in_other_folders(tmp_path: Path) -> None:
    makers.archive(tmp_path / "imdb.tar.gz", {"x": b""})
    assert not list(places.find(tmp_path, builtin_formats.CIFAR10_PYTHON))
    assert not list(places.find(tmp_path / "absent", builtin_formats.CIFAR10_PYTHON))


def refusal(place: Path, form: Format = builtin_formats.MNIST_IDX) -> str:
    with pytest.raises(UnavailableError) as refused:
        places.read(place, form, silent)
    return str(refused.value)


def test_missing_files_are_named(tmp_path: Path) -> None:
    files = makers.idx_files(GREY)
    del files["t10k-images-idx3-ubyte"], files["train-labels-idx1-ubyte"]
    for place in (makers.archive(tmp_path / "x.tgz", files), makers.folder(tmp_path / "x", files)):
        assert refusal(place) == "it lacks train-labels-idx1-ubyte, t10k-images-idx3-ubyte"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_truncated_archive(tmp_path: Path, share: float) -> None:
    path = makers.archive(tmp_path / "x.tgz", makers.idx_files(GREY))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert "can't be read" in refusal(path) or "it lacks" in refusal(path)


def test_not_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "x.tgz"
    path.write_bytes(b"<html>Not found</html>")
    assert "can't be read" in refusal(path)


@pytest.mark.parametrize(
    ("form", "name", "data", "said"),
    [
        (builtin_formats.MNIST_IDX, "train-images-idx3-ubyte", b"\0\0\x0d\3", "not an IDX file of bytes"),
        (
            builtin_formats.MNIST_IDX,
            "train-images-idx3-ubyte",
            makers.idx(GREY["train_labels"])[:-1],
            "decoded",
        ),
        (builtin_formats.CIFAR10_PNG, "data_batch_2.png", b"GIF89a", "cannot identify"),
        (builtin_formats.CIFAR10_PNG, "train_lables.json", b"[1, 256]", "decoded"),
        (builtin_formats.CIFAR10_PNG, "train_lables.json", b"[" * 100_000, "decoded"),
        (builtin_formats.CIFAR10_PYTHON, "test_batch", b"cos\nsystem\n.", "it calls os.system"),
        (builtin_formats.MNIST_KERAS, "mnist.npz", b"PK\3\4", "decoded"),
    ],
)
def test_undecodable_file(tmp_path: Path, form: Format, name: str, data: bytes, said: str) -> None:
    arrays = GREY if form in (builtin_formats.MNIST_IDX, builtin_formats.MNIST_KERAS) else COLOUR
    makers_of: dict[str, Callable[..., Files]] = {
        builtin_formats.MNIST_IDX.title: makers.idx_files,
        builtin_formats.MNIST_KERAS.title: makers.npz_file,
        builtin_formats.CIFAR10_PNG.title: makers.png_files,
        builtin_formats.CIFAR10_PYTHON.title: makers.python_files,
    }
    message = refusal(makers.folder(tmp_path, makers_of[form.title](arrays) | {name: data}), form)
    assert name in message and said in message


def test_pickled_objects_in_an_npz_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "mnist.npz", x_train=np.array([{}], dtype=object))
    assert "an array of object" in refusal(tmp_path, builtin_formats.MNIST_KERAS)


def test_a_picture_of_another_width_is_refused(tmp_path: Path) -> None:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (1023, 4)).save(buffer, "PNG")
    files = makers.png_files(COLOUR) | {"test_batch.png": buffer.getvalue()}
    assert "1023 wide" in refusal(makers.folder(tmp_path, files), builtin_formats.CIFAR10_PNG)


def test_parts_that_do_not_fit(tmp_path: Path) -> None:
    rows = COLOUR["train_images"][:2].reshape(2, 3072)
    nested = pickle.dumps({b"data": rows, b"labels": [[1], [2]]}, protocol=2)
    place = makers.folder(tmp_path, makers.python_files(COLOUR) | {"data_batch_3": nested})
    assert "its parts don't fit together" in refusal(place, builtin_formats.CIFAR10_PYTHON)


def test_members_are_never_written_or_followed(tmp_path: Path) -> None:
    """Absolute names, names that climb, links and devices: read as bytes where regular, ignored where not."""
    secret = makers.folder(tmp_path / "secret", makers.idx_files(GREY))
    path = tmp_path / "inside" / "x.tgz"
    path.parent.mkdir()
    with tarfile.open(path, "w:gz") as members:
        for number, name in enumerate(builtin_formats.MNIST_IDX.files):
            member = tarfile.TarInfo(("/" if number else "../../") + name)
            member.type = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE)[number]
            member.linkname = str(secret / name)
            members.addfile(member)
        evil = tarfile.TarInfo("../../climbed")
        evil.size = 4
        members.addfile(evil, io.BytesIO(b"evil"))
    assert refusal(path) == f"it lacks {', '.join(builtin_formats.MNIST_IDX.files)}"
    assert sorted(found.name for found in tmp_path.iterdir()) == ["inside", "secret"]
    assert [found.name for found in path.parent.iterdir()] == ["x.tgz"]


def test_climbing_names_are_only_names(tmp_path: Path) -> None:
    path = makers.archive(tmp_path / "x.tgz", makers.idx_files(GREY), "../../../")
    check(path, builtin_formats.MNIST_IDX, GREY)
    assert [found.name for found in tmp_path.iterdir()] == ["x.tgz"]


def test_an_archive_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "LIMIT", 1000)
    files = makers.idx_files(GREY)
    assert "unpacks to more" in refusal(makers.archive(tmp_path / "x.tgz", files))
    for packed in (False, True):
        assert "more than" in refusal(makers.folder(tmp_path / str(packed), files, packed))


@given(st.binary(max_size=60), st.sampled_from([f.values[0] for f in FORMS]))  # type: ignore[attr-defined]
def test_any_bytes_are_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, form: Format
) -> None:
    place = makers.folder(tmp_path_factory.mktemp("any"), dict.fromkeys(form.files, data))
    with pytest.raises(UnavailableError):
        places.read(place, form, silent)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_idx_round_trip(shape: list[int], random: object) -> None:
    values = np.arange(int(np.prod(shape)), dtype=np.uint8).reshape(shape)
    decode = builtin_formats.MNIST_IDX.files["train-images-idx3-ubyte"]
    found = decode(makers.idx(values))["train_images"]
    np.testing.assert_array_equal(found, values if values.ndim == 1 else values[..., np.newaxis])


def test_broken_gzip_file(tmp_path: Path) -> None:
    makers.folder(tmp_path, makers.idx_files(GREY), packed=True)
    path = tmp_path / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(gzip.compress(b"x" * 100)[:-6])
    assert "can't be read" in refusal(tmp_path)
