"""What models.py reads is seen, wherever it stands; what libraries read for themselves is not."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import h5py
import pytest
from PIL import Image

from reportgen.plan.reads import changed, mark
from reportgen.training import audit
from reportgen.training.sources import Sources


def read(folder: Path, text: str, **helpers: str) -> Mapping[str, str]:
    answers = folder / "answers"
    answers.mkdir(exist_ok=True)
    for name, content in helpers.items():
        (answers / f"{name}.py").write_text(content)
    (answers / "models.py").write_text(text)
    with Sources({"models.py": text}, answers / "models.py").imported() as functions:
        return dict(functions.reads)


HERE = "from pathlib import Path\nHERE = Path(__file__).parent\n"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("with open(HERE / 'units.md') as file:\n    file.read()", "file units.md"),
        ("with open(str(HERE) + '/units' + '.md') as file:\n    file.read()", "file units.md"),
        ("(HERE / 'units.md').read_text()", "file units.md"),
        ("with (HERE / 'units.md').open('rb') as file:\n    file.read()", "file units.md"),
        ("import os; os.open(HERE / 'units.md', os.O_RDONLY)", "file units.md"),
        ("(HERE.parent / 'params.json').read_text()", "file ../params.json"),
        ("exec((HERE / '.hidden').read_text())", "file .hidden"),
        ("import numpy; numpy.load(HERE / 'table.npy')", "file table.npy"),
        ("import os; os.listdir(HERE)", "folder ."),
        ("list(HERE.glob('*.md'))", "folder ."),
        ("import os; os.environ['LAB_UNITS']", "variable LAB_UNITS"),
        ("import os; os.getenv('LAB_UNITS')", "variable LAB_UNITS"),
        ("from os import environ; environ.get('LAB_UNITS')", "variable LAB_UNITS"),
        ("import os; os.environ.get('LAB_MISSING', '9')", "variable LAB_MISSING"),
        ("import os; 'LAB_MISSING' in os.environ", "variable LAB_MISSING"),
        ("exec('import os; os.environ.get(\"LAB_UNITS\")')", "variable LAB_UNITS"),
        ("Path(__file__).read_text()", "file models.py"),
        ("import h5py\nwith h5py.File(HERE / 'table.h5'):\n    pass", "file table.h5"),
        ("import h5py\nwith h5py.File(name=HERE / 'table.h5', mode='r'):\n    pass", "file table.h5"),
        ("import tensorflow as tf; tf.io.read_file(str(HERE / 'units.md'))", "file units.md"),
        ("from tensorflow.io import read_file; read_file(str(HERE) + '/units.md')", "file units.md"),
        ("import tensorflow as tf; tf.io.gfile.GFile(str(HERE / 'units.md')).read()", "file units.md"),
        ("import tensorflow as tf; tf.data.TextLineDataset([str(HERE / 'units.md')])", "file units.md"),
        ("import tensorflow as tf; tf.data.Dataset.list_files(str(HERE / '*.md'))", "folder ."),
        (
            "import keras; keras.utils.image_dataset_from_directory(HERE / 'pictures', verbose=False)",
            "file pictures/a/one.png",
        ),
        ("import sqlite3; sqlite3.connect(HERE / 'table.db').close()", "file table.db"),
    ],
)
def test_what_is_read_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, name: str) -> None:
    import numpy as np

    monkeypatch.setenv("LAB_UNITS", "7")
    (tmp_path / "answers").mkdir()
    for path in ("answers/units.md", "answers/.hidden", "params.json"):
        (tmp_path / path).write_text("units = 7")
    np.save(tmp_path / "answers/table.npy", np.zeros(3))
    (tmp_path / "answers/pictures/a").mkdir(parents=True)
    Image.new("RGB", (9, 9)).save(tmp_path / "answers/pictures/a/one.png")
    with h5py.File(tmp_path / "answers/table.h5", "w"):
        (tmp_path / "answers/table.db").touch()
    found = read(tmp_path, HERE + code)
    assert name in found
    assert changed(found, tmp_path / "answers") == []


def test_a_linked_folder_and_a_module_on_the_path_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "sizes_of_layers.py").write_text("UNITS = 7")
    (elsewhere / "table.csv").write_text("1")
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers/data").symlink_to(elsewhere)
    text = HERE + f"import sys\nsys.path.insert(0, {str(elsewhere)!r})\nimport sizes_of_layers\n"
    text += "(HERE / 'data/table.csv').read_text()\nsys.path.pop(0)\ndel sys.modules['sizes_of_layers']\n"
    for _ in range(2):  # the second time from its compiled form
        found = read(tmp_path, text)
        assert set(found) == {"file ../elsewhere/sizes_of_layers.py", "file data/table.csv"}


@pytest.mark.parametrize(
    "code",
    [
        "import json, csv, colorsys",
        "import keras; keras.Sequential([keras.layers.Dense(3)])",
        "import tensorflow as tf; tf.function(lambda x: x)(tf.zeros(1))",
        "raise_ = None\nimport warnings; warnings.warn('shown')",
        "(HERE / 'made.txt').write_text('x'); (HERE / 'made.txt').read_text()",
        "import tempfile\nwith tempfile.NamedTemporaryFile('w+') as file:\n    open(file.name).close()",
        "import os; os.environ['LAB_MADE'] = '1'; del os.environ['LAB_MADE']",
        "import os; os.environ.get('CUDA_VISIBLE_DEVICES')",
    ],
)
@pytest.mark.filterwarnings("ignore:shown")
def test_what_is_not_read_by_the_authors_is_not(tmp_path: Path, code: str) -> None:
    assert read(tmp_path, HERE + code) == {}


def test_a_change_of_what_was_read_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers/units.md").write_text("7")
    monkeypatch.delenv("LAB_UNITS", raising=False)
    text = HERE + "import os\n(HERE / 'units.md').read_text(); os.environ.get('LAB_UNITS'); os.listdir(HERE)"
    found = read(tmp_path, text)
    assert set(found) == {"file units.md", "variable LAB_UNITS", "folder ."}
    (tmp_path / "answers/units.md").write_text("9")
    assert changed(found, tmp_path / "answers") == ["file units.md"]
    monkeypatch.setenv("LAB_UNITS", "7")
    (tmp_path / "answers/more.md").write_text("")
    assert set(changed(found, tmp_path / "answers")) == set(found)


def test_a_missing_file_is_read_as_missing(tmp_path: Path) -> None:
    text = HERE + "try:\n    open(HERE / 'perhaps.txt')\nexcept OSError:\n    pass"
    found = read(tmp_path, text)
    assert found == {"file perhaps.txt": "absent"}
    (tmp_path / "answers/perhaps.txt").write_text("there")
    assert changed(found, tmp_path / "answers") == ["file perhaps.txt"]


def test_nothing_is_watched_afterwards(tmp_path: Path) -> None:
    found = read(tmp_path, HERE)
    (tmp_path / "answers/late.txt").write_text("x")
    exec(compile("import os; os.environ.get('HOME')", str(tmp_path / "answers/models.py"), "exec"))
    assert found == {}
    assert mark("variable HOME", tmp_path) == mark("variable HOME", Path.cwd())
    assert isinstance(os.environ.copy(), dict)


def test_what_the_user_has_installed_is_a_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "lib/python3/site-packages"
    monkeypatch.setattr(sys, "path", [*sys.path, str(installed), str(tmp_path / "mine")])
    found = audit._libraries()
    assert f"{installed}{os.sep}" in found
    assert not any(str(tmp_path / "mine").startswith(each) for each in found)
