"""Classes that declare the keys of a TOML table, validated by pydantic's core.

The rest of pydantic finds such a schema in annotations. Loading it, and its search for plugins, would be a
sixth of the time of ``reportgen check``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeVar

from pydantic_core import CoreSchema, SchemaValidator, core_schema

T = TypeVar("T", bound="Table")

_VALUES = "values"
_validators: dict[type["Table"], SchemaValidator] = {}


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table: its subclasses are dataclasses of the same kind, whose fields are made by `key`."""

    def given(self) -> dict[str, Any]:
        """Return the keys whose values are not the default ones."""
        values = {each: getattr(self, each.name) for each in fields(self)}
        return {each.name: value for each, value in values.items() if value != each.default}


def key(values: CoreSchema, default: object = MISSING, factory: Any = MISSING) -> Any:
    """Return the field of a key that may have such values; one without a default must be there."""
    return field(default=default, default_factory=factory, metadata={_VALUES: values})


def table(kind: type[Table]) -> CoreSchema:
    """Return what such a table is as a value: closed to unknown keys, and made an object of its class."""
    keys = {
        each.name: core_schema.typed_dict_field(
            each.metadata[_VALUES],
            required=each.default is MISSING and each.default_factory is MISSING,
            metadata={"default": each.default} if isinstance(each.default, str) and each.default else {},
        )
        for each in fields(kind)
    }
    closed = core_schema.typed_dict_schema(keys, extra_behavior="forbid")
    about = (kind.__doc__ or "").partition("\n")[0].replace("``", "")
    return core_schema.no_info_after_validator_function(
        lambda found: kind(**found), closed, metadata={"description": about}
    )


def named(kind: type[Table], name: CoreSchema, *, most: int, least: int = 0) -> CoreSchema:
    """Return a table of so many tables of a kind, each under a name of the authors'."""
    return core_schema.dict_schema(name, table(kind), min_length=least, max_length=most)


def schema_of(kind: type[Table], name: str) -> CoreSchema:
    """Return what the values of one key may be."""
    found: CoreSchema = next(each for each in fields(kind) if each.name == name).metadata[_VALUES]
    return found


def validate(kind: type[T], raw: Mapping[str, object]) -> T:
    """Return a table as an object, or raise pydantic's ``ValidationError`` with all that is wrong in it."""
    if kind not in _validators:
        _validators[kind] = SchemaValidator(table(kind))
    found = _validators[kind].validate_python(raw, strict=True)
    assert isinstance(found, kind)
    return found


def keys(kind: type[Table], where: Sequence[str | int]) -> list[str]:
    """Return the keys that the table at `where`, inside one of this kind, may have."""
    values: Any = table(kind)
    for part in where:
        values = values["values_schema"] if values["type"] == "dict" else _fields(values)[str(part)]["schema"]
    return list(_fields(values))


def _fields(values: Any) -> dict[str, Any]:
    found: dict[str, Any] = values["schema"]["fields"]
    return found
