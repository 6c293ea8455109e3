"""Every example of docs/writing.md builds."""

import re
import shutil
from pathlib import Path

from reportgen.commands import build
from reportgen.pipeline.project import open_project
from tests.document.text.test_images import raster
from tests.pipeline import made_up

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "writing.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```markdown\n(.*?)```", GUIDE, re.DOTALL)
REPORT = """\
[report]
title = "Guide"
authors = ["A. Author"]
[training]
dataset = "digits"
epochs = 15
learning_rate = 0.1
[models.fc]
[models.cnn]
"""
MODELS = """\
from keras import Sequential, layers

def fc(input_shape, classes):
    return Sequential([layers.Input(input_shape), layers.Flatten(), layers.Dense(classes, "softmax")])

def cnn(input_shape, classes):
    return Sequential([layers.Input(input_shape), layers.Flatten(), layers.Dense(classes, "softmax")])
"""


def test_every_example_builds(tmp_path: Path) -> None:
    answers = tmp_path / "answers"
    answers.mkdir()
    (answers / "report.toml").write_text(REPORT)
    (answers / "models.py").write_text(MODELS)
    (answers / "filters.png").write_bytes(raster("PNG"))
    shutil.copy(ROOT / "answers" / "references.bib", answers)
    assert len(EXAMPLES) >= 5
    for number, example in enumerate(EXAMPLES, 1):
        head = '+++\ntitle = "Example"\nquestion = "How?"\n+++\n'
        (answers / f"{number:02}-example.md").write_text(head + example, encoding="utf-8")
    with made_up.made_up():
        build.build(
            open_project(tmp_path),
            [tmp_path / "report.pdf"],
            draft=True,  # the results are made up, and so are the verdicts on the claims
            observe=lambda *_: None,
            step=lambda _: None,
        )
    assert (tmp_path / "report.pdf").stat().st_size > 10_000
