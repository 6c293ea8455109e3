"""Every example builds as it stands, and passes the strict check."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from reportgen import report
from reportgen.datasets import load
from tests.cli.conftest import run_in

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(path.parents[1].name for path in EXAMPLES.glob("*/answers/report.toml"))
NEEDS = {"shapes": "torch"}
DRAWN = {"shapes": "draw.py"}  # what writes the data of an example that does not hold them
FASTER = {"tumours": ("folds = 5", "folds = 2")}  # a fold is a training; the example has the usual number


@pytest.mark.parametrize("name", NAMES)
def test_it_is_built_and_holds(name: str, tmp_path: Path) -> None:
    if name in NEEDS and not find_spec(NEEDS[name]):
        pytest.skip(f"examples/{name} needs {NEEDS[name]}, which is not installed: see .ci/run")
    folder = Path(shutil.copytree(EXAMPLES / name, tmp_path / name))
    if name in DRAWN:
        subprocess.run([sys.executable, DRAWN[name]], check=True, cwd=folder)
    toml = folder / "answers/report.toml"
    toml.write_text(toml.read_text().replace(*FASTER.get(name, ("", ""))))
    done = run_in(folder, "build")
    assert done.returncode == 0, done.stderr
    checked = run_in(folder, "check", "--strict")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_tumours_are_those_of_scikit_learn() -> None:
    from sklearn.datasets import load_breast_cancer

    made = report.load(EXAMPLES / "tumours")
    found = load("tumours", own=made.datasets)
    rows = np.concatenate([found.train.inputs, found.test.inputs])
    known = load_breast_cancer()
    assert sorted(map(tuple, rows.tolist())) == sorted(map(tuple, known.data[:, :10].tolist()))
    assert found.train.labels.sum() + found.test.labels.sum() == np.sum(known.target == 0)


def test_every_example_is_named_in_their_readme() -> None:
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"({name}/)" not in text] == []
