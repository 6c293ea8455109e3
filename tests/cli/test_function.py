"""A report on a family that a training function trains, from nothing to the hand-in: really trained."""

import json
from pathlib import Path

import pytest

from reportgen.document.pdf import reader
from tests.cli.conftest import begun, run_in


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begun(tmp_path_factory, "function")


def test_it_holds_and_its_pdf_agrees_with_its_evidence(built: Path) -> None:
    checked = run_in(built, "check", "--strict")
    assert (checked.returncode, checked.stdout) == (0, "1 of 1 hold.\n")
    verified = run_in(built, "verify", "report.pdf")
    assert verified.returncode == 0, verified.stdout


def test_its_pages_say_who_trained_it_and_how_many_were_tried(built: Path) -> None:
    pages = " ".join(reader.open_pdf((built / "report.pdf").read_bytes(), built / "report.pdf").pages)
    words = " ".join(pages.split())
    assert "Training function train_network()" in words
    assert "def train_network(data, seed, epoch, rate, hidden, epochs):" in words
    assert "3 networks were trained" in words
    assert "Network by hand: 3 models that differ in one parameter" in words


def test_another_value_is_another_model_and_the_others_stay(built: Path) -> None:
    path = built / "answers/report.toml"
    before = path.read_text()
    path.write_text(
        before.replace("[0.5, 0.05, 0.005]", "[0.5, 0.1]").replace("epochs = 15", "epochs = 15  # few")
    )
    status = json.loads(run_in(built, "status", "--json").stdout)
    path.write_text(before)
    assert {each["model"]: each["status"] for each in status["models"]} == {
        'network["rate=0.5"]': "fresh",
        'network["rate=0.1"]': "stale",
        "logistic": "fresh",
    }
