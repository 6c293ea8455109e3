"""A report on a table, from nothing to the hand-in: estimators and a network, really trained."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from reportgen.document.pdf import reader
from tests.cli.conftest import begun, run_in


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begun(tmp_path_factory, "table")


def test_it_holds_and_its_pdf_agrees_with_its_evidence(built: Path) -> None:
    checked = run_in(built, "check", "--strict")
    assert (checked.returncode, checked.stdout) == (0, "1 of 1 hold.\n")
    cells = json.loads((built / "report.ipynb").read_text())["cells"]
    logs = [cell["source"] for cell in cells if ".log()" in "".join(cell["source"])]
    assert [log for log in logs if "network" not in "".join(log)] == []
    verified = run_in(built, "verify", "report.pdf")
    assert verified.returncode == 0, verified.stdout
    again = run_in(built, "build")
    assert "nothing to do" in again.stdout


def test_its_pages_speak_of_what_there_is(built: Path) -> None:
    pages = " ".join(reader.open_pdf((built / "report.pdf").read_bytes(), built / "report.pdf").pages)
    words = " ".join(pages.split())
    assert "Confusion matrix of the 36 test examples" in words
    assert "image" not in words
    assert "StandardScaler → LogisticRegression" in words


def test_a_cell_of_the_table_is_what_results_depend_on(built: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(built, tmp_path / "lab"))
    table = folder / "answers/iris.csv"
    table.write_text(table.read_text().replace("5.1,3.5", "5.2,3.5", 1))
    status = json.loads(run_in(folder, "status", "--json").stdout)
    assert {each["status"] for each in status["models"]} == {"stale"}
    assert {reason["cause"] for each in status["models"] for reason in each["reasons"]} == {"data"}


def test_another_parameter_retrains_one_estimator(built: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(built, tmp_path / "lab"))
    models = folder / "answers/models.py"
    models.write_text(models.read_text().replace("n_estimators=200", "n_estimators=10"))
    status = json.loads(run_in(folder, "status", "--json").stdout)
    assert {each["model"]: each["status"] for each in status["models"]} == {
        "forest": "stale",
        "logistic": "fresh",
        "network": "fresh",
    }


def test_an_estimator_is_not_exported(built: Path) -> None:
    done = run_in(built, "export", "forest", "--out", "forest.keras")
    assert done.returncode == 2
    assert "is not a Keras network" in done.stderr
    assert not (built / "forest.keras").exists()


def test_its_training_can_be_repeated_from_the_pdf(built: Path) -> None:
    done = run_in(built, "verify", "report.pdf", "--retrain", "logistic", "--data", "answers/iris.csv")
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_notebook_for_elsewhere_gives_the_same(built: Path, tmp_path: Path) -> None:
    done = run_in(built, "bundle", "--out", str(tmp_path / "all.zip"), "--with-code", "--with-models")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        archive.extractall(tmp_path / "all")
    models = sorted(path.name for path in (tmp_path / "all/models").iterdir())
    assert models == ["network.keras"]  # of the others predictions are kept
    cells = json.loads((tmp_path / "all/standalone.ipynb").read_text())["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert "reportgen" not in code
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "all", capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    said = re.findall(r"test accuracy (\S+); in the report (\S+)", ran.stdout)
    assert len(said) == 3
    assert all(there == here for there, here in said[:2])
    assert abs(float(said[2][0]) - float(said[2][1])) < 0.1
