from pathlib import Path

import pytest

from reportgen.errors import InputError, Problem, nearest, printable, shown


def test_the_nearest_names_are_told_or_all_there_are() -> None:
    assert nearest("acuracy", ["accuracy", "loss"]) == "did you mean `accuracy`?"
    assert nearest("xyz", ["accuracy", "loss"]) == "there are: `accuracy`, `loss`"
    assert nearest("x", map(str, range(100, 120))).endswith("`111` …")
    assert nearest("x", []) == "there are no names to choose from"
    assert len(nearest("x" * 10**6, ["y" * 100] * 10**5)) < 200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Å\tb\nc →", "Å\tb\nc →"),
        ("\x1b[2J\r", "\\x1b[2J\\x0d"),
        ("a\x9bb\x00\x7f", "a\\x9bb\\x00\\x7f"),
        ("\u202etxt.exe", "\\x202etxt.exe"),
        ("\udc80", "\\udc80"),
    ],
)
def test_nothing_that_a_terminal_obeys_is_printed(text: str, said: str) -> None:
    assert printable(text) == said


def test_a_path_is_shown_whatever_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert shown(loop) in (str(loop), "loop")
    assert shown(tmp_path / "a" / "b") == "a/b"
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert shown(tmp_path / "a") == str(tmp_path / "a")


def test_an_error_says_each_problem_once_and_in_order() -> None:
    error = InputError([Problem("b", 2, "two"), Problem("a", 1, "one", "do it"), Problem("b", 2, "two")])
    assert str(error) == "a:1: one (do it)\nb:2: two"
