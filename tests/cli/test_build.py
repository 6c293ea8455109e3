import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import nbformat
import pypdfium2
import pytest

from reportgen.document.pdf.reader import open_pdf
from tests.cli.conftest import Run
from tests.projects import FIRST, SECOND


def text_of(pdf: Path) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return plain("\n".join(page.get_textpage().get_text_range() for page in document))


def plain(text: str) -> str:
    return " ".join(text.split())


def fact(run: Run, name: str) -> str:
    facts = json.loads(run("check", "--format", "json").stdout)["facts"]
    text = facts[name]["text"]
    assert isinstance(text, str)
    return text


def test_a_build_trains_and_writes_three_files_with_the_measured_numbers(project: Path, run: Run) -> None:
    assert (project / "stdout").read_text().split() == [
        "wrote",
        "report.pdf",
        "wrote",
        "report.html",
        "wrote",
        "report.ipynb",
    ]
    assert "small: epoch 2/2" in (project / "stderr").read_text()
    accuracy = fact(run, "small.test.accuracy")
    assert float(accuracy.rstrip(" %\u00a0")) > 30
    pdf = text_of(project / "report.pdf")
    html = re.sub(r"</?span[^>]*>", "", (project / "report.html").read_text(encoding="utf-8"))
    for text in (pdf, plain(unescape(html))):
        assert f"It reaches {plain(accuracy)} with 1,210 parameters" in text
    assert "How these numbers were made" in pdf
    notebook = nbformat.read(project / "report.ipynb", as_version=4)
    nbformat.validate(notebook)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert any(source.startswith("def small(") for source in sources)
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")


def test_the_pdf_carries_results_as_they_are_stored(project: Path) -> None:
    path = project / "report.pdf"
    carried = open_pdf(path.read_bytes(), path).attachments
    results = sorted(project.glob(".reportgen/store/results/*/*"))
    assert len(results) == 2
    for folder in results:
        for name in ("record.json", "predictions.npy.z"):
            assert carried[f"results/{folder.name}/{name}"] == (folder / name).read_bytes()


def test_a_second_build_has_nothing_to_do(project: Path, run: Run) -> None:
    before = (project / "report.pdf").stat().st_mtime_ns
    done = run("build")
    assert (done.returncode, done.stdout) == (0, "nothing to do: everything is up to date\n")
    assert (project / "report.pdf").stat().st_mtime_ns == before


def test_verbose_says_what_is_decided_and_why(project: Path, run: Run) -> None:
    (project / "answers/report.toml").write_text(
        (project / "answers/report.toml").read_text().replace("epochs = 2", "epochs = 3")
    )
    told = run("--verbose", "status")
    assert re.search(r"plan\.plan: small: stale, .*: epochs 2 → 3", told.stderr), told.stderr
    assert run("status").stderr == ""
    assert told.stdout == run("status").stdout


def test_two_builds_from_the_same_results_are_byte_identical(project: Path, run: Run) -> None:
    again = run("build", "--out", "again.pdf", TZ="Asia/Tokyo", LC_ALL="C", PYTHONHASHSEED="7")
    assert again.returncode == 0, again.stderr
    for kind in ("pdf", "html", "ipynb"):
        assert (project / f"again.{kind}").read_bytes() == (project / f"report.{kind}").read_bytes(), kind


def test_an_edited_sentence_trains_nothing(project: Path, run: Run, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    answer = project / "answers/01-accuracy.md"
    answer.write_text(FIRST.replace("It reaches", "After training it reaches"))
    status = {
        entry["section"]: entry["status"] for entry in json.loads(run("status", "--json").stdout)["sections"]
    }
    assert status == {"q1": "stale", "q2": "fresh"}
    done = run("build", TMPDIR=str(temporary))
    assert done.returncode == 0, done.stderr
    assert list(temporary.iterdir()) == []
    assert "epoch" not in done.stderr
    assert "After training it reaches" in text_of(project / "report.pdf")


def test_a_false_claim_stops_the_build_and_leaves_the_report(project: Path, run: Run) -> None:
    before = (project / "report.pdf").read_bytes()
    answer = project / "answers/02-comparison.md"
    answer.write_text(SECOND.replace("linear.parameters.total <", "linear.parameters.total >"))
    done = run("build")
    assert done.returncode == 1
    assert "02-comparison.md:5" in done.stderr
    assert "The softmax regression is the smaller" in done.stderr
    assert "650" in done.stderr
    assert (project / "report.pdf").read_bytes() == before
    draft = run("build", "--draft")
    assert draft.returncode == 0, draft.stderr
    assert (project / "report.pdf").read_bytes() != before
    assert "[not supported by the" in text_of(project / "report.pdf")


def test_one_section_trains_only_what_it_needs(project: Path, run: Run) -> None:
    models = project / "answers/models.py"
    models.write_text(models.read_text().replace("layers.Dense(16,", "layers.Dense(8,"))
    report = project / "answers/report.toml"
    report.write_text(report.read_text().replace("[models.linear]", "[models.linear]\nepochs = 1"))
    done = run("build", "--section", "q1", "--out", "section.pdf")
    assert done.returncode == 0, done.stderr
    assert "small: epoch" in done.stderr
    assert "linear: epoch" not in done.stderr
    assert "section q2: not built" in done.stderr
    assert "It reaches" in text_of(project / "section.pdf")
    stale = {
        entry["model"]: entry["status"] for entry in json.loads(run("status", "--json").stdout)["models"]
    }
    assert stale == {"small": "fresh", "linear": "stale"}


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("report.toml", "epochs = 2", "epoch = 2", 'report.toml:7: unknown key "training.epoch"'),
        ("01-accuracy.md", "+++\ntitle", "title", "01-accuracy.md:1: has no front matter"),
        ("01-accuracy.md", "small.test.accuracy", "small.test.acuracy", "01-accuracy.md:5"),
        ("01-accuracy.md", "small.test.accuracy", "smal.test.accuracy", "01-accuracy.md:5"),
        (
            "models.py",
            "def small(input_shape, classes):",
            "def small(input_shape, classes):\n    1 / 0",
            "models.py:7",
        ),
        ("models.py", "    return Sequential", "    return None and Sequential", "models.py"),
    ],
)
def test_bad_input_is_one_clear_error(
    project: Path, run: Run, file: str, old: str, new: str, told: str
) -> None:
    before = (project / "report.pdf").read_bytes()
    path = project / "answers" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    done = run("build")
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert (project / "report.pdf").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("build", "--section", "q11"), "did you mean `q1`?"),
        (("train", "smal"), "did you mean `small`?"),
        (("build", "--out", "nowhere/report.pdf"), "no folder nowhere"),
        (("build", "--out", "report.txt"), "no report is written as '.txt'"),
        (("build", "--answers", "none"), "no such file"),
        (("bild",), "did you mean `build`?"),
        (("data", "cifar11"), "cifar10"),
    ],
)
def test_bad_usage_is_told_with_a_remedy(run: Run, arguments: tuple[str, ...], told: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


LOAD = """
import sys, numpy, keras
from reportgen.datasets import load
test = load("digits").test
found = keras.models.load_model(sys.argv[1]).predict(test.inputs / 255, verbose=0).argmax(1)
print(numpy.mean(found == test.labels))
"""


def test_an_exported_model_has_the_accuracy_of_the_report(project: Path, run: Run, tmp_path: Path) -> None:
    done = run("export", "small")
    assert done.returncode == 0, done.stderr
    (project / "small.keras").rename(tmp_path / "alone.keras")
    code = [sys.executable, "-c", LOAD, str(tmp_path / "alone.keras")]
    loaded = subprocess.run(code, cwd=tmp_path, capture_output=True, text=True, check=True)
    fact = next(line for line in run("facts", "small.test.accuracy").stdout.splitlines())
    assert f"{float(loaded.stdout):.2%}" == done.stdout.split()[-1]
    assert f"{100 * float(loaded.stdout):.1f}" in fact
    assert run("export", "small", "--out", "small.safetensors").returncode == 0
    (weights,) = (project / ".reportgen/store/results").glob(f"*/{key_of(run)}/weights.safetensors")
    assert (project / "small.safetensors").read_bytes() == weights.read_bytes()


def key_of(run: Run) -> str:
    models = json.loads(run("status", "--json").stdout)["models"]
    return next(str(each["key"]) for each in models if each["model"] == "small")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("smal",), "did you mean `small`"),
        (("small", "--out", "small.h5"), "ends in .keras or .safetensors"),
        (("small", "--out", "nowhere/small.keras"), "there is no folder nowhere"),
        (("small", "--seed", "7"), "not trained with seed 7 (seeds: 1)"),
    ],
)
def test_what_can_not_be_exported_is_told(arguments: tuple[str, ...], message: str, run: Run) -> None:
    done = run("export", *arguments)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_model_that_is_stale_is_not_exported(project: Path, run: Run) -> None:
    path = project / "answers/report.toml"
    path.write_text(path.read_text().replace("epochs = 2", "epochs = 3"))
    done = run("export", "small")
    assert done.returncode == 2
    assert "small is not trained in its present form (reportgen train small)" in done.stderr
