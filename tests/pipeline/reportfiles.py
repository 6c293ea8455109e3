"""A report that uses every key, every display and every way to name a picture."""

import io
import shutil
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from reportgen import themes

OWN = ("paper", "notebook")  # themes that it replaces; the others are the package's
REPORT: dict[str, Any] = {
    "report": {
        "title": "Digits",
        "course": "A course",
        "assignment": "Lab 1",
        "deadline": "Friday",
        "authors": ["A. Author", "B. Author"],
        "abstract": "What we did.",
        "language": "en",
        "theme": "paper",
        "paper": "a4",
    },
    "datasets": {
        "own": {"title": "our digits", "path": "own.npz", "classes": ["cat", "dog", "fish"], "validation": 30}
    },
    "training": {
        "dataset": "own",
        "epochs": 3,
        "batch_size": 32,
        "optimizer": {"name": "SGD", "momentum": 0.9},
        "learning_rate": 0.1,
        "loss": "categorical_crossentropy",
    },
    "models": {
        "first": {
            "title": "First network",
            "builder": "one",
            "require": ["test.accuracy > 0.1"],
            "validation": 20,
            "metrics": ["accuracy", "precision"],
            "augmentation": "flipped",
            "precision": "float32",
            "scale": "unit",
            "seeds": [1, 2],
        },
        "second": {"title": "Second network", "builder": "two", "learning_rate": "falling"},
        "unnamed": {"title": "Named nowhere", "builder": "two", "epochs": 2},
    },
    "published": {"lecun": {"value": 0.9, "kind": "share", "source": "a paper"}},
    "options": {"versions": "exact", "jobs": 1, "handin_pdf": "a.pdf", "handin_html": "a.html"},
}
MODELS = '''\
"""Models."""

UNITS = 8


def one(input_shape, classes):
    """Build one."""
    return ["dense", UNITS, classes]


def two(input_shape, classes):
    return ["dense", classes]


def added(*arguments):
    return arguments


def flipped(images, seed):
    return images


def falling(step, total):
    return 0.1
'''
FIRST = {"title": "First", "question": "How good is it?\n\n![What was asked](asked.svg)", "id": "one"}
FIRST_BODY = """\
It reaches {{ first.test.accuracy }}, they reach {{ published.lecun }}. See [the second](#q2) and
{{ ref(first.evaluation_image) }}; $x^2$.[^n]
{% claim first.test.accuracy > 0.2 %}It beats guessing{% endclaim %}.

{{ first.summary }}

{{ first.evaluation_image }}

{{ first.training }}

# More

{{ first.per_class }}

{{ first.mistakes }}

{{ first.architecture }}

{{ first.augmented }}

{{ first.learning_rate_curve }}

{{ first.reliability }}

{{ first.filters }}

{{ first.code }}

[^n]: A note.
"""
LEAN_BODY = "It reaches {{ first.test.accuracy }}.\n\n{{ first.summary }}\n"
SECOND = {"title": "Second", "question": "Compare."}
SECOND_BODY = """\
Pictures: ![by name](plain.png), ![with a space](<my pic.png>), ![and escaped](an%20other.png "Escaped"),
![by reference][fig], ![with [brackets]](brackets.png).

{{ report.comparison }}

{{ report.table }}

{{ report.efficiency }}

{{ data.own.samples }}

{{ learning_curves(first, second) }}

{{ confusion_difference(second, first) }}

{{ accuracy_by_seed(first, second) }}

[fig]: referenced.png
"""
THIRD = {"title": "Third", "question": "Anything else?"}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
PICTURES = ("plain.png", "my pic.png", "an other.png", "referenced.png", "brackets.png")


def toml(value: object) -> str:
    """Return a value as TOML on one line."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return '"' + value.encode("unicode_escape").decode().replace('"', '\\"') + '"'
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return f"{{ {', '.join(f'{key} = {toml(item)}' for key, item in value.items())} }}"
    return repr(value)


def document(values: dict[str, Any]) -> str:
    """Return a TOML document of tables."""
    text = "".join(f"{key} = {toml(value)}\n" for key, value in values.items())
    assert tomllib.loads(text) == values
    return text


def answer(matter: dict[str, Any], body: str) -> str:
    return f"+++\n{document(matter)}+++\n{body}"


def picture(shade: int = 0) -> bytes:
    file = io.BytesIO()
    Image.new("L", (8, 8), shade).save(file, "PNG")
    return file.getvalue()


def data(flipped: int = 0) -> bytes:
    """Return an own data set, with one label moved."""
    images = np.arange(140 * 36, dtype=np.uint8).reshape(140, 6, 6)
    labels = np.arange(140, dtype=np.uint8) % 3
    labels[0] = flipped
    file = io.BytesIO()
    np.savez(file, x_train=images[:100], y_train=labels[:100], x_test=images[100:], y_test=labels[100:])
    return file.getvalue()


def write(folder: Path, *, lean: bool = False) -> None:
    """Write the report into an empty folder; a lean one says nothing of any model but the first."""
    answers = folder / "answers"
    answers.mkdir()
    for theme in OWN:
        shutil.copytree(themes.FOLDER / theme, folder / "templates" / theme)
    texts = {
        "report.toml": document(REPORT),
        "models.py": MODELS,
        "01-first.md": answer(FIRST, FIRST_BODY),
        "02-second.md": answer(SECOND, SECOND_BODY),
        "03-third.md": answer(THIRD, "Nothing.\n"),
        "asked.svg": SVG,
    }
    if lean:
        del texts["02-second.md"]
        texts["01-first.md"] = answer(FIRST, LEAN_BODY)
    for name, text in texts.items():
        (answers / name).write_text(text, encoding="utf-8")
    for shade, name in enumerate(PICTURES):
        (answers / name).write_bytes(picture(shade))
    (answers / "own.npz").write_bytes(data())
