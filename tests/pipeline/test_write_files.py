import os
from pathlib import Path

import pytest

from reportgen.errors import RenderError
from reportgen.pipeline.write_files import check_writable, write


def test_files_are_replaced_and_unchanged_ones_left_alone(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert write({one: b"1", two: b"2"}) == [one, two]
    before = one.stat().st_ino
    assert write({one: b"1", two: b"3"}) == [two]
    assert (one.read_bytes(), two.read_bytes(), one.stat().st_ino) == (b"1", b"3", before)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_a_failure_leaves_every_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    write({one: b"1", two: b"2"})

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RenderError, match="No space left"):
        write({one: b"x", two: b"y"})
    assert (one.read_bytes(), two.read_bytes()) == (b"1", b"2")
    assert len(list(tmp_path.iterdir())) == 2


def test_what_cannot_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(RenderError) as caught:
        check_writable([tmp_path / "none" / "report.pdf", tmp_path])
    assert len(caught.value.problems) == 2
    check_writable([tmp_path / "report.pdf"])
