"""Whatever is changed, a build from a store full of artifacts gives what one from an empty store gives.

The changes are walked: every leaf of report.toml and of each front matter, every key that the schema knows
besides, every line of an answer, every file below answers/ and templates/, every leaf of a result, and
constants in the code of every room. Each is tried on a report that was built, and the outputs, or the error,
are compared byte for byte with those of a build without anything kept.

All of it takes some minutes, so a run tries a sample: REPORTGEN_SAMPLE is its seed, or ``all``.
"""

import ast
import dataclasses
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

import reportgen
from reportgen import themes
from tests.factories import make_record
from tests.pipeline import made_up, mutations, reportfiles

ROOT = Path(__file__).parents[2]
PACKAGE = Path(reportgen.__file__).parent
SAMPLE = os.environ.get("REPORTGEN_SAMPLE", "1")
EDITS = mutations.every()
UNNAMED = mutations.unnamed()
RETELLINGS = mutations.retellings(make_record())
# What went wrong once is always tried.
ALWAYS = {
    "report.toml models.unnamed.vary {'epochs': [2, 3]}",
    "report.toml models.unnamed.require ['test.accuracy > 0.99']",
    "report.toml models.unnamed.title deleted",
    "report.toml models.unnamed deleted",
    "report.toml datasets.own.title 'our digits x'",
    "report.toml datasets.own.classes.0 'cat x'",
    "answers/03-third.md deleted",
    "answers/my pic.png changed",
    "answers/referenced.png changed",
}


def sampled(names: Iterable[str], count: int) -> list[str]:
    """Return some of the names, the same ones in every process of a run."""
    known = sorted(names)
    if SAMPLE == "all":
        return known
    always = [name for name in known if name in ALWAYS]
    return sorted({*always, *random.Random(SAMPLE).sample(known, min(count, len(known)))})


Outputs = Mapping[str, bytes] | str
# A package that keeps results in another form reads none of those that are kept, and says so.
REFUSALS = ("a stored result is of another version of reportgen", "is not a store but a folder")


def original(folder: Path, *, lean: bool = False) -> Path:
    """Build a report, and return where a copy of it stands aside."""
    work = folder / "work"
    work.mkdir()
    reportfiles.write(work, lean=lean)
    first = made_up.built(work)
    assert not isinstance(first, str), first
    shutil.copytree(work, folder / "kept")
    return folder


def restored(folder: Path) -> Path:
    """Return a report as it was built, where it was built."""
    shutil.rmtree(folder / "work")
    return Path(shutil.copytree(folder / "kept", folder / "work"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return original(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def lean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return original(tmp_path_factory.mktemp("lean"), lean=True)


@pytest.fixture
def work(whole: Path) -> Path:
    """The report as it was built."""
    return restored(whole)


def written(folder: Path) -> list[bytes]:
    return [(folder / f"report.{kind}").read_bytes() for kind in ("pdf", "html", "ipynb")]


def compare(warm: Outputs, cold: Outputs) -> None:
    if isinstance(warm, str) or isinstance(cold, str):
        assert warm == cold
    else:
        assert [kind for kind in cold if cold[kind] != warm[kind]] == []


def test_nothing_changed_nothing_done(work: Path) -> None:
    before = written(work)
    pages = made_up.built(work)
    assert not isinstance(pages, str)
    assert list(pages.values()) == before
    made_up.emptied(work)
    compare(pages, made_up.built(work))


@pytest.mark.parametrize("name", sampled(EDITS, 8))
def test_an_edit(name: str, work: Path) -> None:
    edited(work, EDITS[name])


@pytest.mark.parametrize("name", sampled(UNNAMED, 3))
def test_an_edit_of_what_no_answer_names(name: str, lean: Path) -> None:
    edited(restored(lean), UNNAMED[name])


def edited(work: Path, edit: mutations.Edit) -> None:
    """Edit a report that was built, and compare what comes out with and without what is kept."""
    before = written(work)
    edit(work)
    warm = made_up.built(work)
    if isinstance(warm, str):
        assert written(work) == before, "a build that failed has written something"
    made_up.emptied(work)
    compare(warm, made_up.built(work))


@pytest.mark.parametrize("name", sampled(RETELLINGS, 3))
def test_another_result_of_the_same_key(name: str, work: Path) -> None:
    retold = RETELLINGS[name]
    shutil.rmtree(work / ".reportgen/store/results")
    warm = made_up.built(work, retold)
    made_up.emptied(work)
    compare(warm, made_up.built(work, retold))


def constants() -> dict[str, tuple[Path, int, int, str]]:
    """Return the constants of all rooms: file, line, column and what stands there instead."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        for node in module.body:
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if isinstance(value, ast.Constant) and value.lineno == value.end_lineno:
                other = _other(value.value)
                if other is not None:
                    name = f"{path.relative_to(PACKAGE).as_posix()}:{value.lineno}"
                    found[name] = (path.relative_to(PACKAGE), value.lineno, value.col_offset, other)
    return found


def _other(value: object) -> str | None:
    match value:
        case bool() | None:
            return None
        case int():
            return repr(value + 1)
        case float():
            return repr(value * 0.9)
        case str():
            return repr(f"{value}x")
    return None


CONSTANTS = constants()


LEVEL = next(name for name in CONSTANTS if name.startswith("results/statistics.py"))  # of every interval


def of_some_rooms(count: int) -> list[str]:
    """Return a constant of each of some rooms, or all of them: what tells the rooms apart, `all` tries."""
    if SAMPLE == "all":
        return list(CONSTANTS)
    rooms: dict[str, list[str]] = {}
    for name in CONSTANTS:
        rooms.setdefault(name.partition("/")[0].partition(":")[0], []).append(name)
    chosen = random.Random(SAMPLE)
    return sorted({*(chosen.choice(rooms[room]) for room in chosen.sample(sorted(rooms), count)), LEVEL})


@pytest.mark.parametrize("name", of_some_rooms(6))
def test_another_constant_in_the_code(name: str, work: Path) -> None:
    path, line, column, other = CONSTANTS[name]
    package = _copied(work)
    lines = (package / path).read_text(encoding="utf-8").split("\n")
    constant = ast.get_source_segment("\n".join(lines), _at("\n".join(lines), line, column))
    assert constant is not None
    before = lines[line - 1]
    lines[line - 1] = before.encode()[:column].decode() + before.encode()[column:].decode().replace(
        constant, other, 1
    )
    (package / path).write_text("\n".join(lines), encoding="utf-8")
    by_another_package(work)


THEMES = [name for name, _ in themes.walk(ROOT / "nowhere")]


@pytest.mark.parametrize("name", sampled(THEMES, 1))
def test_another_theme_in_the_package(name: str, work: Path) -> None:
    mutations.change(_copied(work) / "themes" / name)
    by_another_package(work)


def _copied(work: Path) -> Path:
    """Return a copy of the package, to be changed."""
    return Path(shutil.copytree(PACKAGE, work / "package" / "reportgen"))


def by_another_package(work: Path) -> None:
    """Build a report by the copy of the package, and compare what comes out with and without what is kept."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.pipeline.made_up"],
        cwd=work,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(work / "package"), str(ROOT)))},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:  # else the package is broken
        warm, cold = ast.literal_eval(done.stdout)
        if not (isinstance(warm, str) and any(refusal in warm for refusal in REFUSALS)):
            compare(warm, cold)


def _at(text: str, line: int, column: int) -> ast.AST:
    return next(
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and (node.lineno, node.col_offset) == (line, column)
    )


def test_every_key_of_the_schema_is_tried() -> None:
    """A new key comes in by itself; this sees that the walk reaches all there are."""
    names = " ".join(EDITS)
    for kind in (
        "ReportTable",
        "TrainingTable",
        "ModelTable",
        "DatasetTable",
        "PublishedTable",
        "OptionsTable",
    ):
        for key in getattr(mutations.schema, kind).__dataclass_fields__:
            assert f".{key} " in names, key
    record, key = make_record(), ("key", "projection", "seed", "dataset")
    told = {field.name for field in dataclasses.fields(record) if getattr(record, field.name)}
    assert told - set(key) <= {name.partition(".")[0] for name in RETELLINGS}
