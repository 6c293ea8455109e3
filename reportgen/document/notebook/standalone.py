"""The models of a report as a notebook that needs Keras and the data, but not reportgen."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reportgen import datasets
from reportgen.document.notebook.cells import FILE
from reportgen.document.notebook.notebook import Notebook
from reportgen.document.notebook.standalone_tools import BEGIN, TOOLS
from reportgen.report.types import Component, ModelSpec, Report
from reportgen.results.regression import metrics
from reportgen.training.class_weights import class_weights
from reportgen.training.job import GIVEN, SEED_PARAMETERS
from reportgen.training.record import Record

_GREY = """\
x_train, x_test = (
    {name: x[..., np.newaxis] if x.dtype == np.uint8 and x.ndim == 3 else x for name, x in each.items()}
    for each in (x_train, x_test)
)"""
_FLAT = "scale({0}).reshape(len({0}), -1)"
_BESIDE = "np.concatenate([x.reshape(len(x), -1) for x in scale({0}).values()], axis=1)"
_LIKELIEST = """np.asarray(found["test"])
found = found.argmax(1) if found.ndim > 1 and found.shape[1] > 1 else (found.reshape(-1) > 0.5).astype(int)"""
ADAPTED = {"Discretization", "IntegerLookup", "Normalization", "StringLookup", "TextVectorization"}
_SCALES = {
    "unit": "images.astype(np.float32) / 255",
    "signed": "images.astype(np.float32) / 127.5 - 1",
    "bytes": "images.astype(np.float32)",
}


def make(report: Report, code: Mapping[str, str], records: Mapping[str, Record]) -> Notebook:
    """Write a notebook that trains each model, by its first seed, as the report did.

    Parameters
    ----------
    code : mapping of str to str
        Text of models.py, which comes first, and of the modules beside it, by their paths.
    records : mapping of str to Record
        Of each model its first seed; other models are left out.
    """
    root, *others = code
    names = _bound(code[root])
    block = report.title_block
    cells = [
        _cell(
            "markdown",
            "title",
            f"# {block.title}\n\nThe models, trained without reportgen. It needs `tensorflow`, and "
            "`scikit-learn` where they use it. Order of images, seeds and parameters are "
            "those of the report; the last digits depend on the machine.",
        ),
        _cell("code", "imports", BEGIN + _beside(others) + _here(root, code[root])),
        _cell("code", "tools", TOOLS),
        _cell("code", "models", code[root].strip()),
    ]
    for name, record in records.items():
        spec = report.models[name]
        classes = datasets.class_names(spec.training.dataset, report.datasets)
        training = _lines(spec, record, names, classes)
        cells.append(_cell("markdown", f"{name}-title", f"## {spec.title}"))
        cells.append(_cell("code", f"{name}-data", "\n".join(_data(report, spec, record))))
        cells.append(_cell("code", f"{name}-training", "\n".join(training)))
        cells.append(_cell("code", f"{name}-test", _test(spec, record)))
    return Notebook(block.title, report.language, tuple(cells))


def _lines(spec: ModelSpec, record: Record, names: frozenset[str], classes: tuple[str, ...]) -> Iterator[str]:
    """Return the lines that train a model."""
    if record.function:
        return _calling(spec, classes)
    return _fitting(spec, record) if record.estimator else _training(spec, record, names, classes)


def _beside(others: Sequence[str]) -> str:
    """Return what makes modules beside models.py importable, if there are any."""
    return '\nimport sys\n\nsys.path.insert(0, "answers")  # for its other modules' if others else ""


def _here(root: str, text: str) -> str:
    """Return what tells models.py where it lies, if it asks."""
    return "\n\n" + FILE.format(f"answers/{root}") if "__file__" in text else ""


def _data(report: Report, spec: ModelSpec, record: Record) -> Iterator[str]:
    """Yield the lines that load the data of a model: inputs, and labels as it takes them."""
    training = spec.training
    own = report.datasets
    several_inputs = tuple(layer.name for layer in record.inputs)
    yield datasets.loading(training.dataset, own, report.answers, several_inputs)
    held_out = training.validation or datasets.validation(training.dataset, own)
    task = datasets.task(training.dataset, own)
    several = record.evaluations["test"].labels.ndim > 1
    if not several:
        yield "y_train, y_test = y_train.reshape(-1), y_test.reshape(-1)"
    if several_inputs:
        yield _GREY
    else:
        yield "if x_train.dtype == np.uint8 and x_train.ndim == 3:"
        yield "    x_train, x_test = x_train[..., np.newaxis], x_test[..., np.newaxis]"
    yield f"classes = {len(task.names) or 1}"
    if several:
        kind = "int64" if record.estimator and not record.regression else "float32"
        yield f"y_train, y_test = (y.astype(np.{kind}) for y in (y_train, y_test))"
    elif record.network and record.architecture.layers[-1].output_shape[-1:] == (1,):
        yield "y_train, y_test = (y.astype(np.float32)[:, np.newaxis] for y in (y_train, y_test))"
    elif record.network and "sparse" not in training.loss.name.lower():
        yield "y_train, y_test = (keras.utils.to_categorical(y, classes) for y in (y_train, y_test))"
    if several_inputs:
        yield f"x_train, x_val = take(x_train, slice(-{held_out})), take(x_train, slice(-{held_out}, None))"
    else:
        yield f"x_train, x_val = x_train[:-{held_out}], x_train[-{held_out}:]"
    yield f"y_train, y_val = y_train[:-{held_out}], y_train[-{held_out}:]"
    yield ""
    yield ""
    yield "def scale(images):"
    if several_inputs:
        yield "    if isinstance(images, dict):"
        made = "keras.ops.convert_to_tensor(scale(each))" if record.network else "scale(each)"
        yield f"        return {{name: {made} for name, each in images.items()}}"
        yield '    if images.dtype.kind == "U":'
        yield "        return images"
    if _texts(record):
        yield f"    return {'keras.ops.convert_to_tensor(images)' if record.network else 'images'}"
        return
    yield "    if images.dtype != np.uint8 or images.ndim != 4:"
    kind = "np.result_type(images, np.float32)" if record.estimator else "np.float32"
    yield f"        return images.astype({kind}, copy=False)"
    yield f"    return {_SCALES[training.scale]}"


def _texts(record: Record) -> bool:
    """Tell whether the inputs are texts."""
    return not record.inputs and record.architecture.layers[0].output_shape == (None,)


def _flat(record: Record, inputs: str) -> str:
    """Return inputs as an estimator gets them."""
    if record.inputs:
        return _BESIDE.format(inputs)
    return inputs if _texts(record) else _FLAT.format(inputs)


def _shape(record: Record) -> str:
    """Return what a builder gets as the shape of one input."""
    return "{name: x.shape[1:] for name, x in x_train.items()}" if record.inputs else "x_train.shape[1:]"


def _fitting(spec: ModelSpec, record: Record) -> Iterator[str]:
    """Yield the lines that build and fit an estimator."""
    seed = spec.seeds[0]
    yield f"np.random.seed({seed})"
    yield f"estimator = {spec.builder}({_shape(record)}, classes)"
    yield 'if hasattr(estimator, "get_params"):'
    yield "    for name, value in estimator.get_params().items():"
    yield f'        if value is None and name.rpartition("__")[2] in {SEED_PARAMETERS}:'
    yield f"            estimator.set_params(**{{name: {seed}}})"
    yield f"estimator.fit({_flat(record, 'x_train')}, y_train)"


def _calling(spec: ModelSpec, classes: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines that call a training function."""
    training = spec.training
    yield "data = types.SimpleNamespace("
    yield "    x_train=scale(x_train),"
    yield "    y_train=y_train,"
    yield "    x_validation=scale(x_val),"
    yield "    y_validation=y_val,"
    yield "    x_test=scale(x_test),"
    yield f"    classes={classes!r},"
    yield ")"
    yield f"keras.utils.set_random_seed({spec.seeds[0]})"
    yield f"found = {spec.builder}("
    yield "    data,"
    yield f"    seed={spec.seeds[0]},"
    yield "    epoch=lambda **values: print(values),"
    yield from (f"    {name}={_literal(value)}," for name, value in training.arguments.items())
    yield ")"


def _literal(value: object) -> str:
    return repr(list(value) if isinstance(value, tuple) else value)


def _training(
    spec: ModelSpec, record: Record, names: frozenset[str], classes: tuple[str, ...]
) -> Iterator[str]:
    """Yield the lines that build, compile and train a model."""
    training, seed = spec.training, spec.seeds[0]
    rate = training.learning_rate
    yield f"keras.utils.set_random_seed({seed})"
    yield f"model = {spec.builder}({_shape(record)}, classes)"
    if {layer.type for layer in record.architecture.layers} & ADAPTED:
        yield "for layer in model.layers:"
        yield f"    given = any(layer.get_config().get(name) is not None for name in {GIVEN})"
        yield '    if hasattr(layer, "adapt") and not given:'
        seen = "keras.Model(model.inputs, layer.input).predict(scale(x_train), verbose=0)"
        if record.inputs:
            seen = "keras.Model(model.inputs, layer.input)(scale(x_train))"
        yield f"        layer.adapt({'x_train' if _texts(record) else seen})"
    if training.precision == "bfloat16":
        yield "for layer in model.layers[:-1]:"
        yield '    layer.dtype_policy = "mixed_bfloat16"'
    augment = f", {training.augmentation}" if training.augmentation else ""
    yield f"batches = Minibatches(x_train, y_train, {training.batch_size}, {seed}, scale{augment})"
    constant = {} if isinstance(rate, str) else {"learning_rate": rate}
    yield "model.compile("
    yield f"    optimizer={_made('optimizers', training.optimizer, frozenset(), constant)},"
    yield f"    loss={_made('losses', training.loss, names)},"
    yield f"    metrics={['accuracy'] if record.task == 'classification' else []},"
    yield "    jit_compile=False,"
    yield ")"
    yield "model.fit("
    yield "    batches,"
    yield f"    epochs={training.epochs},"
    yield "    shuffle=False,"
    yield "    validation_data=(scale(x_val), y_val),"
    schedule = f", Rate({rate}, {training.epochs} * len(batches))" if isinstance(rate, str) else ""
    if training.early_stopping:
        arguments = f"patience={training.early_stopping}, restore_best_weights=True"
        schedule += f", keras.callbacks.EarlyStopping({arguments})"
    if training.reduce_on_plateau:
        told = ", ".join(f"{name}={value!r}" for name, value in training.reduce_on_plateau.items())
        schedule += f", keras.callbacks.ReduceLROnPlateau({told})"
    yield f"    callbacks=[Order(batches){schedule}],"
    weights = class_weights(training.class_weights, classes, record.evaluations["train"].labels)
    if weights:
        yield f"    class_weight={dict(enumerate(weights))},"
    yield "    verbose=2,"
    yield ")"


def _made(home: str, component: Component, names: frozenset[str], more: Mapping[str, Any] = {}) -> str:
    """Return the call that makes an optimizer or a loss; a loss of models.py goes before one of Keras."""
    arguments = "".join(f", {name}={value!r}" for name, value in {**component.arguments, **more}.items())
    if component.name not in names:
        return f'named(keras.{home}, "{component.name}"{arguments})'
    return f"functools.partial({component.name}{arguments})" if arguments else component.name


def _test(spec: ModelSpec, record: Record) -> str:
    test = record.evaluations["test"]
    predicted = f"estimator.predict({_flat(record, 'x_test')})"
    call = predicted if record.estimator else "model.predict(scale(x_test), verbose=0)"
    call = 'np.asarray(found["test"])' if record.function else call
    if test.task == "multilabel":
        edge = 0.0 if spec.training.loss.arguments.get("from_logits") and record.network else 0.5
        return (
            f"found = np.asarray({call}) > {edge}\nright = np.mean(np.all(found == (y_test > 0.5), axis=1))\n"
            f'print(f"test items with all labels right {{right:.4f}}; in the report {test.accuracy:.4f}")'
        )
    if test.regression:
        told = metrics.mean_absolute_error(test.labels, test.predicted).value
        return (
            f"found = {call}\nerror = np.mean(np.abs(found.reshape(-1) - y_test.reshape(-1)))\n"
            f'print(f"test mean absolute error {{error:.4f}}; in the report {told:.4f}")'
        )
    accuracy = test.accuracy
    if not record.network:
        call = predicted if record.estimator else _LIKELIEST
        return (
            f"found = {call}\n"
            f'print(f"test accuracy {{np.mean(found == y_test):.4f}}; in the report {accuracy:.4f}")'
        )
    return (
        "loss, accuracy = model.evaluate(scale(x_test), y_test, verbose=0)\n"
        f'print(f"test accuracy {{accuracy:.4f}}; in the report {accuracy:.4f}")'
    )


def _bound(text: str) -> frozenset[str]:
    """Return the names of functions and classes at the top of a module."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    return frozenset(node.name for node in ast.parse(text).body if isinstance(node, kinds))


def _cell(kind: str, name: str, source: str) -> dict[str, Any]:
    cell = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    return cell if kind == "markdown" else {**cell, "execution_count": None, "outputs": []}
