"""Read the ``[models.*]`` tables of report.toml as model specifications."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from reportgen import language
from reportgen.errors import Place, Problem, nearest, shown
from reportgen.report.families import Variant, text_of, variants
from reportgen.report.parse import read
from reportgen.report.places import Places
from reportgen.report.schema import DatasetTable, File, ModelTable, TrainingTable
from reportgen.report.training_parameters import Component, Training
from reportgen.report.types import NOTHING, ROOTS, ModelSpec, Needs, Requirement

BUILTIN_DATASETS = ("cifar10", "mnist", "digits")
_TRAININGS = 10_000  # models, each counted as often as it has seeds
_SHOWN = ("epochs", "batch_size", "optimizer", "learning_rate", "loss")
# Whatever trains it; the rest is of networks.
_OF_ANY = ("dataset", "validation", "subset", "scale", "folds", "seeds", "needs")
_GIVEN = ("data", "seed", "epoch")  # what a training function gets in any case


def specify_models(
    file: File, path: Path, places: Places, models_path: Path, problems: list[Problem]
) -> dict[str, ModelSpec]:
    """Lay each model's table over the shared one; what is wrong is added to `problems`."""
    functions = _functions(models_path, problems)
    for name, data in file.datasets.items():
        if data.function and functions is not None and data.function not in functions:
            message = f"data set {name}: there is no function {data.function} in models.py"
            remedy = f"define it in {shown(models_path)}; {nearest(data.function, functions)}"
            problems.append(Problem(shown(path), places("datasets", name, "function"), message, remedy))
    found = [
        spec
        for name, table in file.models.items()
        for spec in _Declared(name, table, file, path, places, functions, problems).models()
    ]
    if (count := sum(len(spec.seeds) for spec in found)) > _TRAININGS:
        message = f"{count:,} trainings, one for each seed of a model; the limit is {_TRAININGS:,}"
        problems.append(Problem(shown(path), places("models"), message))
    return {spec.name: spec for spec in found}


def is_name(name: str) -> bool:
    """Tell whether answers can call a model by a name: it means nothing else in them."""
    return name not in ROOTS and language.expression_names(f"{name}.title") == (name,)


@dataclass(frozen=True)
class _Declared:
    """The table of a model or a family, with all that there is to understand it.

    `functions` are the names of models.py; None where it can't be read.
    """

    name: str
    table: ModelTable
    file: File
    path: Path
    places: Places
    functions: list[str] | None
    problems: list[Problem]

    def models(self) -> Iterator[ModelSpec]:
        """Yield the model, or the models of the family."""
        if not is_name(self.name):
            message = f"in answers, `{self.name}` already means something else"
            self._complain("", message, "rename it; readers see its title")
        _check_function(self.table, self._complain)
        found = variants(self.name, self.table, self._complain)
        for each in found:
            training = _training(each.table, self.file.training, self.file.datasets, self._complain)
            if training is not None:
                self._check_names(each, training)
                yield self._spec(each, training, len(found))

    def _line_of(self, key: str) -> int:
        own = self.table.given()
        if key in (self.table.vary or ()):
            return self.places("models", self.name, "vary", key)
        is_shared = key not in own and key in self.file.training.given()
        return self.places("training", key) if is_shared else self.places("models", self.name, key)

    def _complain(self, key: str, message: str, remedy: str = "") -> None:
        problem = Problem(shown(self.path), self._line_of(key), f"model {self.name}: {message}", remedy)
        if problem not in self.problems:  # of a family each is told once
            self.problems.append(problem)

    def _check_names(self, variant: Variant, training: Training) -> None:
        """Complain of unknown functions and data sets."""
        known = [*BUILTIN_DATASETS, *self.file.datasets]
        if training.dataset not in known:
            remedy = nearest(training.dataset, known)
            self._complain("dataset", f'unknown data set "{training.dataset}"', remedy)
        rate = training.learning_rate if isinstance(training.learning_rate, str) else None
        role = "train" if training.train else "builder"
        asked = {role: self._builder(variant), "augmentation": training.augmentation, "learning_rate": rate}
        for key, function in asked.items():
            if function is not None and self.functions is not None and function not in self.functions:
                where = shown(self.path.with_name("models.py"))
                remedy = f"define it in {where}; {nearest(function, self.functions)}"
                self._complain(key, f"there is no function {function} in models.py", remedy)

    def _builder(self, variant: Variant) -> str:
        return variant.table.train or variant.table.builder or self.name

    def _spec(self, variant: Variant, training: Training, count: int) -> ModelSpec:
        table, shared, line = variant.table, self.file.training, self.places("models", self.name)
        requirements = tuple(
            Requirement(
                variant.name, text, Place(self.path, self.places("models", self.name, "require", index))
            )
            for index, text in enumerate(table.require or ())
        )
        given, needs = table.given().keys() | shared.given().keys(), table.needs or shared.needs
        keys = (*(each.name for each in fields(Training)), "needs")
        told = (f"{key.replace('_', ' ')} {text_of(value)}" for key, value in variant.values.items())
        return ModelSpec(
            name=variant.name,
            title=", ".join((table.title or self.name, *told)),
            builder=self._builder(variant),
            training=training,
            seeds=tuple(table.seeds or shared.seeds or (1,)),
            requirements=requirements,
            place=Place(self.path, line),
            lines={key: self._line_of(key) for key in keys} | {"": line},
            assumed=tuple(key for key in _SHOWN if key not in given and not table.train),
            needs=Needs(**needs.given()) if needs else NOTHING,
            family=self.name if variant.values else "",
            family_title=table.title or self.name,
            varied={key: _fixed(value) for key, value in variant.values.items()},
            variants=count,
        )


@dataclass(frozen=True)
class Default:
    """How models of a task are trained where report.toml says nothing, and why it can't say some things."""

    loss: str
    no_accuracy: str
    no_weights: str


DEFAULTS: Mapping[str, Default] = {
    "multilabel": Default(
        "binary_crossentropy",
        "Keras's accuracy is for one class per item, and an item has several labels",
        "weights are for one class per item, and an item has several labels",
    ),
    "regression": Default(
        "mean_squared_error",
        "accuracy is for classes, and a number is predicted",
        "a number has no classes",
    ),
}
"""By task; that of classes has the defaults of `Training`."""


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _training(
    table: ModelTable,
    shared: TrainingTable,
    datasets: Mapping[str, DatasetTable],
    complain: Callable[[str, str, str], None],
) -> Training | None:
    """Lay a model's own keys over the shared ones."""
    values = shared.given() | table.given()
    if table.train:
        values = {key: value for key, value in values.items() if key in (*_OF_ANY, "train", "arguments")}
    if "dataset" not in values:
        complain("", "dataset is missing", "set it here or for all models in [training]")
        return None
    given = {each.name: values[each.name] for each in fields(Training) if each.name in values}
    if not isinstance(given.get("learning_rate", ""), str):
        given["learning_rate"] = float(given["learning_rate"])
    if "metrics" in given:
        given["metrics"] = tuple("accuracy" if each == "acc" else each for each in given["metrics"])
    if "arguments" in given:
        given["arguments"] = {key: _fixed(value) for key, value in given["arguments"].items()}
    if "reduce_on_plateau" in given:
        given["reduce_on_plateau"] = asdict(given["reduce_on_plateau"])
        if isinstance(given.get("learning_rate"), str):
            message = f"{given['learning_rate']}() sets the learning rate of every step"
            complain("reduce_on_plateau", message, "leave one of them out")
    for key in ("early_stopping", "reduce_on_plateau"):
        if given.get("folds") and given.get(key) is not None:
            message = f"{key} uses the validation items, and those of a fold are what it is evaluated on"
            complain("folds", message, f"leave out folds or {key}")
    if isinstance(weights := given.get("class_weights"), dict):  # empty: none, whatever is shared
        given["class_weights"] = {name: float(weight) for name, weight in weights.items()} or None
    own = datasets.get(values["dataset"])
    if own is not None and (default := DEFAULTS.get(own.task or "")):
        if "accuracy" in given.get("metrics", ()):
            complain("metrics", default.no_accuracy, "leave it out")
        if given.get("class_weights"):
            complain("class_weights", default.no_weights, "leave it out")
        given = {"loss": Component(default.loss), "metrics": ()} | given
    return Training(**given | {"augmentation": given.get("augmentation") or None})


def _check_function(table: ModelTable, complain: Callable[[str, str, str], None]) -> None:
    """Complain of what does not go together with a training function, or with none."""
    if not table.train:
        if table.arguments:
            complain("arguments", "arguments are for a training function", 'name one: train = "..."')
        return
    if table.builder:
        complain("builder", f"{table.train}() trains it, so nothing builds it", "leave one of them out")
    for key in (each.name for each in fields(TrainingTable) if each.name not in _OF_ANY):
        if key in table.given():
            remedy = "leave it out, or give it as an argument, in [models.NAME.arguments]"
            complain(key, f"{key} is for networks, and {table.train}() trains by itself", remedy)
    for key in _GIVEN:
        if key in (table.arguments or {}):
            complain("arguments", f"{table.train}() is always given {key}", "give it another name")


def _functions(path: Path, problems: list[Problem]) -> list[str] | None:
    """Return the names that models.py defines at its top level, without running it.

    None where they can't be known: it is not Python, or imports whatever a module has.
    """
    text = read(path)
    try:
        names = list(_bound(ast.parse(text)))
    except SyntaxError as error:
        problems.append(Problem(shown(path), error.lineno or 0, f"is not valid Python: {error.msg}"))
        return None
    except (ValueError, RecursionError, MemoryError) as error:  # a NUL; brackets in brackets
        problems.append(Problem(shown(path), 0, f"is not valid Python: {error or 'it is nested too deeply'}"))
        return None
    return None if "*" in names else names


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that code binds outside its functions and classes."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in names)
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _bound(child)
