"""What a notebook fits becomes a report; what it does not say is told."""

import ast
import json
import tomllib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from reportgen import report
from reportgen.commands.from_notebook import Taken, take
from reportgen.commands.new import Wishes, new
from reportgen.errors import InputError
from reportgen.pipeline.validate import problems

IMPORTS = """\
%matplotlib inline
import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import StandardScaler
from keras import Input, Model, Sequential, layers, optimizers
!pip list
"""
DATA = """\
size = 40
rng = np.random.default_rng(3)
x, y = rng.normal(size=(size, 2)), np.arange(size) % 2
unused = x.sum()
x_train, x_test, y_train, y_test = x[:30], x[30:], y[:30], y[30:]
"""
FIT = """\
clf = LogisticRegression(max_iter=50)
clf.fit(x_train, y_train)
print(clf.score(x_test, y_test))
"""


def notebook(folder: Path, *cells: str) -> Path:
    """Write a notebook; cells that begin with a letter or # and a space are Markdown."""
    kinds = [("markdown" if cell.startswith(("# ", "## ", "Text")) else "code", cell) for cell in cells]
    made = [{"cell_type": kind, "source": text.splitlines(keepends=True)} for kind, text in kinds]
    path = folder / "lab.ipynb"
    path.write_text(json.dumps({"cells": made, "nbformat": 4}))
    return path


def taken(folder: Path, *cells: str) -> Taken:
    return take(notebook(folder, IMPORTS, *cells))


def module(found: Taken) -> ModuleType:
    made = ModuleType("models")
    exec(compile(found.files["models.py"], "models.py", "exec"), made.__dict__)
    return made


def test_a_model_and_its_data(tmp_path: Path) -> None:
    found = taken(tmp_path, DATA, FIT)
    assert [(model.name, model.cell) for model in found.models] == [("clf", 3)]
    made = module(found)
    assert made.clf((2,), 2).max_iter == 50
    x_train, y_train, x_test, y_test = made.data()
    rng = np.random.default_rng(3)
    np.testing.assert_array_equal(np.concatenate([x_train, x_test]), rng.normal(size=(40, 2)))
    assert (len(y_train), len(y_test)) == (30, 10)
    text = found.files["models.py"].decode()
    assert "unused" not in text and "keras" not in text and "Ridge" not in text
    assert found.left == ()


def test_a_scaler_is_no_model_but_part_of_the_data(tmp_path: Path) -> None:
    scaled = (
        "s = StandardScaler()\ns.fit(x_train)\nx_train, x_test = s.transform(x_train), s.transform(x_test)\n"
    )
    found = taken(tmp_path, DATA, scaled, FIT)
    assert [model.name for model in found.models] == ["clf"]
    assert abs(module(found).data()[0].mean()) < 1e-9


KERAS = """\
def block(h, units):
    h = layers.Dense(units * scale)(h)
    return layers.ReLU()(h)

scale = 2
n_classes = len(np.unique(y_train))
inputs = Input(x_train.shape[1:])
outputs = layers.Dense(n_classes, activation="softmax")(block(inputs, 4))
net = Model(inputs, outputs)
net.summary()
rate = 0.01
net.compile(optimizer=optimizers.Adam(learning_rate=rate), loss="sparse_categorical_crossentropy")
history = net.fit(x_train, y_train, epochs=7, batch_size=16, validation_split=0.1)
"""


def test_a_network_with_its_training(tmp_path: Path) -> None:
    found = taken(tmp_path, DATA, KERAS, "net.evaluate(x_test, y_test)")
    (model,) = found.models
    loss = "sparse_categorical_crossentropy"
    expected = {"epochs": 7, "batch_size": 16, "loss": loss, "optimizer": "Adam", "learning_rate": 0.01}
    assert model.keys == expected
    text = found.files["models.py"].decode()
    assert "n_classes = classes" in text and "Input(input_shape)" in text
    assert text.index("scale = 2") < text.index("def block") < text.index("def net(")
    assert "summary" not in text and "compile" not in text
    assert found.left == ()


def test_layers_that_are_added_and_a_name_that_is_used_twice(tmp_path: Path) -> None:
    one = (
        "net = Sequential()\nnet.add(Input((2,)))\nnet.add(layers.Dense({}, activation='softmax'))\n"
        "net.compile(loss='x')\nnet.fit(x_train, y_train)\n"
    )
    found = taken(tmp_path, DATA, one.format(2), one.format(3))
    assert [model.name for model in found.models] == ["net", "net_2"]
    first, second = (ast.unparse(node) for node in ast.parse(found.files["models.py"]).body[-3:-1])
    assert "Dense(2" in first and "Dense(3" not in first
    assert "Dense(3" in second and "Dense(2" not in second


def test_a_number_that_is_predicted(tmp_path: Path) -> None:
    found = taken(tmp_path, DATA, FIT.replace("LogisticRegression(max_iter=50)", "Ridge()"))
    assert found.regression and found.classes == ()
    assert "clf.predictions" in found.files["01-results.md"].decode()


def test_files_beside_the_notebook_come_along(tmp_path: Path) -> None:
    np.savetxt(tmp_path / "rows.csv", np.arange(80.0).reshape(40, 2))
    data = DATA.replace("rng.normal(size=(size, 2))", "np.loadtxt('rows.csv')")
    found = taken(tmp_path, data, FIT)
    assert found.files["rows.csv"] == (tmp_path / "rows.csv").read_bytes()
    assert 'with_name("rows.csv")' in found.files["models.py"].decode().replace("'", '"')


PROSE = """\
# My lab

Text with {{ braces }}, [a link](#elsewhere), ![a curve](curve.png) and ![a plot](attachment:x.png).

## What came out

It reaches 97.3 % in the test.

<b>Bold</b><br> and `<i>` <https://example.org>.

```
# no heading <b>
```
"""


def test_markdown_becomes_answers(tmp_path: Path) -> None:
    (tmp_path / "curve.png").write_bytes(b"\x89PNG")
    found = taken(tmp_path, DATA, PROSE, FIT)
    assert found.title == "My lab"
    names = sorted(name for name in found.files if name.endswith(".md"))
    assert names == ["01-introduction.md", "02-what-came-out.md", "03-results.md"]
    text = found.files["01-introduction.md"].decode()
    assert '{{ "{{" }} braces }}, a link, ![a curve](curve.png) and *a plot*' in text
    assert "curve.png" in found.files
    assert "the number 97.3 % looks like a measurement" in found.files["02-what-came-out.md"].decode()
    assert "Bold and `<i>` <https://example.org>." in found.files["02-what-came-out.md"].decode()
    assert "# no heading <b>" in found.files["02-what-came-out.md"].decode()
    assert found.left == ("the picture attachment:x.png", "HTML in the text below 'What came out'")


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    found = taken(tmp_path, "def f(:", "clf = LogisticRegression(C=strength)\nclf.fit(a, b)\nclf.predict(a)")
    assert set(found.left) == {
        "cell 2: it is not valid Python",
        "clf() in models.py: nothing in the notebook defines strength",
        "the data: no cell shows which are for training and which for the test; give --data",
    }


@pytest.mark.parametrize("cells", [(), (DATA, "x.mean()"), ("StandardScaler().fit(x)",)])
def test_a_notebook_without_a_model(cells: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"lab\.ipynb: no cell fits a model"):
        taken(tmp_path, *cells)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 3}', '{"cells": [{}]}', "[" * 100_000])
def test_what_is_no_notebook(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_text(text)
    with pytest.raises(InputError, match=r"x\.ipynb: is not a notebook"):
        take(tmp_path / "x.ipynb")


def test_a_new_report_of_it_is_one(tmp_path: Path) -> None:
    left: list[str] = []
    path = notebook(
        tmp_path, IMPORTS, DATA, KERAS, "net.evaluate(x_test, y_test)", "names_of_classes = ['a', 'b']"
    )
    new(tmp_path / "lab", Wishes(start=str(path), authors=("Me",)), left.append)
    made = report.load(tmp_path / "lab")
    assert made.datasets["notebook"].function == "data" and made.datasets["notebook"].classes == ("a", "b")
    assert made.models["net"].training.epochs == 7
    assert list(problems(made)) == [] and left == []
    assert (tmp_path / "lab/.github/workflows/report.yml").exists()


def test_data_may_come_from_elsewhere(tmp_path: Path) -> None:
    path = notebook(tmp_path, IMPORTS, DATA, FIT)
    new(tmp_path / "lab", Wishes(start=str(path), data="digits"))
    toml = tomllib.loads((tmp_path / "lab/answers/report.toml").read_text())
    assert toml["training"]["dataset"] == "digits" and "datasets" not in toml
    assert "def data" not in (tmp_path / "lab/answers/models.py").read_text()
