"""A report project of four models, a stand-in for Keras that tells what a builder asks for, no training."""

import json
import sys
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportgen import plan
from reportgen.plan import Data, Identity, ModelPlan, Plan
from reportgen.plan.reads import mark
from reportgen.plan.trace import TRACE, Trace
from reportgen.report import Report, load
from reportgen.store import Store

MODELS = '''
"""The models."""
import keras
from keras import layers

from helpers import block

RATE = 0.2
SCALE = 2
EPSILON = 0.1


def unused(x):
    return x


class Noise(keras.layers.Layer):
    """A custom layer."""

    def call(self, x):
        return x * SCALE


def smooth(true, predicted):
    return true - predicted + EPSILON


def flip(images, seed):
    return images[:, ::-1]


def warm(step, total):
    return 0.1 * step / total


def plain(shape, classes):
    # the simplest
    hidden = layers.Dense(16, activation="relu")
    return keras.Sequential([keras.Input(shape), layers.Flatten(), hidden, layers.Dense(classes)])


def dropout(shape, classes, rate=RATE):
    return keras.Sequential([keras.Input(shape), *block(32), layers.Dropout(rate), layers.Dense(classes)])


def noisy(shape, classes):
    return keras.Sequential([keras.Input(shape), *block(8), Noise(), layers.Dense(classes)])
'''
HELPERS = """
from keras import layers

from sizes import KERNEL


def block(filters):
    return [layers.Conv2D(filters, KERNEL), layers.Flatten()]


def spare():
    return 1
"""
REPORT = """
[report]
title = "Digits"
authors = ["A. Author"]

[training]
dataset = "digits"
epochs = 2
batch_size = 32
optimizer = { name = "SGD", momentum = 0.9 }
learning_rate = 0.1
loss = "categorical_crossentropy"

[models.plain]
require = ["test.accuracy > 0.3"]

[models.dropout]
title = "With dropout"

[models.noisy]
epochs = 3

[models.augmented]
builder = "plain"
augmentation = "flip"
loss = "smooth"
learning_rate = "warm"
"""


def answer(title: str, body: str) -> str:
    return f'+++\ntitle = "{title}"\nquestion = "What of {title}?"\n+++\n{body}\n'


FILES: Mapping[str, str] = {
    "answers/report.toml": REPORT,
    "answers/models.py": MODELS,
    "answers/helpers.py": HELPERS,
    "answers/sizes.py": "KERNEL = 3\nSPARE = 4\n",
    "answers/01-plain.md": answer("plain", "It reaches {{ plain.test.accuracy }}."),
    "answers/02-dropout.md": answer(
        "dropout", "{% claim dropout.test.accuracy > plain.test.accuracy %}Dropout helps.{% endclaim %}"
    ),
    "answers/03-noisy.md": answer("noisy", "It is {{ noisy.test.accuracy }}.\n\n{{ noisy.code }}"),
    "answers/04-augmented.md": answer("augmented", "{{ augmented.test.accuracy }}\n\n![a cat](cat.png)"),
    "answers/05-prose.md": answer("prose", "Nothing is measured here."),
    "answers/cat.png": "a picture",
    "templates/page.html": "<html></html>",
    "templates/page.css": "p {}",
}
READS: list[str] = []  # what models.py reads in a test
VERSIONS = {"tensorflow": "2.21.0", "keras": "3.15.1"}


def built(models: Sequence[ModelPlan]) -> list[Identity]:
    """Run the builders with a Keras that only notes what it is asked for."""
    return [_built(model) for model in models]


def _built(model: ModelPlan) -> Identity:
    with _stub(), _sources(model.snapshot.files):
        namespace: dict[str, Any] = {}
        exec(model.snapshot.files["models.py"], namespace)
        layers = namespace[model.spec.builder]((8, 8, 1), 10)
    config = json.dumps({"config": {"layers": layers}})
    reads = {name: mark(name, model.snapshot.folder) for name in READS}
    return config, f"weights of {config} and {model.seed}", reads


class _Layer(dict[str, Any]):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(class_name=type(self).__name__, config={"arguments": args, **kwargs})


@contextmanager
def _stub() -> Iterator[None]:
    class Anything(types.ModuleType):
        def __getattr__(self, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            return lambda *args, **kwargs: {"class_name": name, "config": {"arguments": args, **kwargs}}

    keras, layers = Anything("keras"), Anything("keras.layers")
    layers.Layer = _Layer  # type: ignore[attr-defined]
    keras.layers = layers  # type: ignore[attr-defined]
    keras.Sequential = list  # type: ignore[attr-defined]
    earlier = {name: sys.modules.get(name) for name in ("keras", "keras.layers")}
    sys.modules.update({"keras": keras, "keras.layers": layers})
    try:
        yield
    finally:
        for name, module in earlier.items():
            sys.modules.pop(name)
            if module is not None:
                sys.modules[name] = module


@contextmanager
def _sources(files: Mapping[str, str]) -> Iterator[None]:
    names = [name for name in ("sizes.py", "helpers.py", "more.py") if name in files]
    try:
        for name in sorted(names, reverse=True):
            module = types.ModuleType(name.removesuffix(".py"))
            sys.modules[module.__name__] = module
            exec(files[name], module.__dict__)
        yield
    finally:
        for name in names:
            sys.modules.pop(name.removesuffix(".py"), None)


def to_train(made: Plan) -> list[ModelPlan]:
    """Return the stale models, each result once: what two models share is trained once."""
    found: dict[str | None, ModelPlan] = {}
    for each in made.models:
        if each.status == "stale":
            found.setdefault(each.key, each)
    return list(found.values())


@dataclass
class Project:
    """A project on disk with its store and data; `build` trains nothing and publishes something."""

    root: Path
    data: dict[str, Data] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=lambda: dict(VERSIONS))
    trained: list[str] = field(default_factory=list)
    identified: list[str] = field(default_factory=list)
    way: str = ""

    def __post_init__(self) -> None:
        self.data = {"digits": Data("f" * 64, 240, tuple("0123456789"))}
        self.write(FILES)

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text()
        assert old in text, f"{old!r} is not in {name}"
        self.write({name: text.replace(old, new)})

    @property
    def report(self) -> Report:
        return load(self.root)

    @property
    def store(self) -> Store:
        return Store.open(self.root / "store", tell=lambda _: None)

    def plan(self, identify: Callable[..., Any] | None = built) -> Plan:
        def noted(models: Sequence[ModelPlan]) -> list[Identity]:
            self.identified += [model.name for model in models]
            return built(models)

        chosen = noted if identify is built else identify
        return plan.make(self.report, self.store, self.data.__getitem__, chosen, self.versions)

    def build(self) -> Plan:
        report, store = self.report, self.store
        made = self.plan()
        plan.record_build(report, store, made)
        for model in to_train(made):
            assert model.key is not None
            trace = Trace(self.way, model.reads).to_bytes()
            store.publish(model.key, {"record.json": model.name.encode(), TRACE: trace})
            self.trained.append(model.name)
        for model in made.models:
            if model.evaluation_key is not None and model.evaluation_key not in store:
                store.publish(model.evaluation_key, {"metrics.json": b"{}"})
                self.trained.append(f"metrics of {model.name}")
        # What a build would have opened for its pages.
        sections = (plan.seen(each, report, ["cat.png"] if each.id == "q4" else ()) for each in made.sections)
        plan.record(report, store, made.models, (*sections, made.title))
        return made
