"""A new report is whole, says what was asked for, and replaces nothing."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
import yaml  # type: ignore[import-untyped]
from click.testing import CliRunner, Result

from reportgen import DISTRIBUTION, datasets, report
from reportgen.cli.new import command
from reportgen.cli.terminal import console
from reportgen.commands.new import STARTERS, Wishes, new, starters
from reportgen.errors import DataError, InputError

ROOT = Path(__file__).parents[2]


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_it_is_the_starter_with_a_schema(tmp_path: Path) -> None:
    written = new(tmp_path / "a/b", Wishes())
    found = files_of(tmp_path / "a/b")
    assert sorted(path.relative_to(tmp_path / "a/b").as_posix() for path in written) == sorted(found)
    assert found.pop("answers/report.schema.json") == (ROOT / "reportgen/report/schema.json").read_bytes()
    assert found == files_of(STARTERS / "small")


@pytest.mark.parametrize("start", starters())
def test_every_starter_is_a_report(start: str, tmp_path: Path) -> None:
    new(tmp_path, Wishes(start=start))
    made = report.load(tmp_path)
    assert made.models
    assert made.sections


def test_this_repository_s_lab_is_a_starter(tmp_path: Path) -> None:
    new(tmp_path, Wishes(start="tbmi26"))
    answers = {name: data for name, data in files_of(ROOT / "answers").items() if not name.startswith(".")}
    assert files_of(tmp_path / "answers") == answers
    assert ".reportgen/" in (tmp_path / ".gitignore").read_text().splitlines()
    assert files_of(tmp_path / "templates") == files_of(ROOT / "templates")


@pytest.mark.parametrize(
    "title", ["Über Ziffern", 'A "quoted" \\ title', "two\nlines", "x\x7f\x01", "\\1 \\g<0>", "]'#"]
)
def test_any_title_and_author(title: str, tmp_path: Path) -> None:
    new(tmp_path, Wishes(title=title, authors=(title, "B")))
    block = report.load(tmp_path).title_block
    assert (block.title, block.authors) == (title, (title, "B"))


@pytest.mark.parametrize("name", datasets.names())
def test_a_built_in_data_set(name: str, tmp_path: Path) -> None:
    new(tmp_path, Wishes(data=name))
    assert report.load(tmp_path).models["network"].training.dataset == name


def test_data_of_one_s_own(tmp_path: Path) -> None:
    images, labels = np.zeros((30, 4, 4), np.uint8), np.arange(30) % 3
    np.savez(tmp_path / "digits.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    new(tmp_path / "lab", Wishes(data=str(tmp_path / "digits.npz")))
    made = report.load(tmp_path / "lab")
    assert made.models["network"].training.dataset == "own_digits"
    assert datasets.class_names("own_digits", made.datasets) == ("0", "1", "2")
    assert datasets.load("own_digits", own=made.datasets).validation == 5


TABLE = "length,sex,kind\n" + "".join(
    f"{38 + number / 7:.2f},{'mf'[number % 2]},{('adelie', 'gentoo')[number % 3 > 0]}\n"
    for number in range(60)
)


def test_a_table_of_one_s_own(tmp_path: Path) -> None:
    (tmp_path / "Penguins 2024.csv").write_text(TABLE + ",m,adelie\n")
    new(tmp_path / "lab", Wishes(data=str(tmp_path / "Penguins 2024.csv")))
    made = report.load(tmp_path / "lab")
    assert {spec.training.dataset for spec in made.models.values()} == {"penguins_2024"}
    assert list(made.datasets) == ["penguins_2024"]
    declared = made.datasets["penguins_2024"]
    assert (declared.target, declared.classes, declared.missing) == ("kind", ("adelie", "gentoo"), "drop")
    found = datasets.load("penguins_2024", own=made.datasets)
    assert found.input_shape == (3,)
    assert declared.validation == len(found.train.labels) // 6
    assert ".github/workflows/report.yml" in files_of(tmp_path / "lab")
    assert not list((tmp_path / "lab").rglob("iris.csv"))


def test_a_parquet_table_of_one_s_own(tmp_path: Path) -> None:
    pq, csv = pytest.importorskip("pyarrow.parquet"), pytest.importorskip("pyarrow.csv")
    (tmp_path / "birds.csv").write_text(TABLE)
    pq.write_table(csv.read_csv(tmp_path / "birds.csv"), tmp_path / "birds.parquet")
    new(tmp_path / "lab", Wishes(data=str(tmp_path / "birds.parquet")))
    declared = report.load(tmp_path / "lab").datasets["birds"]
    assert (declared.path.name, declared.target) == ("birds.parquet", "kind")
    recipe = (tmp_path / "lab/.github/workflows/report.yml").read_text()
    assert f'pip install "{DISTRIBUTION}[train,document,parquet]"' in recipe


def test_another_column_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "birds.csv").write_text(TABLE)
    new(tmp_path / "lab", Wishes(data=str(tmp_path / "birds.csv"), target="sex"))
    declared = report.load(tmp_path / "lab").datasets["birds"]
    assert (declared.target, declared.classes, declared.missing) == ("sex", ("f", "m"), "error")


@pytest.mark.parametrize(
    ("target", "said"),
    [("sexx", "has no column 'sexx'.*did you mean `sex`"), ("code", "code has 600 different values")],
)
def test_a_column_that_can_not_be_predicted(target: str, said: str, tmp_path: Path) -> None:
    rows = "".join(f"{number},c{number},{'mf'[number % 2]}\n" for number in range(600))
    (tmp_path / "birds.csv").write_text(f"length,code,sex\n{rows}")
    with pytest.raises(DataError, match=said):
        new(tmp_path / "lab", Wishes(data=str(tmp_path / "birds.csv"), target=target))
    assert not (tmp_path / "lab").exists()


@pytest.mark.parametrize("values", [[f"{at / 7:.3f}" for at in range(60)], [str(at) for at in range(60)]])
def test_a_column_of_numbers_is_predicted_as_such(values: list[str], tmp_path: Path) -> None:
    rows = "".join(f"{at % 7},{value}\n" for at, value in enumerate(values))
    (tmp_path / "homes.csv").write_text(f"rooms,price\n{rows}")
    new(tmp_path / "lab", Wishes(data=str(tmp_path / "homes.csv")))
    made = report.load(tmp_path / "lab")
    assert made.datasets["homes"].regression
    assert {spec.training.loss.name for spec in made.models.values()} == {"mean_squared_error"}
    assert datasets.load("homes", own=made.datasets).train.labels.dtype == np.float64
    assert "ridge" in made.models and not list((tmp_path / "lab").rglob("diabetes.csv"))


def test_arrays_that_are_no_images_get_models_for_them(tmp_path: Path) -> None:
    values, labels = np.random.default_rng(1).normal(size=(30, 5)), np.arange(30) % 3
    np.savez(tmp_path / "sensor.npz", x_train=values, y_train=labels, x_test=values, y_test=labels)
    new(tmp_path / "lab", Wishes(data=str(tmp_path / "sensor.npz")))
    made = report.load(tmp_path / "lab")
    assert "forest" in made.models
    assert made.datasets["sensor"].target == ""


@pytest.mark.parametrize("name", ["answers/models.py", ".gitignore", "answers/report.schema.json"])
def test_nothing_is_overwritten(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).symlink_to("nowhere")
    with pytest.raises(InputError, match=rf"{name}: already exists \(nothing was written\)"):
        new(tmp_path, Wishes())
    assert files_of(tmp_path) == {}


def test_other_files_may_be_there(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    new(tmp_path, Wishes())
    assert (tmp_path / "README.md").read_text() == "mine"


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        (
            Wishes(data="digitz"),
            "there is no data set 'digitz', and no file or folder.*did you mean `digits`",
        ),
        (Wishes(data="data/cats"), r"data/cats: there is no such data set"),
        (Wishes(data="digits", start="tbmi26"), "tbmi26 comes with its own data"),
    ],
)
def test_what_can_not_be_is_told_before_anything_is_written(
    wishes: Wishes, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises((InputError, DataError), match=message):
        new(tmp_path / "lab", wishes)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"can't be written: Not a directory"):
        new(tmp_path / "file/lab", Wishes())


def test_the_recipe_installs_this_distribution_and_its_commands_exist(tmp_path: Path) -> None:
    new(tmp_path, Wishes())
    recipe = yaml.safe_load((tmp_path / ".github/workflows/report.yml").read_text())
    runs = [step["run"] for step in recipe["jobs"]["build"]["steps"] if "run" in step]
    assert f'pip install "{DISTRIBUTION}[train,document]"' in runs
    assert [run.split()[1] for run in runs if run.startswith("reportgen ")] == ["build", "check"]


def invoked(folder: Path, *arguments: str, answers: str | None, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Run the command; `answers` are typed at a terminal, if there is one."""
    monkeypatch.setattr(console, "tell", lambda *words, **_: None)
    monkeypatch.setattr("reportgen.cli.new.asks", lambda: answers is not None)
    return CliRunner().invoke(command, [str(folder), *arguments], input=answers, catch_exceptions=False)


def test_four_questions_and_each_is_a_flag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = "small\nMy title\nA, B\nmnist\n"
    assert invoked(tmp_path / "a", answers=typed, monkeypatch=monkeypatch).exit_code == 0
    flags = ("--from", "small", "--title", "My title", "--authors", "A, B", "--data", "mnist")
    asked = invoked(tmp_path / "b", *flags, answers="", monkeypatch=monkeypatch)
    assert (asked.exit_code, asked.output) == (0, "")
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b")
    made = tomllib.loads((tmp_path / "a/answers/report.toml").read_text())
    assert made["report"] == {"title": "My title", "authors": ["A", "B"]}
    assert made["training"]["dataset"] == "mnist"


@pytest.mark.parametrize(("flags", "answers"), [(("--yes",), ""), ((), None)])
def test_nothing_is_asked_with_yes_and_without_a_terminal(
    flags: tuple[str, ...], answers: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = invoked(tmp_path / "a", *flags, answers=answers, monkeypatch=monkeypatch)
    assert (done.exit_code, done.output) == (0, "")
    assert tomllib.loads((tmp_path / "a/answers/report.toml").read_text())["report"]["title"] == "My report"
