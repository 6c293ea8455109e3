"""Describe report.toml as a JSON Schema, by which editors complete and check its keys.

`schema.json` beside this module is what `text` returns; ``python scripts/schema.py`` writes it anew.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from reportgen.report.schema import File
from reportgen.report.tables import table

DIALECT = "http://json-schema.org/draft-07/schema#"  # the newest that editors of TOML know
FILE = Path(__file__).with_name("schema.json")
_BOUNDS = {
    "str": {"pattern": "pattern"},
    "int": {"ge": "minimum", "le": "maximum"},
    "list": {"min_length": "minItems", "max_length": "maxItems"},
    "dict": {"min_length": "minProperties", "max_length": "maxProperties"},
}
_TYPES = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "list": "array",
    "dict": "object",
}


def text() -> str:
    """Return the JSON Schema of report.toml."""
    described = {"$schema": DIALECT, "title": "report.toml of reportgen", **_described(table(File))}
    return json.dumps(described, indent=1, ensure_ascii=False) + "\n"


def _described(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of what pydantic's core validates."""
    kind = values["type"]
    if kind in _OTHERS:
        about: Mapping[str, Any] = values.get("metadata", {})
        return {**_OTHERS[kind](values), **about}
    bounds = {name: values[bound] for bound, name in _BOUNDS.get(kind, {}).items() if bound in values}
    found: dict[str, Any] = {"type": _TYPES[kind], **bounds}
    if kind == "list":
        found["items"] = _described(values["items_schema"])
    if kind == "dict":
        found["propertyNames"] = _described(values["keys_schema"])
        found["additionalProperties"] = _described(values["values_schema"])
    return found


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    fields = values["fields"]
    return {
        "type": "object",
        "required": [name for name, field in fields.items() if field["required"]],
        "properties": {
            name: _described(field["schema"]) | field.get("metadata", {}) for name, field in fields.items()
        },
        "additionalProperties": values.get("extra_behavior") == "allow",
    }


_OTHERS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "typed-dict": _fields,
    "function-after": lambda values: _described(values["schema"]),
    "function-plain": lambda values: _described(values["json_schema_input_schema"]),
    "union": lambda values: {"anyOf": [_described(choice) for choice in values["choices"]]},
    "literal": lambda values: {"enum": list(values["expected"])},
    "date": lambda values: {"type": "string", "format": "date"},
}
