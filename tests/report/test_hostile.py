"""Any files in answers/ are a report or errors with file and line, in bounded time and memory."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.report import load
from reportgen.report.places import Places
from tests.decoding.mutating import flips, outcome
from tests.projects import FIRST, MODELS, REPORT, write_project

FILES = {"report.toml": REPORT, "models.py": MODELS, "01-accuracy.md": FIRST}


def said(project: Path) -> str:
    begun = time.process_time()
    with pytest.raises(InputError) as caught:
        load(project)
    assert time.process_time() - begun < 5
    assert max(len(str(problem)) for problem in caught.value.problems) < 1500
    return str(caught.value)


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("name", sorted(FILES))
def test_bytes_flipped(tmp_path: Path, name: str) -> None:
    project = write_project(tmp_path)
    read = []
    for each in flips(FILES[name].encode(), 150):
        (project / "answers" / name).write_bytes(each)
        read.append(outcome(lambda: load(project)))
    assert any(read) and not all(read)


@pytest.mark.parametrize("name", [*FILES, "mine.npz"])
@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (os.mkfifo, "is a pipe"),
        (Path.mkdir, "is a folder|each class has a folder"),
        (lambda path: path.symlink_to("/dev/zero"), "is a device"),
        (lambda path: path.symlink_to(path), "leads back to itself"),
        (lambda path: (path.touch(), os.truncate(path, 1 << 40)), "has more than"),
    ],
    ids=["pipe", "folder", "device", "loop", "terabyte"],
)
def test_what_is_no_file_is_an_error_with_its_name(
    tmp_path: Path, name: str, make: Callable[[Path], object], wrong: str
) -> None:
    from reportgen import datasets
    from reportgen.errors import DataError

    own = '\n[datasets.mine]\npath = "mine.npz"\nclasses = ["a", "b"]\nvalidation = 1\n'
    project = write_project(tmp_path, report__toml=REPORT + own)
    path = project / "answers" / name
    path.unlink(missing_ok=True)
    make(path)
    with pytest.raises((InputError, DataError), match=rf"{name}.*({wrong})|{name}.* lies outside"):
        datasets.fingerprint("mine", load(project).datasets)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_a_text(tmp_path: Path, encoding: str) -> None:
    project = write_project(tmp_path)
    expected = load(project)
    for name, text in FILES.items():
        (project / "answers" / name).write_bytes(text.replace("\n", "\r\n").encode(encoding))
    assert load(project) == expected


MODEL = "[models.small]"
TOO_MUCH: dict[str, tuple[str, str, str]] = {
    "seeds": (MODEL, f"{MODEL}\nseeds = [{', '.join(map(str, range(1001)))}]", "at most 1000 items"),
    "models": (MODEL, "\n".join(f"[models.m{n}]" for n in range(1001)) + f"\n{MODEL}", "at most 1000 items"),
    "requirements": ('    "epochs <= 25",\n', '    "epochs <= 25",\n' * 1001, "at most 1000 items"),
    "epochs": ("epochs = 2", "epochs = 1_000_001", "less than or equal to 1000000"),
    "a huge number": ("epochs = 2", f"epochs = {'9' * 5000}", "a number that is too large"),
    "a large number": ("epochs = 2", f"epochs = {'9' * 4000}", "less than or equal to"),
    "nesting": ("epochs = 2", f"epochs = {'[' * 20000}{']' * 20000}", "nested too deeply"),
    "dots": ("epochs = 2", f"{'a.' * 200_000}a = 1", "a name of more than 100 parts"),
    "quoted dots": ("epochs = 2", '"b" . ' * 100_000 + "a = 1", "a name of more than 100 parts"),
    "a long key": ("epochs = 2", f"{'a' * 500_000} = 1", "unknown key"),
    "spaces": (MODEL, f"[models.small{' ' * 400_000}]\nx = 1", "unknown key"),
    "escapes": (MODEL, "'''" + '"' + '\\"' * 200_000 + "'''\n" + MODEL, "is not valid TOML"),
    "a date": ("momentum = 0.9", "momentum = 2020-01-01", "momentum should be"),
    "nan": ("momentum = 0.9", "momentum = nan", "momentum should be"),
    "infinity": ("momentum = 0.9", "momentum = -inf", "momentum should be"),
    "a table": ("momentum = 0.9", "momentum = { a = 1 }", "momentum should be"),
    "a rate": ("learning_rate = 0.1", "learning_rate = nan", "should be a number, or the name"),
    "a seed": (MODEL, f"{MODEL}\nseeds = [-1]", "greater than or equal to 0"),
    "NUL": ("epochs = 2", "epochs = 2\0", "is not valid TOML"),
}


@pytest.mark.parametrize("what", sorted(TOO_MUCH))
def test_limits_are_named(tmp_path: Path, what: str) -> None:
    old, new, wrong = TOO_MUCH[what]
    assert old in REPORT
    text = REPORT.replace(old, new)
    found = said(write_project(tmp_path, report__toml=text))
    assert any(part in found for part in wrong.split("|")), found[:500]
    assert "report.toml:" in found


def test_many_answers_and_many_trainings_are_refused(tmp_path: Path) -> None:
    seeds = f"seeds = [{', '.join(map(str, range(900)))}]\n"
    models = "\n".join(f'[models.m{n}]\nbuilder = "small"' for n in range(20))
    text = REPORT.replace("[training]\n", f"[training]\n{seeds}").replace(MODEL, f"{models}\n{MODEL}")
    assert "19,800 trainings" in said(write_project(tmp_path, report__toml=text))
    project = write_project(tmp_path)
    for number in range(1000):
        (project / "answers" / f"{number + 10}-x.md").touch()
    assert "there are 1,002 answers; the limit is 1,000" in said(project)


@pytest.mark.parametrize(
    "models", ["x = " + "(" * 5000 + ")" * 5000, "x = 1\0", "x = " + "-" * 200_000 + "1", "x = " + "9" * 5000]
)
def test_python_that_can_not_be_parsed(tmp_path: Path, models: str) -> None:
    assert "models.py" in said(write_project(tmp_path, models__py=models))


@pytest.mark.parametrize("name", ["report", "data", "published", "true", "none", "not", "ref", "mean"])
def test_a_model_can_not_be_called_what_means_something_else(tmp_path: Path, name: str) -> None:
    text = REPORT.replace("[models.linear]", f'[models.{name}]\nbuilder = "linear"')
    found = said(write_project(tmp_path, report__toml=text))
    assert f"`{name}` already means something else" in found and "report.toml:" in found


@pytest.mark.parametrize(
    ("classes", "wrong"),
    [
        ('["cat", "dog", "cat"]', "two classes are called 'cat'"),
        ('["cat", "", "dog"]', "class 1 has no name"),
        ('["cat", " ", "dog"]', "class 1 has no name"),
        ('["cat", "d\\ng"]', "class 1 contains '\\n'"),
        ('["cat", "\\u001b[2J"]', "class 1 contains '\\x1b'"),
    ],
)
def test_classes_have_names_of_their_own(tmp_path: Path, classes: str, wrong: str) -> None:
    own = f'\n[datasets.mine]\npath = "mine.npz"\nclasses = {classes}\nvalidation = 1\n'
    found = said(write_project(tmp_path, report__toml=REPORT + own))
    assert (
        wrong in found
        and f"report.toml:{(REPORT + own).splitlines().index(f'classes = {classes}') + 1}" in found
    )


def test_lines_are_found_in_time_that_grows_with_the_text() -> None:
    for text in (
        '"' + '\\"' * 300_000,
        "'''" + '"\\' * 300_000,
        "[" + " " * 300_000,
        "[a" + " " * 300_000,
        "a" + " ." * 300_000,
        "a" + " . a" * 200_000,
        "x = [" + '"' * 300_001,
        "x = {" + "a" * 300_000,
        "x = {" + ", " * 300_000,
        "x = " + "'''" * 100_001,
    ):
        begun = time.process_time()
        Places(text)
        assert time.process_time() - begun < 2, text[:20]
