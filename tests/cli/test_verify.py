"""A finished PDF held against its evidence: what is honest agrees, what is touched is found."""

import json
import re
import shutil
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbclient
import nbformat
import numpy as np
import pikepdf
import pytest

from reportgen.cli import main
from reportgen.language import Show
from reportgen.language.joint_figures import TOGETHER
from reportgen.training import codec
from tests.cli.conftest import Run, run_in
from tests.cli.own import Edited
from tests.cli.tampering import attachment, with_attachment, with_text, without_attachments
from tests.factories import make_facts
from tests.projects import MODELS, REPORT, write_project

SEEN = '''

def flipped(images, seed):
    """Mirror all images."""
    return images[:, :, ::-1]


def seen(input_shape, classes):
    """Build a convolution and a classifier."""
    network = [layers.Input(input_shape), layers.Conv2D(4, 3), layers.Flatten()]
    return Sequential([*network, layers.Dense(classes, activation="softmax")])
'''
Verify = Callable[[Path], tuple[int, str, str]]
Change = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def report(original: Path) -> Path:
    return original / "report.pdf"


@pytest.fixture
def verify(capfd: pytest.CaptureFixture[str]) -> Verify:
    """Run ``reportgen verify`` in this process; return exit status and what it said."""

    def run(path: Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["verify", str(path)])
        assert isinstance(end.value.code, int)
        return end.value.code, *capfd.readouterr()

    return run


def replaced(old: bytes, new: bytes) -> Change:
    def change(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, new, 1)

    return change


def test_an_honest_report_agrees(report: Path, tmp_path: Path) -> None:
    """The PDF alone is enough, wherever it is taken; training again is tried below, in two more tests."""
    alone = tmp_path / "alone.pdf"
    shutil.copy(report, alone)
    done = run_in(tmp_path, "verify", "alone.pdf")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "facts and 3 verdicts agree" in done.stdout
    assert int(done.stdout.split()[0]) > 100
    assert "differs" not in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["alone.pdf"]


def test_a_report_on_data_that_nobody_else_has_agrees(edited: Edited, tmp_path: Path, verify: Verify) -> None:
    folder = edited.undone(tmp_path / "own")
    built = run_in(folder, "build", "--section", "q1")
    assert built.returncode == 0, built.stderr
    alone, data = tmp_path / "alone.pdf", tmp_path / "data.npz"
    (folder / "report.pdf").rename(alone)
    (own,) = (folder / "answers").glob("*.npz")
    own.rename(data)
    shutil.rmtree(folder)
    assert verify(alone)[0] == 0
    missing = run_in(tmp_path, "verify", "alone.pdf", "--retrain", "first")
    assert missing.returncode == 2 and "provide them with --data FILE" in missing.stderr
    with np.load(data) as arrays:
        other = {name: arrays[name] for name in arrays}
    other["x_test"] = 255 - other["x_test"]
    np.savez(tmp_path / "other.npz", **other)
    refused = run_in(tmp_path, "verify", "alone.pdf", "--retrain", "first", "--data", "other.npz")
    assert refused.returncode == 2
    assert "other.npz: does not contain the data that first was trained on" in refused.stderr
    done = run_in(tmp_path, "verify", "alone.pdf", "--retrain", "first", "--data", "data.npz")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("the same prediction for 100.00% of the test items\n")


def test_every_figure_can_be_held_against_the_evidence(tmp_path: Path, verify: Verify) -> None:
    facts = make_facts(("cnn",))["cnn"]
    own = [name for name in facts.members() if isinstance(facts.member(name), Show)]
    assert {"filters", "augmented", "mistakes", "evaluation_image"} <= set(own)
    shown = [f"seen.{name}" for name in own if name != "importance"]  # that is of tables
    shown += [f"{name}(seen, linear)" for name in TOGETHER]
    shown += ["data.digits.samples", "report.table", "report.comparison", "report.efficiency"]
    body = "\n\n".join(f"{{{{ {name} }}}}" for name in shown)
    models = "[models.linear]\n\n[models.seen]\naugmentation = 'flipped'\n"
    files = {"report.toml": REPORT.partition("[models")[0] + models, "models.py": MODELS + SEEN}
    files["01-accuracy.md"] = f'+++\ntitle = "All"\n+++\n{body}\n'
    files["02-comparison.md"] = '+++\ntitle = "More"\n+++\nThere is no more.\n'
    write_project(tmp_path, **{name.replace(".", "__"): text for name, text in files.items()})
    built = run_in(tmp_path, "build")
    assert built.returncode == 0, built.stderr
    assert verify(tmp_path / "report.pdf")[0] == 0


def test_a_report_from_another_folder_of_answers_agrees(
    original: Path, tmp_path: Path, verify: Verify
) -> None:
    folder = tmp_path / "moved"
    shutil.copytree(original, folder)
    (folder / "answers").rename(folder / "second")
    built = run_in(folder, "build", "--answers", "second", "--out", "second.pdf")
    assert built.returncode == 0, built.stderr
    assert verify(folder / "second.pdf")[0] == 0


def test_a_digit_on_a_page_is_found(report: Path, tmp_path: Path, verify: Verify) -> None:
    with_text(report, tmp_path / "report.pdf", "1,210", "1,310")
    status, out, _ = verify(tmp_path / "report.pdf")
    assert status == 1
    assert "page 2: printed '1,310', recomputed '1,210'" in out
    assert "1 differ" in out


def predictions(data: bytes, report: Path) -> bytes:
    """Return predictions of which one, on a test image, is another."""
    name = next(
        name
        for name in names(report)
        if name.endswith("predictions.npy.z") and attachment(report, name) == data
    )
    record = codec.read(lambda file: attachment(report, f"{name.rpartition('/')[0]}/{file}"))
    test = record.evaluations["test"]
    predicted = test.predicted.copy()
    predicted[0] = (predicted[0] + 1) % 10
    touched = replace(record, evaluations={**record.evaluations, "test": replace(test, predicted=predicted)})
    return codec.files_of(touched)["predictions.npy.z"]


def names(report: Path) -> list[str]:
    with pikepdf.open(report) as pdf:
        return sorted(pdf.attachments)


def of(report: Path, model: str, file: str) -> str:
    """Return the name of a file of a model's result, as it is attached."""
    for name in names(report):
        if name.endswith("record.json") and f'"builder_name": "{model}"'.encode() in attachment(report, name):
            return name.replace("record.json", file)
    return next(name for name in names(report) if name.endswith(file))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        (
            "results.json",
            [
                (
                    b'1210.0, "text": "1,210"',
                    b'1210.0, "text": "1,211"',
                    "fact small.parameters.total: printed 'value 1211",
                ),
                (b'"value": 1210', b'"value": 1211', "fact small.parameters.total:"),
                (b'"verdict": "holds"', b'"verdict": "false"', "verdict "),
                (b'"hold": 3', b'"hold": 4', "counts hold"),
                (b'"confusion": [[', b'"confusion": [[1', "model small: printed 'confusion[0][0] 1"),
            ],
        ),
        ("results.json", [(b'"text": "1,210"', b'"text": "1,211"', "verdict ")]),
        ("answers/01-accuracy.md", [(b"It reaches", b"Of 10 it reaches", "page 2")]),
        ("answers/02-comparison.md", [(b"total <", b"total >", "verdict ")]),
        (
            "answers/report.toml",
            [
                (b"epochs = 2", b"epochs = 3", "training of small"),
                (b"> 0.3", b"> 0.99", "verdict "),
            ],
        ),
        ("report.ipynb", [(b"How accurate is", b"How good is", "notebook, cell ")]),
        ("report.ipynb", [(b"layers.Dense(16", b"layers.Dense(17", "notebook, cell ")]),
        (
            "report.ipynb",
            [
                (b"1,210</td>", b"1,211</td>", "notebook, output of cell "),
                (b"Epoch 2/2: loss ", b"Epoch 2/2: loss 1", "notebook, output of cell "),
                (b">Test accuracy ", b">Test accuracy 1", "notebook, output of cell "),
            ],
        ),
        ("report.ipynb", [(b'"cells"', b'"cell"', "notebook: printed 'none that can be read'")]),
        (
            "record.json",
            [
                (b'\n "seed": 1,', b'\n "seed": 2,', "record of "),
                (b'"epochs": 2', b'"epochs": 3', "key of "),
                (b'"seconds": ', b'"seconds": 1', "fact "),
            ],
        ),
        ("record.json", [(b'\\"units\\":10', b'\\"units\\":11', "record of ")]),
        ("templates/base/page.html.j2", [(b"{{ words.question }}", b"1 {{ words.question }}", "page 2")]),
    ],
)
def test_a_digit_in_the_evidence_is_found(
    report: Path, tmp_path: Path, verify: Verify, name: str, changes: list[tuple[bytes, bytes, str]]
) -> None:
    """Several changes of one attachment are told each."""
    target = tmp_path / "report.pdf"
    found = of(report, "small", name) if name == "record.json" else name

    def change(data: bytes) -> bytes:
        for old, new, _ in changes:
            data = replaced(old, new)(data)
        return data

    with_attachment(report, target, found, change)
    status, out, err = verify(target)
    assert status == 1, err
    expected = Counter(told for _, _, told in changes)
    assert {
        told: out.count(f"differs: {told}") >= times for told, times in expected.items()
    } == dict.fromkeys(expected, True), out
    assert err == ""


def test_one_prediction_is_found(report: Path, tmp_path: Path, verify: Verify) -> None:
    name = of(report, "small", "predictions.npy.z")
    with_attachment(report, tmp_path / "report.pdf", name, lambda data: predictions(data, report))
    status, out, _ = verify(tmp_path / "report.pdf")
    assert status == 1
    assert ".test.accuracy: printed" in out


def test_other_code_is_not_taken_for_what_was_trained(report: Path, tmp_path: Path, verify: Verify) -> None:
    """Without running it, nobody can tell what it builds; the notebook shows the code as well."""
    target, both = tmp_path / "report.pdf", tmp_path / "both.pdf"
    change = replaced(b"layers.Dense(16", b"layers.Dense(17")
    with_attachment(report, target, "answers/models.py", change)
    with_attachment(target, both, "report.ipynb", change)
    status, out, err = verify(target)
    assert (status, err) == (1, "")
    assert "differs: notebook, cell" in out
    status, out, err = verify(both)
    assert (status, err) == (2, "")
    assert "undecided: the attached code of small is not the code that produced its result" in out
    done = run_in(tmp_path, "verify", "both.pdf", "--retrain", "small")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "the attached code builds a different model" in done.stdout


def test_a_rewritten_builder_is_told_by_training_it_again(
    report: Path, tmp_path: Path, verify: Verify
) -> None:
    target, both = tmp_path / "report.pdf", tmp_path / "both.pdf"
    change = replaced(b"layers.Dense(16", b"layers.Dense(8 + 8")
    with_attachment(report, target, "answers/models.py", change)
    with_attachment(target, both, "report.ipynb", change)
    assert verify(both)[0] == 2
    target.unlink()
    done = run_in(tmp_path, "verify", "both.pdf", "--retrain", "small")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("the same prediction for 100.00% of the test items\n")
    assert [path.name for path in tmp_path.iterdir()] == ["both.pdf"]


def flipped(data: bytes) -> bytes:
    return data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]


def spoiled(data: bytes) -> bytes:
    return zlib.compress(zlib.decompress(data)[:-7])


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("predictions.npy.z", flipped, "can't be read"),
        ("predictions.npy.z", spoiled, "can't be read"),
        ("record.json", replaced(b'"key": "', b'"key": "0'), "claims to be"),
        ("results.json", lambda data: data[:-9], "results.json"),
        ("answers/report.toml", lambda data: data + b"[", "report.toml"),
        (
            "answers/01-accuracy.md",
            lambda data: data + b"{{ nosuch.thing }}",
            "report.pdf: answers/01-accuracy.md:10",
        ),
        ("../../x", lambda data: b"x", "not a safe name"),
        ("/etc/x", lambda data: b"x", "not a safe name"),
        ("a\\..\\b", lambda data: b"x", "not a safe name"),
        ("answers", lambda data: b"x", "can't be unpacked"),
        ("x" * 300, lambda data: b"x", "can't be unpacked"),
    ],
)
def test_evidence_that_cannot_be_used_is_one_clear_error(
    report: Path, tmp_path: Path, verify: Verify, name: str, change: Change, told: str
) -> None:
    target = tmp_path / "report.pdf"
    found = of(report, "small", name) if name in ("record.json", "predictions.npy.z") else name
    with_attachment(report, target, found, change)
    status, out, err = verify(target)
    assert (status, out) == (2, "")
    assert err.startswith("error: ") and err.count("\n") == 1, err
    assert told in err


def test_what_is_attached_can_not_stand_in_for_the_store(
    report: Path, tmp_path: Path, verify: Verify
) -> None:
    with_attachment(report, tmp_path / "report.pdf", "store", lambda data: b"x")
    assert verify(tmp_path / "report.pdf")[0] == 0


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (without_attachments, "carries no evidence"),
        (lambda report, target: target.write_bytes(report.read_bytes()[:20_000]), "can't be read as a PDF"),
        (lambda report, target: target.write_bytes(b""), "can't be read as a PDF"),
        (lambda report, target: target.write_text("No PDF."), "can't be read as a PDF"),
        (lambda report, target: None, "there is no such file"),
        (lambda report, target: target.mkdir(), "is a folder, not a file"),
    ],
)
def test_what_is_no_report_is_one_clear_error(
    report: Path, tmp_path: Path, verify: Verify, spoil: Callable[[Path, Path], object], told: str
) -> None:
    target = tmp_path / "report.pdf"
    spoil(report, target)
    status, out, err = verify(target)
    assert (status, out) == (2, "")
    assert err.startswith("error: ") and err.count("\n") == 1, err
    assert told in err


def test_a_bundle_is_what_was_built_under_the_names_that_are_asked_for(project: Path, run: Run) -> None:
    report = project / "answers/report.toml"
    report.write_text(report.read_text() + '\n[options]\nhandin_pdf = "lab1.pdf"\n')
    assert run("bundle").returncode == 2  # what was built stands in another folder
    assert run("build").returncode == 0
    done = run("bundle")
    assert (done.returncode, done.stdout) == (0, "wrote submission.zip: lab1.pdf, report.html\n"), done.stderr
    with zipfile.ZipFile(project / "submission.zip") as archive:
        assert archive.namelist() == ["lab1.pdf", "report.html"]
        assert archive.read("lab1.pdf") == (project / "report.pdf").read_bytes()
        assert archive.read("report.html") == (project / "report.html").read_bytes()
    report.write_text(report.read_text().replace("lab1.pdf", "../lab1.pdf"))
    outside = run("bundle")
    assert outside.returncode == 2
    assert "options.handin_pdf is '../lab1.pdf'" in outside.stderr


def test_a_bundle_with_models_and_code_is_a_project_with_its_trained_models(
    project: Path, run: Run, tmp_path: Path
) -> None:
    assert run("build").returncode == 0
    done = run("bundle", "--with-models", "--with-code")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(project / "submission.zip") as archive:
        names = set(archive.namelist())
        archive.extractall(folder)
    assert {"models/small.keras", "models/linear.keras", "answers/models.py", "README.txt"} <= names
    for path in (project / "answers").glob("*.*"):
        assert (folder / "answers" / path.name).read_bytes() == path.read_bytes()
    # The keys are the same, so that the store of the original serves it.
    checked = run_in(folder, "check", "--store", str(project / ".reportgen/store"))
    assert checked.returncode == 0, checked.stderr
    measured = json.loads(run("check", "--format", "json").stdout)["facts"]["small.test.accuracy"]["value"]
    notebook = nbformat.read(folder / "standalone.ipynb", 4)
    nbformat.validate(notebook)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert not any("reportgen" in text for text in code)
    said, exported = without_reportgen(notebook, folder)
    assert exported == pytest.approx(measured)
    assert len(said) == 2
    for found, in_report in said:  # one or two of the 360 images may be rounded over
        assert found == pytest.approx(in_report, abs=0.009)


EXPORTED = """\
found = keras.models.load_model("models/small.keras").predict(scale(x_test), verbose=0)
print("exported:", np.mean(np.argmax(found, 1) == np.argmax(y_test, 1)))
"""


def without_reportgen(
    notebook: nbformat.NotebookNode, folder: Path
) -> tuple[list[tuple[float, float]], float]:
    """Run a notebook where reportgen can't be imported.

    Return its test accuracies beside the report's, and that of the exported small model.
    """
    hidden = nbformat.v4.new_code_cell("import sys\n\nsys.modules['reportgen'] = None")
    notebook.cells.insert(0, hidden)
    notebook.cells.append(nbformat.v4.new_code_cell(EXPORTED))
    nbclient.NotebookClient(
        notebook, timeout=200, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    text = "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", ()))
    pairs = re.findall(r"test accuracy ([\d.]+); in the report ([\d.]+)", text)
    (exported,) = re.findall(r"exported: ([\d.]+)", text)
    return [(float(found), float(told)) for found, told in pairs], float(exported)


def test_what_is_not_the_last_build_is_not_bundled(project: Path, run: Run) -> None:
    assert run("build").returncode == 0  # the copy stands in another folder than what was built
    honest = (project / "report.pdf").read_bytes()
    assert run("bundle", "--out", "honest.zip").returncode == 0

    def refused() -> bool:
        done = run("bundle")
        return done.returncode == 2 and "is not what this report would build now" in done.stderr

    with_text(project / "report.pdf", project / "report.pdf.new", "1,210", "1,310")
    (project / "report.pdf.new").rename(project / "report.pdf")
    assert refused()
    (project / "report.pdf").write_bytes(honest)
    (project / "report.html").rename(project / "other.html")
    assert refused()
    (project / "other.html").rename(project / "report.html")
    answer = project / "answers/01-accuracy.md"
    text = answer.read_text()
    answer.write_text(text.replace("It reaches", "It even reaches"))
    assert refused()
    answer.write_text(text)
    assert run("build", "--draft").returncode == 0
    assert refused()
    assert not (project / "submission.zip").exists()
