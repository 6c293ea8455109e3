import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.errors import TrainingError
from reportgen.training.checkpoint import Checkpoint, read, write
from reportgen.training.record import History


def checkpoint(value: float) -> Checkpoint:
    curve = (value,)
    state = (np.full((2, 3), value, np.float32), np.array(7, np.int64), np.array([1, 2], np.uint32))
    history = History(curve, curve, curve, curve, curve, curve)
    return Checkpoint("2020-01-01T00:00:00+00:00", history, ("epoch 1: CPU",), 2, state)


def value_of(found: Checkpoint | None) -> float | None:
    return None if found is None else float(found.state[0][0, 0])


def test_it_comes_back_to_the_bit(tmp_path: Path) -> None:
    write(tmp_path, "one", checkpoint(0.1))
    found = read(tmp_path, "one")
    assert found is not None
    assert replace(found, state=()) == replace(checkpoint(0.1), state=())
    for mine, theirs in zip(found.state, checkpoint(0.1).state, strict=True):
        assert (mine.dtype, mine.shape) == (theirs.dtype, theirs.shape)
        np.testing.assert_array_equal(mine, theirs)


def test_that_of_another_experiment_is_none(tmp_path: Path) -> None:
    write(tmp_path, "one", checkpoint(1))
    assert read(tmp_path, "two") is None
    assert read(tmp_path / "elsewhere", "one") is None


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_fault_at_any_moment_leaves_the_previous_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    write(tmp_path, "one", checkpoint(1))

    def fail(*arguments: Any, **options: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(TrainingError, match="No space left"):
        write(tmp_path, "one", checkpoint(2))
    monkeypatch.undo()
    assert value_of(read(tmp_path, "one")) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.safetensors"]


def test_every_flipped_byte_is_noticed(tmp_path: Path) -> None:
    write(tmp_path, "one", checkpoint(1))
    path = tmp_path / "checkpoint.safetensors"
    content = path.read_bytes()
    for index in range(0, len(content), 7):
        spoiled = bytearray(content)
        spoiled[index] ^= 0x40
        path.write_bytes(spoiled)
        found = read(tmp_path, "one")
        assert found is None or value_of(found) == 1
