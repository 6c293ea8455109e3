from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.plan import Snapshot


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "models.py"


def test_only_what_is_imported_is_read(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        models="import keras, helpers\nfrom blocks.conv import f\ndef g():\n    import late.inner as l\n",
        helpers="from other import x\nimport helpers.nothing\n",
        other="import models\n",
        blocks__conv="from . import sibling\nfrom .util import y\n",
        blocks__sibling="",
        blocks__util="",
        late__inner="",
        stranger="",
    )
    (tmp_path / "blocks" / "__init__.py").write_text("")
    snapshot = Snapshot.read(path)
    assert sorted(snapshot.files) == [
        "blocks/__init__.py", "blocks/conv.py", "blocks/sibling.py", "blocks/util.py", "helpers.py",
        "late/inner.py", "models.py", "other.py",
    ]  # fmt: skip
    assert snapshot.modules["blocks"] == "blocks/__init__.py"
    assert snapshot.modules["late.inner"] == "late/inner.py"


def test_it_keeps_what_was_read(tmp_path: Path) -> None:
    path = write(tmp_path, models="A = 1\n")
    snapshot = Snapshot.read(path)
    path.write_text("A = 2\n")
    assert snapshot.files == {"models.py": "A = 1\n"}


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, models="import one, two, three\n", one="def (:\n", two="\n\nx = = 1\n", three="")
    (tmp_path / "three.py").write_bytes(b"# \xff\n")
    with pytest.raises(InputError) as caught:
        Snapshot.read(path)
    problems = {(Path(problem.path).name, problem.line) for problem in caught.value.problems}
    assert problems == {("one.py", 1), ("two.py", 3), ("three.py", 1)}


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"models\.py: there is no such file"):
        Snapshot.read(tmp_path / "models.py")


def test_a_byte_order_mark_and_other_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, models="")
    path.write_bytes(b"\xef\xbb\xbfA = 1\r\nB = 2\r\n")
    assert len(Snapshot.read(path).trees["models.py"].body) == 2
