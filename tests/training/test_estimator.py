import json
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.datasets.types import Dataset, Split
from reportgen.errors import InputError
from reportgen.report.training_parameters import Scale
from reportgen.training import codec, estimator
from reportgen.training.identify import identify
from reportgen.training.job import Job
from reportgen.training.scale import scaled
from reportgen.training.train import train
from tests.training.jobs import digits, job

MODELS = """
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC


def forest(input_shape, classes):
    return RandomForestClassifier(n_estimators=30)


def smaller(input_shape, classes):
    return RandomForestClassifier(n_estimators=29)


def margins(input_shape, classes):
    return make_pipeline(StandardScaler(), LinearSVC())


class Guess:
    def fit(self, x, y):
        self.most = np.bincount(y).argmax()

    def predict(self, x):
        return np.full(len(x), self.most)


def guess(input_shape, classes):
    return Guess()


class Words(Guess):
    def predict(self, x):
        return np.full(len(x), "three")


def words(input_shape, classes):
    return Words()


class Reads(Guess):
    def fit(self, x, y):
        with open("weights.txt") as file:
            self.most = int(file.read())


def reads(input_shape, classes):
    return Reads()


class Fails(Guess):
    def fit(self, x, y):
        raise ValueError("deep inside")


def fails(input_shape, classes):
    return Fails()


import keras
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB


def reader(input_shape, classes):
    return make_pipeline(CountVectorizer(), MultinomialNB())


def network(input_shape, classes):
    return keras.Sequential([keras.layers.Dense(classes)])
"""


def asked(builder: str, **changes: object) -> Job:
    return job(builder, {"models.py": MODELS}, **changes)  # type: ignore[arg-type]


def test_a_forest_is_fitted_and_measured(tmp_path: Path) -> None:
    done = train(asked("forest"), digits(), tmp_path)
    record = done.record
    assert done.weights == b""
    assert record.estimator == "RandomForestClassifier"
    assert (record.way, record.precision) == ("by its own fit(), given float32", "float32")
    assert len(record.history) == 0
    assert record.evaluations["test"].accuracy > 0.7
    assert record.evaluations["train"].accuracy == 1
    assert 0 < record.evaluations["test"].loss < 2  # type: ignore[operator]
    assert len(record.evaluations["test"].confidence) == 100
    step = record.architecture.layers[1]
    assert (step.name, step.type) == ("randomforestclassifier", "RandomForestClassifier")
    assert step.details is not None
    assert (step.details["n_estimators"], step.details["random_state"]) == ("30", "1")
    assert "scikit-learn" in record.environment.versions


def test_it_says_that_it_starts_over(tmp_path: Path) -> None:
    notes: list[str] = []
    (tmp_path / "begun").touch()  # as it is left where a training is killed
    for _ in range(2):
        train(asked("guess"), digits(), tmp_path, lambda progress: notes.append(progress.note))
    assert list(filter(None, notes)) == ["an earlier training was interrupted: guess starts over"]


def test_its_seed_decides(tmp_path: Path) -> None:
    first, again, other = (
        train(asked("forest", seed=seed), digits(), tmp_path).record.evaluations["test"] for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first.confidence, again.confidence)
    assert not np.array_equal(first.confidence, other.confidence)


def test_without_probabilities_there_is_no_loss(tmp_path: Path) -> None:
    record = train(asked("margins"), digits(), tmp_path).record
    test = record.evaluations["test"]
    assert test.loss is None
    assert len(test.confidence) == 0
    assert [layer.type for layer in record.architecture.layers] == ["Input", "StandardScaler", "LinearSVC"]


def test_its_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    record = train(asked("margins"), digits(), tmp_path).record
    files = codec.files_of(record)
    found = codec.read(files.__getitem__)
    assert codec.files_of(found) == files
    assert found.estimator == "Pipeline"


def test_numbers_that_are_no_images_arrive_as_they_are(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    inputs = generator.normal(1000, 50, (60, 3))
    labels = (inputs[:, 0] > 1000).astype(np.uint8)
    split = Split(inputs, labels)
    data = Dataset("own", "Own", split, split, 20, ("low", "high"), "f" * 64)
    record = train(asked("forest", validation=20), data, tmp_path).record
    assert record.evaluations["train"].accuracy == 1
    assert record.architecture.layers[0].output_shape == (None, 3)


class Notes:
    """Keeps what it was given."""

    def fit(self, x: NDArray[Any], y: NDArray[Any]) -> None:
        self.given = x

    def predict(self, x: NDArray[Any]) -> NDArray[Any]:
        return np.zeros(len(x), np.int64)


def given(inputs: NDArray[Any], scale: str = "unit") -> NDArray[Any]:
    split = Split(inputs, np.zeros(len(inputs), np.uint8))
    data = Dataset("own", "Own", split, split, 1, ("one", "other"), "f" * 64)
    notes = Notes()
    functions: Any = SimpleNamespace(
        value=lambda name: None, reads={}, sources=SimpleNamespace(blamed=lambda *_: nullcontext())
    )
    splits = dict.fromkeys(("train", "validation", "test"), split)
    record = estimator.fit(notes, asked("notes", scale=scale), data, splits, functions)
    assert record.precision == notes.given.dtype
    return notes.given


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("float64", "float64"),
        ("float32", "float32"),
        ("int64", "float64"),
        ("int16", "float32"),
        ("bool", "float32"),
    ],
)
def test_an_estimator_gets_floats_that_hold_the_data(kind: str, wanted: str) -> None:
    inputs = np.arange(12).reshape(3, 2, 2).astype(kind)
    found = given(inputs)
    assert found.dtype == wanted
    np.testing.assert_array_equal(found, inputs.reshape(3, 4))
    assert np.shares_memory(found, inputs) == (kind == wanted), "data are held once"
    with pytest.raises(ValueError, match="read-only"):
        found += 1


@pytest.mark.parametrize("scale", ["unit", "signed", "bytes"])
def test_an_estimator_gets_images_as_a_network_does(scale: Scale) -> None:
    images = np.arange(256, dtype=np.uint8).reshape(4, 8, 8, 1)
    found = given(images, scale)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, scaled(images, scale).numpy().reshape(4, 64))


def test_the_type_that_it_is_given_is_in_its_key() -> None:
    """Of float64 there is nothing in it, as in results of before, when all were given float64."""
    inputs = np.arange(12.0).reshape(6, 2)
    labels = np.zeros(6, np.uint8)
    found = {}
    for kind in ("float64", "int64", "float32"):
        split = Split(inputs.astype(kind), labels)
        found[kind] = identify(asked("forest"), Dataset("own", "Own", split, split, 1, ("a", "b"), "f" * 64))
    assert found["float64"] == found["int64"] != found["float32"]
    assert "inputs" not in json.loads(found["float64"].config)
    assert json.loads(found["float32"].config)["inputs"] == "float32"


def test_texts_are_read_by_an_estimator_and_by_no_network_of_numbers(tmp_path: Path) -> None:
    texts, labels = np.array(["it is good", "so bad"] * 20), np.array([1, 0] * 20, np.uint8)
    split = Split(texts, labels)
    data = Dataset("texts", "Texts", split, split, 10, ("bad", "good"), "f" * 64)
    record = train(asked("reader", validation=10), data, tmp_path).record
    assert record.evaluations["test"].correct.all()
    assert record.architecture.layers[0].output_shape == (None,)
    with pytest.raises(InputError, match="the model takes numbers, and the inputs are texts"):
        identify(asked("network"), data)


def test_parameters_are_its_identity() -> None:
    found = {name: identify(asked(name), digits()) for name in ("forest", "smaller", "margins")}
    assert len({each.digest for each in found.values()}) == 3
    assert identify(asked("forest"), digits()).digest == found["forest"].digest


def test_too_many_folds_are_said_before_training() -> None:
    wanted = replace(asked("guess", folds=99), lines={"folds": 8}, toml="answers/report.toml")
    with pytest.raises(
        InputError, match=r"report.toml:8: guess: 99 folds of 60 training items \(make fewer\)"
    ):
        identify(wanted, digits(160))


def test_a_class_of_the_authors_own_is_fitted(tmp_path: Path) -> None:
    record = train(asked("guess"), digits(), tmp_path).record
    assert record.estimator == "Guess"
    assert len(set(record.evaluations["test"].predicted)) == 1


@pytest.mark.parametrize(
    ("builder", "said", "line"),
    [("words", "not a label from 0 to 9 for each item", 0), ("fails", "deep inside", 54)],
)
def test_what_it_does_wrong_is_named(tmp_path: Path, builder: str, said: str, line: int) -> None:
    with pytest.raises(InputError, match=said) as refused:
        train(asked(builder), digits(), tmp_path)
    (problem,) = refused.value.problems
    assert problem.path.endswith("models.py")
    assert problem.line == line or not line


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"augmentation": "augment"}, "augmentation is for networks"),
        ({"metrics": ("accuracy", "auc")}, "metrics is"),
        ({"metrics": ("mae",)}, "metrics is"),
    ],
)
def test_what_only_networks_have_is_refused_before_it_is_fitted(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    wanted = replace(asked("forest", **changes), lines={"": 7}, toml="answers/report.toml")
    for act in (lambda: identify(wanted, digits()), lambda: train(wanted, digits(), tmp_path)):
        with pytest.raises(InputError, match=said) as refused:
            act()
        assert [str(problem).partition(" ")[0] for problem in refused.value.problems] == [
            "answers/report.toml:7:"
        ]


def test_a_file_that_it_reads_only_while_it_is_fitted_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weights.txt").write_text("3")
    monkeypatch.chdir(tmp_path)
    wanted = replace(asked("reads"), models_path=str(tmp_path / "models.py"), projection={"built": {}})
    with pytest.raises(InputError, match=r"reads the file weights.txt only while reads is trained"):
        train(wanted, digits(), tmp_path)


BOOSTED = """
class Boosted:
    \"\"\"As XGBoost's and LightGBM's are: parameters that may be None, probabilities in float32.\"\"\"

    def __init__(self, n_estimators=100, max_depth=None, random_state=None, objective="binary:logistic"):
        self.n_estimators, self.max_depth = n_estimators, max_depth
        self.random_state, self.objective = random_state, objective

    def get_params(self, deep=True):
        return dict(vars(self))

    def set_params(self, **given):
        for name, value in given.items():
            setattr(self, name, value)
        return self

    def fit(self, X, y, sample_weight=None, eval_set=None, verbose=True):
        self._known = np.unique(y)
        self._shift = np.random.default_rng(self.random_state).uniform(0, 0.1, len(self._known))
        return self

    @property
    def classes_(self):
        return self._known

    def predict_proba(self, X):
        found = (np.ones((len(X), len(self._known))) + self._shift).astype(np.float32)
        return found / found.sum(axis=1, keepdims=True)

    def predict(self, X):
        return self._known[self.predict_proba(X).argmax(axis=1)]


def boosted(input_shape, classes):
    return Boosted(n_estimators=3)


def deeper(input_shape, classes):
    return Boosted(n_estimators=3, max_depth=4)
"""


def test_what_is_made_like_xgboost(tmp_path: Path) -> None:
    asked = job("boosted", {"models.py": MODELS + BOOSTED})
    first = train(asked, digits(), tmp_path).record
    assert first.estimator == "Boosted"
    assert len(first.evaluations["test"].confidence)
    again = train(asked, digits(), tmp_path).record
    other = train(replace(asked, seed=2), digits(), tmp_path).record
    losses = [found.evaluations["test"].loss for found in (first, again, other)]
    assert losses[0] == losses[1] != losses[2], "random_state takes the seed"
    assert identify(asked, digits()) != identify(replace(asked, builder="deeper"), digits())
