import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from reportgen import datasets
from reportgen.errors import DataError
from reportgen.report.model_tables import BUILTIN_DATASETS


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTGEN_DATA", str(tmp_path / "data"))


def test_names_titles_and_classes() -> None:
    assert datasets.names() == BUILTIN_DATASETS
    assert datasets.title("cifar10") == "CIFAR-10"
    assert datasets.class_names("cifar10")[3:6] == ("cat", "deer", "dog")
    assert datasets.class_names("mnist") == tuple("0123456789")


def test_public_surface() -> None:
    assert all(getattr(datasets, name) is not None for name in datasets.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = datasets.nothing


@pytest.mark.parametrize(
    "ask", [datasets.fingerprint, datasets.title, datasets.class_names, datasets.load, datasets.ensure]
)
def test_an_unknown_name_gets_the_nearest(ask) -> None:
    with pytest.raises(DataError, match=r"no data set 'cifar' \(did you mean `cifar10`\?\)"):
        ask("cifar")


def test_digits_need_no_download(tmp_path: Path) -> None:
    digits = datasets.load("digits", offline=True)
    parts = digits.split()
    assert {name: part.inputs.shape for name, part in parts.items()} == {
        "train": (1197, 8, 8, 1),
        "validation": (240, 8, 8, 1),
        "test": (360, 8, 8, 1),
    }
    assert digits.input_shape == (8, 8, 1)
    assert digits.train.inputs.dtype == np.uint8
    assert digits.train.inputs.max() == 240
    assert set(digits.test.labels) == set(range(10))
    assert digits.fingerprint == datasets.fingerprint("digits")
    assert datasets.ensure("digits") == tmp_path / "data" / "digits"


def test_cached_digits_need_no_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    first = datasets.load("digits")
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    np.testing.assert_array_equal(datasets.load("digits").train.inputs, first.train.inputs)


def test_without_scikit_learn_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(DataError, match=r"pip install 'reportgen-lab\[train\]'"):
        datasets.load("digits")


def test_fingerprints_cost_no_import_of_numpy() -> None:
    code = (
        "import sys; from reportgen import datasets;"
        "datasets.fingerprint('cifar10'); datasets.class_names('mnist');"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
