from dataclasses import fields
from pathlib import Path

import pytest

from reportgen.errors import InputError, Problem
from reportgen.locales import Locale
from reportgen.report import Component, Report, Training, load
from reportgen.report.schema import TrainingTable
from reportgen.report.types import Needs, Task
from tests.projects import FIRST, MODELS, REPORT, write_project


def problems(project: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        load(project)
    return caught.value.problems


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_a_valid_project_becomes_a_report(tmp_path: Path) -> None:
    report = load(write_project(tmp_path))
    assert isinstance(report, Report)
    assert list(report.models) == ["small", "linear"]
    small = report.models["small"]
    assert small.training.optimizer == Component("SGD", {"momentum": 0.9, "nesterov": True})
    assert small.training.loss == Component("categorical_crossentropy")
    assert (small.builder, small.seeds, small.training.precision) == ("small", (1,), "float32")
    assert [section.id for section in report.sections] == ["q1", "q2"]
    assert report.sections[0].models == ("small",)
    assert report.sections[1].models == ("small", "linear")
    assert report.sections[0].body_line == 5


def test_a_theme_is_the_package_s_or_the_project_s(tmp_path: Path) -> None:
    text = REPORT.replace("[training]", 'theme = "papper"\n\n[training]')
    project = write_project(tmp_path, report__toml=text)
    (problem,) = problems(project)
    assert problem.line == line_of(text, "papper")
    assert 'there is no theme "papper"' in problem.message
    assert problem.remedy == "did you mean `paper`?"
    (tmp_path / "templates/papper").mkdir(parents=True)
    (tmp_path / "templates/papper/report.html.j2").write_text("")
    assert load(project).theme == "papper"


def test_requirements_know_their_lines(tmp_path: Path) -> None:
    report = load(write_project(tmp_path))
    found = {r.expression: r.place.line for r in report.models["small"].requirements}
    assert found == {text: line_of(REPORT, text) for text in ("test.accuracy > 0.3", "epochs <= 25")}


def test_a_model_may_differ_from_what_is_shared(tmp_path: Path) -> None:
    text = REPORT.replace(
        "[models.linear]", '[models.linear]\nepochs = 7\noptimizer = "Adam"\nseeds = [3, 4]'
    )
    linear = load(write_project(tmp_path, report__toml=text)).models["linear"]
    assert (linear.training.epochs, linear.training.optimizer, linear.seeds) == (7, Component("Adam"), (3, 4))
    assert linear.training.batch_size == 32


BARE = """\
[report]
title = "Digits"
authors = ["A. Author"]

[models.small]
dataset = "digits"
"""
GIVEN = """
epochs = 10
batch_size = 32
optimizer = "Adam"
learning_rate = 1e-3
loss = "categorical_crossentropy"
"""


def test_a_data_set_is_enough(tmp_path: Path) -> None:
    bare = load(write_project(tmp_path / "bare", report__toml=BARE), prose=False).models["small"]
    given = load(write_project(tmp_path / "given", report__toml=BARE + GIVEN), prose=False).models["small"]
    assert bare.training == given.training
    assert bare.assumed == ("epochs", "batch_size", "optimizer", "learning_rate", "loss")
    assert given.assumed == ()
    shared = BARE.replace("[models.small]", "[training]\nepochs = 3\n\n[models.small]\nloss = 'mse'")
    mixed = load(write_project(tmp_path / "shared", report__toml=shared), prose=False).models["small"]
    assert mixed.assumed == ("batch_size", "optimizer", "learning_rate")


def test_without_a_data_set_nothing_trains(tmp_path: Path) -> None:
    (problem,) = problems(write_project(tmp_path, report__toml=BARE.replace('dataset = "digits"', "")))
    assert (problem.message, problem.line) == (
        "model small: dataset missing",
        line_of(BARE, "[models.small]"),
    )


@pytest.mark.parametrize("tag", ["en", "en-GB", "en-US", "sv", "de", "de-AT", "fr", "es"])
def test_languages(tmp_path: Path, tag: str) -> None:
    text = REPORT.replace('title = "Digits"', f'title = "Digits"\nlanguage = "{tag}"')
    assert load(write_project(tmp_path, report__toml=text)).language == Locale(tag)


@pytest.mark.parametrize(
    ("old", "new", "message", "remedy"),
    [
        ("epochs = 2", "epoch = 2", 'unknown key "training.epoch"', "did you mean `epochs`?"),
        ("epochs = 2", "epochs = 0", "greater than or equal to 1", ""),
        ("epochs = 2", 'epochs = "2"', "'2'", ""),
        ('title = "Digits"', "", 'the key "report.title" is missing', "add it"),
        ('dataset = "digits"', 'dataset = "digitz"', 'unknown data set "digitz"', "did you mean `digits`?"),
        ("[models.linear]", "[models.linier]", "no function linier in models.py", "did you mean `linear`?"),
        ("[models.linear]", "[models.Linear]", "is not a name", "lower-case"),
        ("[models.linear]", "[models.linear", "is not valid TOML", ""),
        ("learning_rate = 0.1", "learning_rate = -1", "greater than 0", ""),
        (
            "learning_rate = 0.1",
            "learning_rate = [1]",
            '"training.learning_rate" is [1]: should be a number',
            "",
        ),
        ("epochs = 2", 'epochs = 2\nclass_weights = "even"', 'should be "balanced", or a weight', ""),
        ("epochs = 2", "epochs = 2\nclass_weights = { a = -1 }", 'should be "balanced", or a weight', ""),
        ("epochs = 2", "epochs = 2\nreduce_on_plateau = { faktor = 0.5 }", "unknown key", "`factor`"),
        ("epochs = 2", "epochs = 2\nreduce_on_plateau = { factor = 1.5 }", "less than 1", ""),
        ("learning_rate = 0.1", 'learning_rate = "smal"', "no function smal", "did you mean `small`?"),
        ("[models.linear]", "[models.linear]\nseeds = [1, 1]", "each seed once", ""),
        ("[models.linear]", "[models.linear]\nsedes = [1]", 'unknown key "models.linear.sedes"', "seeds"),
        (
            'title = "Digits"',
            'title = "Digits"\nlanguage = "deutsch"',
            "there is no language 'deutsch', neither in ",
            "did you mean `de`?",
        ),
    ],
)
def test_what_is_wrong_in_report_toml_is_named(
    tmp_path: Path, old: str, new: str, message: str, remedy: str
) -> None:
    text = REPORT.replace(old, new)
    found = problems(write_project(tmp_path, report__toml=text))
    hit = next(problem for problem in found if message in problem.message)
    assert remedy in hit.remedy
    assert hit.path.endswith("report.toml")
    if new:
        assert hit.line == line_of(text, new.splitlines()[-1])


@pytest.mark.parametrize("rate", ["[1]", "true", "inf", "nan"])
def test_a_value_of_the_wrong_kind_is_told_once(tmp_path: Path, rate: str) -> None:
    text = REPORT.replace("learning_rate = 0.1", f"learning_rate = {rate}")
    (found,) = problems(write_project(tmp_path, report__toml=text))
    assert '"training.learning_rate" is' in found.message


def test_all_errors_are_told_at_once(tmp_path: Path) -> None:
    text = REPORT.replace("epochs = 2", "epoch = 2").replace('title = "Digits"', "titel = 1")
    found = problems(
        write_project(tmp_path, **{"report.toml": text, "03-x.md": "no matter", "04-y.md": "+++\n+++\n"})
    )
    assert {Path(problem.path).name for problem in found} == {"report.toml", "03-x.md", "04-y.md"}
    assert len(found) >= 5


def test_an_answer_without_front_matter(tmp_path: Path) -> None:
    (found,) = problems(write_project(tmp_path, **{"01-accuracy.md": "It is good.\n"}))
    assert (found.line, found.message) == (1, "has no front matter")
    assert "+++" in found.remedy


def test_two_answers_with_one_id(tmp_path: Path) -> None:
    twice = FIRST.replace("title =", 'id = "q2"\ntitle =')
    (found,) = problems(write_project(tmp_path, **{"01-accuracy.md": twice}))
    assert 'the id "q2"' in found.message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("models.py", "def small(:\n"),
        ("01-accuracy.md", FIRST.replace("{{ small.summary }}", "{{ small. }}")),
    ],
)
def test_a_syntax_error_is_told_with_its_line(tmp_path: Path, name: str, content: str) -> None:
    project = write_project(tmp_path, **{name: content})
    hit = next(problem for problem in problems(project) if problem.path.endswith(name))
    assert hit.line > 0


def test_a_missing_folder_and_a_binary_file_are_told(tmp_path: Path) -> None:
    assert "no such file" in problems(tmp_path / "nowhere")[0].message
    project = write_project(tmp_path)
    (project / "answers/report.toml").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in problems(project)[0].message


def test_a_data_set_outside_the_answers_is_refused(tmp_path: Path) -> None:
    text = REPORT + '\n[datasets.mine]\npath = "../../secret.npz"\nclasses = ["a", "b"]\nvalidation = 1\n'
    assert "outside" in problems(write_project(tmp_path, report__toml=text))[0].message


DIGEST = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    "place", ["../../mine.npz", "/data/mine.npz", "https://example.org/a%20b/mine.npz?x=1"]
)
def test_a_data_set_outside_the_answers_has_its_digest_declared(place: str, tmp_path: Path) -> None:
    own = f'\n[datasets.mine]\npath = "{place}"\nclasses = ["a", "b"]\nvalidation = 1\n'
    (problem,) = problems(write_project(tmp_path / "bare", report__toml=REPORT + own))
    assert problem.message == f'"{place}" lies outside answers/' and "sha256 =" in problem.remedy
    project = write_project(tmp_path / "lab", report__toml=REPORT + own + f'sha256 = "{DIGEST}"')
    found = load(project).datasets["mine"]
    assert (found.sha256, found.path.name) == (DIGEST, "mine.npz")
    assert found.url == (place if "://" in place else "")
    assert found.path.is_absolute() != bool(found.url)


@pytest.mark.parametrize(
    ("place", "digest", "said"),
    [
        ("http://example.org/mine.npz", DIGEST, "is no address that data are fetched from"),
        ("https://example.org/", DIGEST, "is no address that data are fetched from"),
        ("file:///etc/passwd", DIGEST, "is no address that data are fetched from"),
        ("mine.npz", DIGEST[1:], "a SHA-256 has 64 digits"),
        ("mine.npz", DIGEST.upper(), "a SHA-256 has 64 digits"),
    ],
)
def test_addresses_and_digests_that_are_none(place: str, digest: str, said: str, tmp_path: Path) -> None:
    own = f'\n[datasets.mine]\npath = "{place}"\nclasses = ["a", "b"]\nvalidation = 1\nsha256 = "{digest}"\n'
    (problem,) = problems(write_project(tmp_path, report__toml=REPORT + own))
    assert said in problem.message and problem.line


def test_nothing_of_models_py_is_run(tmp_path: Path) -> None:
    load(write_project(tmp_path, models__py=MODELS + "\nraise SystemExit('ran')\n"))


def test_every_training_parameter_has_a_key_in_report_toml_and_no_other() -> None:
    known = {each.name for each in fields(TrainingTable)} - {"seeds", "needs"} | {"train", "arguments"}
    assert known == {each.name for each in fields(Training)}


def test_a_plateau_has_keras_s_defaults_and_empty_class_weights_are_none(tmp_path: Path) -> None:
    text = REPORT.replace(
        "epochs = 2", 'epochs = 2\nclass_weights = "balanced"\nreduce_on_plateau = {patience = 3}'
    )
    models = load(write_project(tmp_path, report__toml=text + "class_weights = {}\n")).models
    plateau = {"factor": 0.1, "patience": 3, "min_delta": 0.0001, "cooldown": 0, "min_lr": 0.0}
    assert models["small"].training.reduce_on_plateau == plateau
    assert [each.training.class_weights for each in models.values()] == ["balanced", None]
    found, _ = problems(write_project(tmp_path, report__toml=text.replace("= 0.1", '= "small"')))
    assert "small() says the learning rate of every step" in found.message


FUNCTION = """
[models.own]
train = "small"
seeds = [1, 2]

[models.own.arguments]
rate = 0.1
sizes = [32, 16]
"""


def test_of_a_training_function_only_the_data_are_said(tmp_path: Path) -> None:
    """What is shared by networks is neither in its training nor, so, in its key."""
    own = load(write_project(tmp_path, report__toml=REPORT + FUNCTION)).models["own"]
    assert own.builder == "small"
    assert own.assumed == ()
    said = {"train": "small", "arguments": {"rate": 0.1, "sizes": (32, 16)}}
    assert own.training == Training(dataset="digits", **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seeds = [1, 2]", "epochs = 3", "epochs is for networks, and small() trains by itself"),
        ("seeds = [1, 2]", 'builder = "linear"', "small() trains it, so nothing builds it"),
        ('train = "small"', 'train = "smaller"', "no function smaller in models.py"),
        ("\nrate = 0.1", "\nseed = 1", "small() gets seed in any case"),
        ("\nrate = 0.1", "\nrate = [[1]]", "text, a number, true or false, or a list of these"),
        ("\nrate = 0.1", "\nrate = {a = 1}", "text, a number, true or false, or a list of these"),
        ('train = "small"', 'builder = "small"', "arguments are those of a training function"),
    ],
)
def test_what_does_not_fit_a_training_function_is_named(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    text = (REPORT + FUNCTION).replace(old, new)
    (found,) = problems(write_project(tmp_path, report__toml=text))
    assert message in found.message
    assert found.line >= line_of(text, "[models.own]")


def test_needs_are_those_of_the_model_or_of_all(tmp_path: Path) -> None:
    shared = REPORT.replace("[training]", '[training]\nneeds = { cores = 4, memory = "8 GB" }')
    text = shared.replace("[models.linear]", "[models.linear]\nneeds = { gpus = 1 }")
    report = load(write_project(tmp_path, report__toml=text))
    assert report.models["small"].needs == Needs(cores=4, memory=8_000_000_000)
    assert report.models["linear"].needs == Needs(gpus=1)


@pytest.mark.parametrize(
    "needs", ['{ memory = "8" }', '{ memory = "8 GiB" }', "{ gpus = -1 }", "{ tpus = 1 }"]
)
def test_needs_that_are_none_are_told_with_their_line(tmp_path: Path, needs: str) -> None:
    text = REPORT.replace("[models.linear]", f"[models.linear]\nneeds = {needs}")
    (problem,) = problems(write_project(tmp_path, report__toml=text))
    assert problem.line == text[: text.index(needs)].count("\n") + 1


HOUSES = """
[datasets.houses]
path = "houses.csv"
target = "price"
validation = 10
"""


@pytest.mark.parametrize(
    ("more", "message", "line"),
    [
        ("", "data set houses: its classes are not named", "[datasets.houses]"),
        ('task = "regression"\nclasses = ["a", "b"]\n', "a number has no classes", 'task = "regression"'),
        ('task = "classification"\n', "its classes are not named", 'task = "classification"'),
    ],
)
def test_what_is_predicted_is_said(tmp_path: Path, more: str, message: str, line: str) -> None:
    text = f"{REPORT}{HOUSES}{more}"
    (found,) = problems(write_project(tmp_path, report__toml=text))
    assert message in found.message
    assert 'task = "regression" to predict a number' in found.remedy
    assert found.line == line_of(text, line)


def test_a_number_has_a_loss_of_its_own(tmp_path: Path) -> None:
    text = REPORT.replace('dataset = "digits"', 'dataset = "houses"') + HOUSES + 'task = "regression"\n'
    text = text.replace('loss = "categorical_crossentropy"\n', "").replace('metrics = ["accuracy"]\n', "")
    spec = next(iter(load(write_project(tmp_path, report__toml=text)).models.values()))
    assert spec.training.loss.name == "mean_squared_error"
    assert spec.training.metrics == ()
    wrong = text.replace("epochs = 2", 'epochs = 2\nmetrics = ["acc"]')
    (found, *_) = problems(write_project(tmp_path, report__toml=wrong))
    assert "accuracy is a share of classes" in found.message


@pytest.mark.parametrize(
    ("keys", "said", "line"),
    [
        ('path = "mine.npz"\nfunction = "small"', "data set mine has both a path and a function", 0),
        ("", "data set mine has neither a path nor a function", 0),
        ('function = "smal"', "data set mine: there is no function smal in models.py", 1),
        ('function = "small"\ntarget = "x"', "target is a key of tables", 2),
    ],
)
def test_a_data_set_is_a_file_or_a_function(keys: str, said: str, line: int, tmp_path: Path) -> None:
    head = REPORT + "\n[datasets.mine]\n"
    text = f'{head}{keys}\nclasses = ["a", "b"]\nvalidation = 1\n'
    (problem,) = problems(write_project(tmp_path, report__toml=text))
    assert said in problem.message
    assert problem.line == len(head.splitlines()) + line


def test_a_function_s_data_are_those_of_models_py(tmp_path: Path) -> None:
    own = '\n[datasets.mine]\nfunction = "small"\nclasses = ["a", "b"]\nvalidation = 1\n'
    found = load(write_project(tmp_path, report__toml=REPORT + own)).datasets["mine"]
    assert (found.function, found.path, found.stored) == ("small", tmp_path / "answers/models.py", False)


def test_items_have_a_word_for_one_and_for_several(tmp_path: Path) -> None:
    own = '\n[datasets.mine]\npath = "a.npz"\nclasses = ["a", "b"]\nvalidation = 1\nitems = '
    found = load(write_project(tmp_path, report__toml=REPORT + own + '["patient", "patients"]'))
    assert found.datasets["mine"].items == ("patient", "patients")
    for wrong in ('["patient", ""]', '["patient\\u0007", "patients"]'):
        (problem,) = problems(write_project(tmp_path, report__toml=REPORT + own + wrong))
        assert "what one item is called, and several are" in problem.message


TABLE = '\n[datasets.mine]\npath = "a.csv"\nvalidation = 1\n'
ARCHIVE = TABLE.replace(".csv", ".npz")


@pytest.mark.parametrize(
    ("keys", "task"),
    [
        (TABLE + 'task = "regression"\ntarget = ["a", "b"]', Task("regression", ("a", "b"))),
        (TABLE + 'task = "regression"\ntarget = ["a"]', Task("regression")),
        (TABLE + 'task = "multilabel"\ntarget = ["a", "b"]', Task("multilabel", ("a", "b"))),
        (ARCHIVE + 'task = "regression"\ntarget = ["a", "b"]', Task("regression", ("a", "b"))),
        (ARCHIVE + 'task = "multilabel"\nclasses = ["a", "b"]', Task("multilabel", ("a", "b"))),
        (ARCHIVE + 'task = "regression"', Task("regression")),
        (TABLE + 'classes = ["x", "y"]\ntarget = ["a"]', Task("classification", ("x", "y"))),
    ],
)
def test_a_data_set_says_what_is_predicted(tmp_path: Path, keys: str, task: Task) -> None:
    found = load(write_project(tmp_path, report__toml=REPORT + keys))
    assert found.datasets["mine"].task == task


@pytest.mark.parametrize(
    ("keys", "message", "remedy"),
    [
        (TABLE + 'target = ["a", "b"]', "no task says what they are", 'task = "multilabel" where'),
        (TABLE + 'target = ["a", "b"]\nclasses = ["x", "y"]', "no task says what they are", "regression"),
        (TABLE + 'task = "multilabel"\ntarget = "a"', "it has one label", "two at least"),
        (
            TABLE + 'task = "multilabel"\ntarget = ["a", "b"]\nclasses = ["a", "b"]',
            "named by its columns",
            "leave classes out",
        ),
        (ARCHIVE + 'task = "multilabel"', "its labels are not named", "name classes"),
        (
            ARCHIVE + 'task = "multilabel"\ntarget = ["a", "b"]',
            "target is a key of tables",
            "a.npz is none: tables are .csv",
        ),
        (TABLE + 'task = "regression"\ntarget = ["a", "a"]', "a list of different names", ""),
    ],
)
def test_what_does_not_go_together_in_it(tmp_path: Path, keys: str, message: str, remedy: str) -> None:
    (found,) = problems(write_project(tmp_path, report__toml=REPORT + keys))
    assert message in found.message
    assert remedy in found.remedy


def test_labels_have_a_loss_of_their_own(tmp_path: Path) -> None:
    text = REPORT.replace('dataset = "digits"', 'dataset = "mine"') + TABLE
    text += 'task = "multilabel"\ntarget = ["a", "b"]\n'
    text = text.replace('loss = "categorical_crossentropy"\n', "").replace('metrics = ["accuracy"]\n', "")
    spec = next(iter(load(write_project(tmp_path, report__toml=text)).models.values()))
    assert (spec.training.loss.name, spec.training.metrics) == ("binary_crossentropy", ())
    wrong = text.replace("epochs = 2", 'epochs = 2\nclass_weights = "balanced"')
    (found, *_) = problems(write_project(tmp_path, report__toml=wrong))
    assert "weights are of classes" in found.message
