"""A function that returns data is called again when something has changed that it may depend on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from reportgen.errors import Place
from reportgen.plan import Projector, Snapshot, data_fingerprint
from reportgen.plan.reads import mark
from reportgen.report.dataset_file import DatasetFile
from reportgen.store import Store

MODELS = """\
SIZE = 3


def birds():
    return open("birds.txt").read() * SIZE


def other():
    return 1
"""


@dataclass
class Lab:
    folder: Path
    store: Store
    declared: DatasetFile
    called: int = 0
    reads: list[str] = field(default_factory=lambda: ["file birds.txt"])

    def fingerprint(self) -> str:
        def compute() -> tuple[str, Mapping[str, str]]:
            self.called += 1
            return f"fingerprint {self.called}", {name: mark(name, self.folder) for name in self.reads}

        projector = Projector(Snapshot.read(self.folder / "models.py"))
        return data_fingerprint(self.store, projector, self.declared, compute)

    def edit(self, old: str, new: str) -> None:
        path = self.folder / "models.py"
        path.write_text(path.read_text().replace(old, new))


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    (tmp_path / "models.py").write_text(MODELS)
    (tmp_path / "birds.txt").write_text("tit")
    path, place = tmp_path / "models.py", Place(tmp_path / "report.toml", 1)
    file = DatasetFile("birds", "Birds", path, ("a", "b"), 1, place, function="birds")
    return Lab(tmp_path, Store.open(tmp_path / "store"), file)


def test_it_is_called_once(lab: Lab) -> None:
    assert [lab.fingerprint() for _ in range(3)] == ["fingerprint 1"] * 3


def test_what_it_can_not_depend_on_calls_it_not(lab: Lab) -> None:
    lab.fingerprint()
    lab.edit("return 1", "return 2")
    lab.edit("SIZE = 3", "# how often\nSIZE = 3")
    lab.declared = replace(lab.declared, title="Other birds", place=Place(Path("x"), 9))
    assert lab.fingerprint() == "fingerprint 1"


def test_what_it_uses_and_reads_calls_it_again(lab: Lab) -> None:
    lab.fingerprint()
    lab.edit("SIZE = 3", "SIZE = 4")
    assert lab.fingerprint() == "fingerprint 2"
    (lab.folder / "birds.txt").write_text("wren")
    assert lab.fingerprint() == "fingerprint 3"
    (lab.folder / "birds.txt").write_text("tit")
    assert lab.fingerprint() == "fingerprint 2", "as before"
    lab.edit("SIZE = 4", "SIZE = 3")
    assert lab.fingerprint() == "fingerprint 1"
    lab.declared = replace(lab.declared, classes=())
    assert lab.fingerprint() == "fingerprint 4"


def test_a_read_that_comes_later_is_remembered(lab: Lab) -> None:
    lab.fingerprint()
    (lab.folder / "birds.txt").write_text("wren")
    lab.reads.append("file more.txt")
    assert [lab.fingerprint() for _ in range(2)] == ["fingerprint 2"] * 2
    (lab.folder / "more.txt").write_text("x")
    assert lab.fingerprint() == "fingerprint 3"


def test_an_edit_while_it_is_called_is_not_taken_for_what_was_read(lab: Lab) -> None:
    class Busy(Lab):
        def fingerprint(self) -> str:
            def compute() -> tuple[str, Mapping[str, str]]:
                seen = {"file birds.txt": mark("file birds.txt", self.folder)}
                (self.folder / "birds.txt").write_text("edited")
                return "of before", seen

            projector = Projector(Snapshot.read(self.folder / "models.py"))
            return data_fingerprint(self.store, projector, self.declared, compute)

    assert Busy(lab.folder, lab.store, lab.declared).fingerprint() == "of before"
    assert lab.fingerprint() == "fingerprint 1"
