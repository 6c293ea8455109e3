"""What a function of the authors' returns is a data set, or one error with its line."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reportgen import executors
from reportgen.datasets import Dataset
from reportgen.errors import InputError, Place, ReportgenError
from reportgen.report.types import DatasetFile, Training
from reportgen.training import authored
from reportgen.training.job import Job

GOOD = """\
import numpy as np


def shapes():
    x, y = np.arange(40.0).reshape(20, 2), np.arange(20) % 2
    return x[:15], y[:15], x[15:], y[15:]
"""


def declared(folder: Path) -> DatasetFile:
    place = Place(folder / "report.toml", 3)
    path = folder / "models.py"
    return DatasetFile("shapes", "Shapes", path, ("a", "b"), 3, place, function="shapes")


def made(folder: Path, text: str, **changes: object) -> Dataset:
    wanted = replace(declared(folder), **changes)  # type: ignore[arg-type]
    out = folder / "out"
    out.mkdir(exist_ok=True)
    authored.compute({"models.py": text}, wanted, out)
    return authored.read(wanted, out)


def returning(what: str) -> str:
    return f"{GOOD.partition('    return')[0]}    return {what}\n"


def test_arrays_become_a_data_set(tmp_path: Path) -> None:
    found = made(tmp_path, GOOD)
    assert (found.name, found.classes, found.validation) == ("shapes", ("a", "b"), 3)
    assert found.train.inputs.tolist() == np.arange(30.0).reshape(15, 2).tolist()
    assert found.test.labels.dtype == np.uint8
    assert made(tmp_path, GOOD).fingerprint == found.fingerprint
    assert made(tmp_path, GOOD.replace("arange(40.0)", "arange(1.0, 41.0)")).fingerprint != found.fingerprint


@pytest.mark.parametrize(
    "what", ["(x[:15], y[:15]), (x[15:], y[15:])", "[x[:15].tolist(), y[:15], x[15:], y[15:], ['a', 'b']]"]
)
def test_other_ways_to_return_it(what: str, tmp_path: Path) -> None:
    assert made(tmp_path, returning(what)).fingerprint == made(tmp_path, GOOD).fingerprint


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("x, y", r"models\.py:4: shapes\(\) returns 2 values"),
        ("None", r"shapes\(\) returns 1 value \(return x_train"),
        ("x, y, x, y, ['b', 'a']", r"names the classes b, a \(report\.toml has a, b"),
        ("x, y + 1, x, y", "labels from 1 to 2"),
        ("x, y[:3], x, y", "x_train has 20 items, but y_train 3 labels"),
        ("x, [[1], [2, 3]], x, y", "returns as y_train what is no array"),
        ("x, np.array([None] * 20), x, y", "returns as y_train Python objects, such as None"),
        ("np.array([1, 'red'] * 10, object), y, x, y", "objects, such as 'red' .make numbers .*get_dummies"),
        ("{'a': x, 'b': [object()] * 20}, y, x, y", r"returns as x_train\.b Python objects, such as object"),
        ("{'a': x, 'b': x[1:]}, y, {'a': x, 'b': x}, y", "different numbers of items: 20 of a, 19 of b"),
        ("{'a': x, 'b': x}, y, {'a': x}, y", "x_train has the input b, and x_test has not"),
        ("1 / 0", r"models\.py:6: shapes\(\) raised ZeroDivisionError"),
        ("nothing_like_this", r"models\.py:6: shapes\(\) raised NameError"),
    ],
)
def test_what_is_no_data_set_is_named_by_its_line(what: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        made(tmp_path, returning(what))


def test_several_inputs_come_as_dicts(tmp_path: Path) -> None:
    several = (
        "{'a': x[:15], 'b': list(map(str, range(15)))}, y[:15], {'a': x[15:], 'b': list('uvwxy')}, y[15:]"
    )
    found = made(tmp_path, returning(several))
    assert found.input_shape == {"a": (2,), "b": ()}
    assert found.train.several["b"].tolist() == [str(number) for number in range(15)]
    assert found.test.several["a"].tolist() == np.arange(30.0, 40.0).reshape(5, 2).tolist()
    assert made(tmp_path, returning(several)).fingerprint == found.fingerprint


def test_texts_may_be_of_any_length(tmp_path: Path) -> None:
    found = made(tmp_path, returning("np.array(['a', 'b'] * 10), y, np.array(['abc'] * 20), y"))
    assert found.train.inputs.dtype == found.test.inputs.dtype == "<U3"


def test_what_is_drawn_is_the_same_each_time(tmp_path: Path) -> None:
    text = GOOD.replace("np.arange(40.0)", "np.random.normal(size=40)")
    assert made(tmp_path, text).fingerprint == made(tmp_path, text).fingerprint


def test_a_job_s_data_are_made_in_a_copy_of_the_process(tmp_path: Path) -> None:
    text = GOOD + "\n\nimport os\n\nos.environ['SEEN_BY_THE_WORKER'] = 'no'\n"
    job = Job(
        "m", "m", {"models.py": text}, str(tmp_path / "models.py"), Training(dataset="shapes"), 1, "k", {}
    )
    found = authored.of_job(job, declared(tmp_path))
    assert found.fingerprint == made(tmp_path, GOOD).fingerprint
    assert found.train.inputs.flags.writeable, "or it could not become a tensor as it is"
    import os

    assert "SEEN_BY_THE_WORKER" not in os.environ


def test_a_worker_makes_it_and_says_what_was_read(tmp_path: Path) -> None:
    (tmp_path / "rows.txt").write_text("1 2")
    text = GOOD.replace(
        "    x, y", "    print(open(__file__.replace('models.py', 'rows.txt')).read())\n    x, y"
    )
    found, reads = executors.data({"models.py": text}, declared(tmp_path))
    assert found.fingerprint == made(tmp_path, GOOD).fingerprint
    assert list(reads) == ["file rows.txt"]
    with pytest.raises(ReportgenError, match=r"models\.py:5: shapes\(\) raised FileNotFoundError"):
        executors.data({"models.py": text.replace("rows.txt", "none.txt")}, declared(tmp_path))


def test_labels_may_be_the_classes_names(tmp_path: Path) -> None:
    named = returning("x[:15], np.array(['a', 'b'])[y[:15]], x[15:], np.array(['a', 'b'], object)[y[15:]]")
    assert made(tmp_path, named).fingerprint == made(tmp_path, GOOD).fingerprint
    with pytest.raises(InputError, match=r"has 'c' in y_train, which is none of the declared classes"):
        made(tmp_path, named.replace("'b'])", "'c'])"))
