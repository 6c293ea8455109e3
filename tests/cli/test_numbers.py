"""A report that predicts a number, from nothing to the hand-in: estimators and a network, really trained."""

from pathlib import Path

import pytest

from reportgen.document.pdf import reader
from tests.cli.conftest import begun, run_in


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begun(tmp_path_factory, "numbers")


def test_it_holds_and_its_pdf_agrees_with_its_evidence(built: Path) -> None:
    checked = run_in(built, "check", "--strict")
    assert (checked.returncode, checked.stdout) == (0, "1 of 1 hold.\n")
    verified = run_in(built, "verify", "report.pdf")
    assert verified.returncode == 0, verified.stdout


def test_its_pages_speak_of_errors(built: Path) -> None:
    pages = " ".join(reader.open_pdf((built / "report.pdf").read_bytes(), built / "report.pdf").pages)
    words = " ".join(pages.split())
    assert "predicted against true values of the 110 test examples" in words
    assert "image" not in words and "accuracy" not in words


def test_a_training_is_repeated_and_a_network_exported(built: Path) -> None:
    done = run_in(built, "verify", "report.pdf", "--retrain", "ridge", "--data", "answers/diabetes.csv")
    assert done.returncode == 0, done.stderr
    assert "ridge, seed 1: test mean error 44." in done.stdout
    assert "the same prediction for 100.00% of the test items" in done.stdout
    done = run_in(built, "export", "network")
    assert done.returncode == 0, done.stderr
    assert "wrote network.keras: test mean error 4" in done.stdout


def test_a_run_is_held_against_an_earlier_one(built: Path) -> None:
    (built / "run.json").write_text(run_in(built, "check", "--format", "json").stdout)
    done = run_in(built, "check", "--baseline", "run.json")
    assert done.returncode == 0, done.stderr
    assert "4 of 4 hold" in done.stdout
