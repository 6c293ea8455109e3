import sys
from pathlib import Path
from typing import Any

import pytest

from reportgen.errors import InputError
from reportgen.training.sources import Sources

PATH = Path("answers/models.py")


def problem(caught: Any) -> tuple[str, int, str]:
    (found,) = caught.value.problems
    return found.path, found.line, found.message


def test_the_text_counts_and_not_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "models.py"
    path.write_text("def f():\n    return 'disk'\n")
    with Sources({"models.py": "def f():\n    return 'text'\n"}, path).imported() as functions:
        assert functions.get("f", "a test")() == "text"


def test_helpers_packages_and_folders_are_found_and_forgotten() -> None:
    texts = {
        "models.py": "import helper\nfrom pack.deep import B\nfrom loose.thing import C\n"
        "def f():\n    import late\n    return helper.A + B + C + late.D\n",
        "helper.py": "A = 1\n",
        "pack/__init__.py": "",
        "pack/deep.py": "from .base import B\n",
        "pack/base.py": "B = 20\n",
        "loose/thing.py": "C = 300\n",
        "late.py": "D = 4000\n",
    }
    with Sources(texts, PATH).imported() as functions:
        assert functions.get("f", "a test")() == 4321
    assert not {"models", "helper", "pack", "pack.deep", "loose", "late"} & set(sys.modules)


def test_a_module_of_the_same_name_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "helper", sys)
    texts = {"models.py": "import helper\ndef f():\n    return helper.A\n", "helper.py": "A = 1\n"}
    with Sources(texts, PATH).imported() as functions:
        assert functions.get("f", "a test")() == 1
    assert sys.modules["helper"] is sys


@pytest.mark.parametrize(
    ("texts", "place"),
    [
        ({"models.py": "x = 1\nx = 1 / 0\n"}, ("answers/models.py", 2)),
        ({"models.py": "def f(:\n"}, ("answers/models.py", 1)),
        (
            {"models.py": "import helper\n", "helper.py": "\n\nimport no_such_module\n"},
            ("answers/helper.py", 3),
        ),
    ],
)
def test_code_that_raises_is_named_by_line(texts: dict[str, str], place: tuple[str, int]) -> None:
    with pytest.raises(InputError) as caught, Sources(texts, PATH).imported():
        pass
    assert problem(caught)[:2] == place
    assert "importing it raised" in problem(caught)[2]


def test_a_function_that_raises_deep_inside_a_library_is_named() -> None:
    text = "import json\n\ndef f():\n    return json.loads('{')\n"
    with Sources({"models.py": text}, PATH).imported() as functions, pytest.raises(InputError) as caught:
        functions.get("f", "a test")()
    assert problem(caught)[:2] == ("answers/models.py", 4)
    assert "f() raised JSONDecodeError" in problem(caught)[2]


def test_a_missing_function_lists_those_there_are() -> None:
    text = "from math import sqrt\ndef one(): ...\ndef two(): ...\nthree = 3\n"
    with Sources({"models.py": text}, PATH).imported() as functions:
        for name in ("four", "three"):
            with pytest.raises(InputError, match=rf"no function {name} \(a test\) \(it has one, two\)"):
                functions.get(name, "a test")


def test_data_files_beside_the_code_are_found(tmp_path: Path) -> None:
    (tmp_path / "rate.txt").write_text("0.5")
    text = "from pathlib import Path\ndef f():\n    return Path(__file__).with_name('rate.txt').read_text()\n"
    with Sources({"models.py": text}, tmp_path / "models.py").imported() as functions:
        assert functions.get("f", "a test")() == "0.5"
