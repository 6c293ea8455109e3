import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from reportgen.datasets.cache import Cache, default_root, measured, verify
from reportgen.datasets.fetch_types import RefusedError, UnavailableError
from reportgen.datasets.published import ARRAYS, Published
from tests.datasets.makers import arrays_of, published_of

ARRAY = arrays_of(5, 4, 3)
TINY = published_of(ARRAY)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    (tmp_path / "data").mkdir()
    return Cache(tmp_path / "data")


def test_round_trip(cache: Cache) -> None:
    assert cache.read(TINY) is None
    cache.write(TINY, ARRAY)
    found = cache.read(TINY)
    assert found is not None
    for name in ARRAYS:
        np.testing.assert_array_equal(found[name], ARRAY[name])
        assert not found[name].flags.writeable
        assert isinstance(found[name].base, np.memmap)
    assert sorted(path.name for path in cache.root.iterdir()) == ["tiny"]


@pytest.mark.parametrize("name", ARRAYS)
def test_one_wrong_byte_is_refused_with_both_hashes(name: str) -> None:
    changed = dict(ARRAY)
    changed[name] = ARRAY[name].copy()
    changed[name].flat[-1] ^= 1
    with pytest.raises(RefusedError) as refused:
        verify(TINY, changed)
    message = str(refused.value)
    assert TINY.arrays[name].sha256 in message
    assert measured(changed[name]).sha256 in message
    assert name.split("_")[1] in message


def test_another_shape_or_type_is_refused() -> None:
    flat = ARRAY | {"test_images": ARRAY["test_images"].reshape(6, -1)}
    with pytest.raises(
        RefusedError, match=r"test images of Tiny have shape \(6, 60\), published \(6, 5, 4, 3\)"
    ):
        verify(TINY, flat)
    wide = ARRAY | {"test_labels": ARRAY["test_labels"].astype(np.int64)}
    with pytest.raises(RefusedError, match="test labels of Tiny are int64, not uint8"):
        verify(TINY, wide)


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_changed_byte_of_any_file_is_found_on_load(cache: Cache, name: str, share: float) -> None:
    cache.write(TINY, ARRAY)
    path = cache.folder("tiny") / f"{name}.npy"
    data = bytearray(path.read_bytes())
    header = len(data) - ARRAY[name].size
    data[header + int(share * (ARRAY[name].size - 1))] ^= 1
    path.write_bytes(data)
    with pytest.raises(RefusedError, match=TINY.arrays[name].sha256):
        cache.read(TINY)


@pytest.mark.parametrize("name", ARRAYS)
def test_a_damaged_header_changes_nothing(cache: Cache, name: str) -> None:
    """Shapes are known without it: no header can make the same bytes mean something else."""
    cache.write(TINY, ARRAY)
    path = cache.folder("tiny") / f"{name}.npy"
    path.write_bytes(b"x" + path.read_bytes()[1:])
    found = cache.read(TINY)
    assert found is not None
    np.testing.assert_array_equal(found[name], ARRAY[name])


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"\0", lambda data: b""])
def test_a_file_of_another_length_is_found(cache: Cache, name: str, change: Callable[[bytes], bytes]) -> None:
    cache.write(TINY, ARRAY)
    path = cache.folder("tiny") / f"{name}.npy"
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(UnavailableError):
        cache.read(TINY)


def test_a_missing_file_is_damage(cache: Cache) -> None:
    cache.write(TINY, ARRAY)
    (cache.folder("tiny") / "test_labels.npy").unlink()
    with pytest.raises(UnavailableError, match=r"test_labels\.npy is damaged"):
        cache.read(TINY)


def test_files_are_ordinary_npy(cache: Cache) -> None:
    cache.write(TINY, ARRAY)
    for name in ARRAYS:
        np.testing.assert_array_equal(np.load(cache.folder("tiny") / f"{name}.npy"), ARRAY[name])


def test_a_damaged_set_is_replaced_while_it_is_in_use(cache: Cache) -> None:
    cache.write(TINY, ARRAY)
    in_use = cache.read(TINY)
    assert in_use is not None
    cache.write(TINY, ARRAY)
    np.testing.assert_array_equal(in_use["train_images"], ARRAY["train_images"])
    assert cache.read(TINY) is not None


class Killed(BaseException):
    """The process is gone: nothing after this is executed."""


@pytest.fixture
def killer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Kill at the n-th fsync or rename from now on."""
    left = [10**9]

    def counting(real: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return real(*arguments)

        return step

    def arm(steps: int) -> None:
        left[0] = steps

    monkeypatch.setattr(os, "fsync", counting(os.fsync))
    monkeypatch.setattr(Path, "rename", counting(Path.rename))
    yield arm
    arm(10**9)


@pytest.mark.parametrize("before", [False, True], ids=["empty", "replacing"])
def test_killed_at_every_step_of_a_write(cache: Cache, killer: Callable[[int], None], before: bool) -> None:
    """What is read afterwards is whole or nothing, and the next write mends everything."""
    steps = 0
    while True:
        if before:
            cache.write(TINY, ARRAY)
        killer(steps)
        try:
            cache.write(TINY, ARRAY)
        except Killed:
            steps += 1
        else:
            break
        finally:
            killer(10**9)
        found = cache.read(TINY)
        assert found is None or found.keys() == set(ARRAYS)
        cache.write(TINY, ARRAY)
        assert sorted(path.name for path in cache.root.iterdir()) == ["tiny"]
        if not before:
            for path in cache.folder("tiny").iterdir():
                path.unlink()
            cache.folder("tiny").rmdir()
    assert steps >= 7  # four files, their folder, the renaming, the folder above


def test_the_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REPORTGEN_DATA", str(tmp_path / "here"))
    assert default_root() == tmp_path / "here"
    monkeypatch.delenv("REPORTGEN_DATA")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert default_root() == tmp_path / "xdg" / "reportgen" / "data"


def test_fingerprint_sees_every_array() -> None:
    marks = {TINY.fingerprint}
    for name in ARRAYS:
        changed = dict(ARRAY)
        changed[name] = ARRAY[name].copy()
        changed[name].flat[0] ^= 1
        marks.add(published_of(changed).fingerprint)
    swapped = ARRAY | {"train_images": ARRAY["train_images"].reshape(20, 4, 5, 3)}
    marks.add(published_of(swapped).fingerprint)
    assert len(marks) == 6
    assert Published("other", "Other", ("x",), 2, TINY.arrays, "").fingerprint == TINY.fingerprint
