"""A report on several targets, several labels and several inputs of an item, from the data to the hand-in."""

import json
from pathlib import Path

import numpy as np
import pytest

from reportgen.document.pdf import reader
from tests.cli.conftest import run_in

REPORT = """
[report]
title = "Several at once"
course = "Course"
assignment = "Lab"
deadline = "2026-01-31"
authors = ["Ada Lovelace"]

[datasets.bodies]
path = "bodies.csv"
task = "regression"
target = ["height", "weight"]
leave_out = ["sport", "politics"]
validation = 30

[datasets.news]
path = "bodies.csv"
task = "multilabel"
target = ["sport", "politics"]
leave_out = ["height", "weight"]
validation = 30
items = ["article", "articles"]

[datasets.patients]
function = "patients"
classes = ["well", "ill"]
validation = 30

[models.trees]
title = "Trees"
dataset = "patients"

[models.line]
title = "Line"
dataset = "bodies"
folds = 3
require = ["test.r2 > 0.5", 'test.target["height"].mae < test.target["height"].baseline']

[models.forest]
title = "Forest"
dataset = "news"
require = ["test.hamming_loss < test.hamming_baseline"]
"""
MODELS = """
import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression


def patients():
    random = np.random.default_rng(0)
    ill = np.arange(160) % 2
    scan = (100 * ill[:, None, None] + random.integers(0, 100, (160, 5, 5))).astype(np.uint8)
    values = random.normal(size=(160, 2))
    return (
        {"scan": scan[:120], "values": values[:120]}, ill[:120],
        {"scan": scan[120:], "values": values[120:]}, ill[120:],
    )


def trees(input_shape, outputs):
    assert input_shape == {"scan": (5, 5, 1), "values": (2,)}
    return ExtraTreesClassifier(20)


def line(input_shape, outputs):
    return LinearRegression()


def forest(input_shape, outputs):
    return RandomForestClassifier(20)
"""
ANSWER = """+++
title = "Several"
question = "How good are they?"
+++
R² is {{ line.test.r2 }}, in weight the error is {{ line.test.target.weight.mae }}. Of the labels
{{ forest.test.hamming_loss }} are wrong, and macro F1 is {{ forest.test.macro_f1 }}.

{% claim forest.test.micro_f1.lower > 0.5 %}It is better than guessing.{% endclaim %}

{{ line.evaluation_image }}

{{ forest.evaluation_image }}

{{ data.patients.samples }}

{{ trees.summary }}

{{ trees.importance }}

{{ trees.mistakes }}

{{ report.table }}
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("several")
    (folder / "answers").mkdir()
    random = np.random.default_rng(1)
    x = random.normal(size=(200, 3))
    height, weight = 170 + 8 * x[:, 0] + random.normal(size=200), 70 + 9 * x[:, 1]
    cells = zip(x, height, weight, x[:, 0] > 0, x[:, 2] > 0.5, strict=True)
    rows = [
        f"{a:.3f},{b:.3f},{c:.3f},{h:.1f},{w:.1f},{'yes' if s else 'no'},{'yes' if p else 'no'}"
        for (a, b, c), h, w, s, p in cells
    ]
    (folder / "answers/bodies.csv").write_text(
        "\n".join(["a,b,c,height,weight,sport,politics", *rows]) + "\n"
    )
    (folder / "answers/report.toml").write_text(REPORT)
    (folder / "answers/models.py").write_text(MODELS)
    (folder / "answers/01-several.md").write_text(ANSWER)
    done = run_in(folder, "build", "--out", "report.pdf")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_it_holds_and_its_pdf_agrees_with_its_evidence(built: Path) -> None:
    verified = run_in(built, "verify", "report.pdf")
    assert verified.returncode == 0, verified.stdout
    status = json.loads(run_in(built, "status", "--json").stdout)
    assert {each["status"] for each in status["models"]} == {"fresh"}
    pages = " ".join(reader.open_pdf((built / "report.pdf").read_bytes(), built / "report.pdf").pages)
    words = " ".join(pages.split())
    assert "a panel for each target" in words
    assert "F1 of each label on the 50 test articles" in words
    assert "where one of its inputs is shuffled among them" in words
    assert "values (Input)" not in words
    assert "R², the mean over the targets, where several numbers are predicted; the share of items" in words


def test_a_model_is_trained_again_with_its_own_data_alone(built: Path, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes((built / "report.pdf").read_bytes())
    data = str(built / "answers/bodies.csv")
    done = run_in(tmp_path, "verify", "report.pdf", "--retrain", "forest", "--data", data)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the same" in done.stdout
