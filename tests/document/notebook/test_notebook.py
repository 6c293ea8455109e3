"""The notebook: its cells, its bytes, and a real kernel that runs it."""

import json
import os
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from reportgen.document import page
from reportgen.document.displays import Display
from reportgen.document.notebook import notebook, standalone
from reportgen.document.notebook.notebook import Notebook
from reportgen.errors import RenderError
from reportgen.language import Show
from tests.document import samples
from tests.document.text.test_images import PLAIN
from tests.factories import make_report

SHARED = "def head(classes):\n    return classes"
CODE = {
    "cnn": (SHARED, "def cnn(input_shape, classes):\n    return head(1)"),
    "fc": (SHARED, "def fc(input_shape, classes):\n    return head(2)"),
}

LAB = """
import sys

class Out:
    def __init__(self, data, metadata=None):
        self.data, self.metadata = data, metadata or {}
    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.data, self.metadata

class Model:
    def summary(self):
        table = "<table><caption>Layers</caption><tr><th>a</th></tr></table>"
        return Out({"text/html": table, "text/plain": "t"})
    def evaluation_image(self):
        svg = SVG
        return Out({"image/svg+xml": svg, "text/plain": "alt"}, {"image/svg+xml": {"alt": "alt"}})
    def log(self):
        print("Epoch 1/2  loss 1.0")
        print("I0000 00:00:1795447974 started", file=sys.stderr)
    training = summary
    def per_class(self):
        raise ValueError("no such thing")

class Lab:
    def model(self, name):
        return Model()
"""


def make(bodies: dict[str, str], folder: Path | None = None, imports: str = "") -> Notebook:
    report, answers = samples.report(bodies, folder=folder)
    shown: dict[Show, Display] = {**samples.displays(), Show("per_class", ("cnn",)): samples.FIGURE}
    made = page.assemble(report, answers, shown)
    return notebook.make(report, made, CODE, imports=imports)


def ids(made: Notebook) -> list[str]:
    return [cell["id"] for cell in made.cells]


def source(made: Notebook, name: str) -> str:
    return next(str(cell["source"]) for cell in made.cells if cell["id"] == name)


def test_a_shown_model_comes_with_code_layers_log_and_image() -> None:
    made = make({"q1": "A.\n\n{show cnn.evaluation_image}\n\nB.\n"})
    assert ids(made) == [
        "title",
        "setup",
        "q1-question",
        "q1-answer-0",
        "cnn-code",
        "cnn-model",
        "q1-cnn-training",
        "q1-cnn-summary",
        "q1-cnn-log",
        "q1-cnn-evaluation-image",
        "q1-answer-1",
    ]
    assert source(made, "cnn-code") == "\n\n\n".join(CODE["cnn"])
    assert source(made, "cnn-model") == 'cnn = lab.model("cnn")'
    assert source(made, "q1-cnn-evaluation-image") == "cnn.evaluation_image()"


def test_a_function_that_two_models_use_is_printed_once() -> None:
    made = make({"q1": "{show cnn.summary}\n\n{show fc.summary}\n"})
    assert source(made, "fc-code") == CODE["fc"][1]


def test_code_that_asks_where_it_lies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As models.py is: a notebook has no ``__file__`` of its own."""
    here = '\n__file__ = "answers/models.py"'
    assert here not in source(make({"q1": "{show cnn.summary}"}), "setup")
    monkeypatch.setitem(CODE, "cnn", ("ROWS = Path(__file__).parent / 'rows'", *CODE["cnn"]))
    assert source(make({"q1": "{show cnn.summary}"}), "setup").endswith(here)
    code = {"models.py": "\n".join(CODE["cnn"])}
    elsewhere = standalone.make(make_report(), code, {})
    assert source(elsewhere, "imports").endswith(here)
    assert here not in source(standalone.make(make_report(), {"models.py": SHARED}, {}), "imports")


def test_what_an_answer_shows_itself_stands_where_it_shows_it() -> None:
    made = make({"q1": "{show cnn.summary}\n\nA.\n\n{show cnn.evaluation_image}"})
    assert ids(made)[3:] == [
        "cnn-code",
        "cnn-model",
        "q1-cnn-training",
        "q1-cnn-summary",
        "q1-answer-1",
        "q1-cnn-log",
        "q1-cnn-evaluation-image",
    ]


def test_a_model_that_is_only_spoken_of_is_introduced_there() -> None:
    report, answers = samples.report({"q1": "x {show cnn.summary}", "q2": "y"})
    answers[1] = replace(answers[1], section=replace(answers[1].section, models=("fc", "cnn")))
    made = page.assemble(report, answers, samples.displays())
    names = ids(notebook.make(report, made, CODE))
    assert names[names.index("q2-answer-0") + 1 :] == [
        "fc-code",
        "fc-model",
        "q2-fc-training",
        "q2-fc-summary",
        "q2-fc-log",
        "q2-fc-evaluation-image",
    ]


def test_a_model_is_introduced_where_it_is_spoken_of_sooner_than_where_all_are() -> None:
    report, answers = samples.report({"q1": "All of them.", "q2": "y"})
    spoken = (("fc", "cnn"), ("fc",))
    answers = [
        replace(each, section=replace(each.section, models=models))
        for each, models in zip(answers, spoken, strict=True)
    ]
    names = ids(notebook.make(report, page.assemble(report, answers, samples.displays()), CODE))
    assert names.index("cnn-model") < names.index("q2-answer-0") < names.index("fc-model")


def test_numbers_and_references_are_those_of_the_pages() -> None:
    made = make(
        {"q1": "It is {fact a=63.1 %}, see {ref cnn.summary}. {claim a}Yes{/claim}.\n\n{show cnn.summary}"}
    )
    assert source(made, "q1-answer-0") == "It is 63.1 %, see Table\N{NO-BREAK SPACE}1. Yes."
    cell = next(cell for cell in made.cells if cell["id"] == "q1-cnn-summary")
    assert cell["metadata"]["reportgen"]["label"] == "Table\N{NO-BREAK SPACE}1"


def test_headings_of_answers_lie_below_the_sections() -> None:
    made = make({"q1": "# Part\n\ntext\n"})
    assert source(made, "q1-question").startswith("## 1 Question 1\n")
    assert source(made, "q1-answer-0").startswith("### Part\n")


def test_own_images_travel_inside(tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "a.svg").write_text(PLAIN)
    cell = next(cell for cell in make({"q1": "![x](a.svg)"}, tmp_path).cells if cell["id"] == "q1-answer-0")
    ((name, data),) = cell["attachments"].items()
    assert cell["source"] == f"![x](attachment:{name})"
    assert list(data) == ["image/svg+xml"]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("&lt;script>alert(1)&lt;/script>", "&lt;script>alert(1)&lt;/script>"),
        ("a < b, <https://e.org>", "a &lt; b, [https://e.org](https://e.org)"),
        ("`<b>` and &lt;b>", "`<b>` and &lt;b>"),
        ("```html\n<b>\n```\n&lt;b>", "```html\n<b>\n```\n\n&lt;b>"),
        ("a<!-- x -->", "a"),
    ],
)
def test_tags_are_no_tags_in_any_renderer(text: str, safe: str) -> None:
    assert source(make({"q1": text}), "q1-answer-0") == safe


def test_it_is_a_valid_notebook_with_unique_ids() -> None:
    made = make({"q1": samples.BODY, "q2": "{show fc.summary}"}, imports="import os")
    nbformat.validate(nbformat.reads(made.to_bytes().decode(), 4))
    assert len(set(ids(made))) == len(made.cells)
    assert "imports" in ids(made)


def test_a_kernel_sees_the_code_and_nothing_that_the_pages_say() -> None:
    one = make({"q1": "A.\n\n{show cnn.summary}"})
    assert make({"q1": "B.\n\n{show cnn.summary} {show cnn.code}"}).only_code() == one.only_code()
    assert make({"q1": "A.\n\n{show fc.summary}"}).only_code() != one.only_code()


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("lab")
    (folder / "fakelab.py").write_text(LAB.replace("SVG", repr(samples.SVG)))
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder), "PYTHONHASHSEED": "0"}


def with_fake_lab(made: Notebook) -> Notebook:
    cells = tuple(
        {**cell, "source": cell["source"].replace("reportgen.lab", "fakelab")}
        if cell["id"] == "setup"
        else cell
        for cell in made.cells
    )
    return replace(made, cells=cells)


@pytest.fixture(scope="module")
def executed(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Notebook:
    made = with_fake_lab(make({"q1": "A.\n\n{show cnn.evaluation_image}\n\nSee {ref cnn.evaluation_image}."}))
    return notebook.execute(made, folder=tmp_path_factory.mktemp("work"), environment=environment)


def test_a_kernel_runs_it_from_top_to_bottom(executed: Notebook) -> None:
    codes = [cell for cell in executed.cells if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in codes] == list(range(1, len(codes) + 1))
    by_id = {cell["id"]: cell for cell in codes}
    (log,) = by_id["q1-cnn-log"]["outputs"]
    assert (log["name"], log["text"]) == ("stdout", "Epoch 1/2  loss 1.0\n")
    image = by_id["q1-cnn-evaluation-image"]["outputs"][0]
    assert image["metadata"]["image/svg+xml"]["alt"] == "alt"
    nbformat.validate(nbformat.reads(executed.to_bytes().decode(), 4))


def test_nothing_of_the_run_is_left_in_it(
    executed: Notebook, environment: dict[str, str], tmp_path: Path
) -> None:
    text = executed.to_bytes().decode()
    assert "iopub" not in text
    fresh = with_fake_lab(
        make({"q1": "A.\n\n{show cnn.evaluation_image}\n\nSee {ref cnn.evaluation_image}."})
    )
    assert notebook.execute(fresh, folder=tmp_path, environment=environment) == executed
    assert not list(tmp_path.iterdir())


def test_outputs_are_kept_and_filled_in_again(executed: Notebook) -> None:
    outputs = executed.outputs()
    fresh = with_fake_lab(make({"q1": "Other words.\n\n{show cnn.evaluation_image}"}))
    filled = fresh.filled(outputs)
    assert filled.outputs() == outputs
    assert source(filled, "q1-answer-0") == "Other words."
    assert json.loads(outputs)["q1-cnn-log"][0] == 6


def test_a_failing_cell_is_named(environment: dict[str, str], tmp_path: Path) -> None:
    made = with_fake_lab(make({"q1": "{show cnn.per_class}"}))
    with pytest.raises(
        RenderError, match=r"cell q1-cnn-per-class \(cnn\.per_class\(\)\): ValueError: no such thing"
    ):
        notebook.execute(made, folder=tmp_path, environment=environment)


def test_a_cell_that_never_ends_is_stopped(environment: dict[str, str], tmp_path: Path) -> None:
    cell = {"cell_type": "code", "id": "x", "metadata": {}, "source": "while True: pass", "outputs": []}
    endless = Notebook("x", "en", ({**cell, "execution_count": None},))
    with pytest.raises(RenderError, match="the notebook fails at cell x"):
        notebook.execute(endless, folder=tmp_path, environment=environment, timeout=1)
