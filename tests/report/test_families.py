"""``[models.NAME.vary]`` makes a model of each combination of values, and changes no other."""

from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.report import Report, load
from reportgen.report.training_parameters import Component
from tests.projects import FIRST, REPORT, write_project

VARIED = '\n[models.small.vary]\nlearning_rate = [0.1, 1e-3]\noptimizer = ["SGD", "Adam"]\n'


def loaded(folder: Path, more: str, **files: str) -> Report:
    return load(write_project(folder, report__toml=REPORT + more, **files))


def test_each_combination_is_a_model(tmp_path: Path) -> None:
    models = loaded(tmp_path, VARIED).models
    family = [spec for spec in models.values() if spec.family]
    assert [spec.name for spec in family] == [
        'small["learning_rate=0.1, optimizer=SGD"]',
        'small["learning_rate=0.1, optimizer=Adam"]',
        'small["learning_rate=0.001, optimizer=SGD"]',
        'small["learning_rate=0.001, optimizer=Adam"]',
    ]
    last = family[-1]
    assert last.title == "Small network, learning rate 0.001, optimizer Adam"
    assert (last.training.learning_rate, last.training.optimizer) == (0.001, Component("Adam"))
    assert (last.family, last.family_title, last.variants) == ("small", "Small network", 4)
    assert last.varied == {"learning_rate": 0.001, "optimizer": "Adam"}
    assert [each.expression for each in last.requirements] == ["test.accuracy > 0.3", "epochs <= 25"]
    text = (tmp_path / "answers/report.toml").read_text().splitlines()
    assert text[last.lines["learning_rate"] - 1].startswith("learning_rate = [")
    assert models["linear"].family == ""


def test_an_answer_that_names_a_family_depends_on_all_of_it(tmp_path: Path) -> None:
    first = (
        FIRST.partition("It reaches")[0] + '{{ best_of(small.family, by="validation.loss").test.accuracy }}\n'
    )
    report = loaded(tmp_path, VARIED, **{"01-accuracy__md": first})
    assert [name.partition("[")[0] for name in report.sections[0].models] == ["small"] * 4


def test_arguments_of_a_training_function_vary(tmp_path: Path) -> None:
    more = '[models.own]\ntrain = "small"\n[models.own.arguments]\nrate = 1\n'
    more += "[models.own.vary]\nsizes = [[8], [8, 4]]\n"
    found = [spec for spec in loaded(tmp_path, more).models.values() if spec.family]
    assert [spec.name for spec in found] == ['own["sizes=8"]', 'own["sizes=8,4"]']
    assert found[1].training.arguments == {"rate": 1, "sizes": (8, 4)}


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ("epoch = [1, 2]", "epoch can't vary"),
        ("seeds = [[1], [2]]", "seeds can't vary"),
        ("epochs = [1, 0]", "epochs can't be 0: input should be greater than or equal to 1"),
        ("epochs = [1, 1]", "epochs has a value twice"),
        ("optimizer = ['a\"b']", "quotation mark"),
        ("", "nothing varies"),
        ('learning_rate = ["smal", 0.1]', "there is no function smal in models.py"),
        (
            "epochs = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]\nbatch_size = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]",
            "110 variants",
        ),
    ],
)
def test_what_can_t_vary_is_named_once(tmp_path: Path, vary: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        loaded(tmp_path, f"\n[models.small.vary]\n{vary}\n")
    (problem,) = refused.value.problems
    assert said in problem.message
    assert problem.line > 0
