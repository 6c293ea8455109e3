"""Types of the values that keys of report.toml may have, as pydantic's core validates them."""

from typing import Any, get_args

from pydantic_core import core_schema as values

from reportgen.report.dataset_file import CLASSES as LABELS
from reportgen.report.training_parameters import Component

MANY = 1_000  # answers, models, seeds of one, data sets, requirements of one
_LARGE = 1 << 63
_UNITS = {"MB": 1e6, "GB": 1e9, "TB": 1e12}


def _component(value: object) -> Component:
    """Accept ``"SGD"`` as well as ``{ name = "SGD", momentum = 0.9 }``."""
    if isinstance(value, str):
        return Component(value)
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        arguments = {key: item for key, item in value.items() if key != "name"}
        for key, item in arguments.items():
            if not isinstance(item, str | int | float) or not (isinstance(item, str) or abs(item) < _LARGE):
                raise ValueError(f"{key[:80]} should be text, true or false, or a finite number")
        return Component(value["name"], arguments)
    remedy = 'a name such as "SGD", or a table with a name: { name = "SGD", momentum = 0.9 }'
    raise ValueError(f"should be {remedy}")


def _distinct(seeds: list[int]) -> list[int]:
    if len(set(seeds)) < len(seeds):
        raise ValueError("the seeds must differ")
    return seeds


def _classes(names: list[str], one: str = "class", several: str = "classes") -> list[str]:
    for number, name in enumerate(names):
        if not name.strip():
            raise ValueError(f"{one} {number} has no name")
        if name in names[:number]:
            raise ValueError(f"two {several} are called {name!r}")
        if odd := next((letter for letter in name if not letter.isprintable()), ""):
            raise ValueError(f"the name of {one} {number} contains {odd!r}, which can't be printed")
    return names


def _targets(names: list[str]) -> list[str]:
    return _classes(names, "target", "targets")


def _digest(text: str) -> str:
    if len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise ValueError("a SHA-256 has 64 digits, 0 to 9 and a to f, as sha256sum prints it")
    return text


def _words(pair: list[str]) -> list[str]:
    if not all(word.strip() and word.isprintable() and len(word) <= 80 for word in pair):
        raise ValueError('should be the singular and the plural: ["patient", "patients"]')
    return pair


def _positive(rate: float | str) -> float | str:
    if not isinstance(rate, str) and not 0 < rate < float("inf"):
        raise ValueError("a learning rate is greater than 0")
    return rate


def _bytes(text: str) -> int:
    """Return the number of bytes that "8 GB" means."""
    number, _, unit = text.strip().partition(" ")
    try:
        size = float(number) * _UNITS[unit.strip()]
    except (ValueError, KeyError):
        size = 0.0
    if not 1 <= size < _LARGE:
        raise ValueError('should be a size such as "8 GB" or "500 MB"')
    return round(size)


def one_of(literal: Any) -> values.CoreSchema:
    """Return the schema of a Literal: one of its values."""
    return values.literal_schema(list(get_args(literal)))


def _either(said: str, *choices: values.CoreSchema) -> values.CoreSchema:
    return values.union_schema([*choices], custom_error_type="union", custom_error_message=said)


TEXT = values.str_schema()
TEXTS = values.list_schema(TEXT, max_length=MANY)
COUNT = values.int_schema(ge=1, le=1_000_000)
ITEMS = values.int_schema(ge=1, le=1_000_000_000)
NUMBER = _either(
    "should be a finite number",
    values.int_schema(ge=-_LARGE, le=_LARGE),
    values.float_schema(allow_inf_nan=False),
)
DATE = _either("should be a date or text", TEXT, values.date_schema())
_NAMED = {"name": values.typed_dict_field(TEXT, required=True)}
SCALAR = _either("should be text, a number, true or false", TEXT, values.bool_schema(), NUMBER)
ARGUMENT = _either(
    "should be text, a number, true or false, or a list of these",
    SCALAR,
    values.list_schema(SCALAR, max_length=MANY),
)
COMPONENT = values.no_info_plain_validator_function(
    _component,
    json_schema_input_schema=values.union_schema(
        [TEXT, values.typed_dict_schema(_NAMED, extra_behavior="allow")]
    ),
)
SHARE = values.float_schema(gt=0, lt=1)
AMOUNT = values.float_schema(ge=0, allow_inf_nan=False)
CLASS_WEIGHTS = _either(
    'should be "balanced", or a weight for each class: { cat = 2, dog = 1 }',
    values.literal_schema(["balanced"]),
    values.dict_schema(TEXT, _either("should be a number, not negative", values.int_schema(ge=0), AMOUNT)),
)
SEED = values.int_schema(ge=0, le=(1 << 31) - 1)
SEEDS = values.no_info_after_validator_function(
    _distinct, values.list_schema(SEED, min_length=1, max_length=MANY)
)
RATE = values.no_info_after_validator_function(
    _positive, _either("should be a number, or the name of a function in models.py", NUMBER, TEXT)
)
CLASSES = values.no_info_after_validator_function(
    _classes, values.list_schema(TEXT, min_length=2, max_length=LABELS)
)
TARGET = _either(
    'should be a name, or a list of different names: ["height", "weight"]',
    TEXT,
    values.no_info_after_validator_function(
        _targets, values.list_schema(TEXT, min_length=1, max_length=LABELS)
    ),
)
DIGEST = values.no_info_after_validator_function(_digest, TEXT)
SIZE = values.no_info_after_validator_function(_bytes, TEXT)
WORDS = values.no_info_after_validator_function(_words, values.list_schema(TEXT, min_length=2, max_length=2))
IDENTIFIER = values.str_schema(pattern=r"^[a-z][a-z0-9_]*$")
VARIED = values.dict_schema(
    IDENTIFIER, values.list_schema(ARGUMENT, min_length=1, max_length=100), max_length=10
)
ARGUMENTS = values.dict_schema(IDENTIFIER, ARGUMENT, max_length=MANY)
THEME = values.str_schema(pattern=r"^[a-z][a-z0-9_-]*$")
SECTION = values.str_schema(pattern=r"^[a-z][a-z0-9-]*$")
