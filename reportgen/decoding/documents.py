"""JSON of bounded size → values of declared types."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from pydantic_core import CoreSchema, SchemaValidator, ValidationError, core_schema

T = TypeVar("T")
_HUGE = 1e100  # no measurement comes near


class UndecodableError(ValueError):
    """Bytes are not what their format says; the message names the place in them, and what is wrong.

    `malformed` where they are not even JSON.
    """

    malformed = False


class Decoder(Generic[T]):
    """Reads one kind of document; what reads it is made when it is first used.

    Parameters
    ----------
    schema : callable
        Returns what such a document consists of, in the terms of ``pydantic_core``.
    limit : int
        Bytes that it may have.
    """

    def __init__(self, schema: Callable[[], CoreSchema], limit: int) -> None:
        self._schema, self._limit = schema, limit
        self._validator: SchemaValidator | None = None

    def __call__(self, data: bytes | str) -> T:
        """Return the document in `data`.

        Raises
        ------
        UndecodableError
            If it is too large, no JSON, or has a value that its format does not allow.
        """
        if len(data) > self._limit:
            raise UndecodableError(f"it has more than {self._limit:,} bytes")
        if self._validator is None:
            self._validator = SchemaValidator(self._schema())
        try:
            found: T = self._validator.validate_json(data, strict=True)
        except ValidationError as error:
            refused = UndecodableError(_said(error))
            refused.malformed = any(each["type"] == "json_invalid" for each in error.errors())
            raise refused from None
        return found


def made(kind: Callable[..., T], /, **fields: CoreSchema | core_schema.TypedDictField) -> CoreSchema:
    """Return the schema of a JSON object that becomes what `kind` makes of its fields.

    Other fields are ignored: a later version may have more. What `kind` says of values that do not fit
    together is a ValueError of its own.
    """
    keys: dict[str, Any] = {
        name: values
        if values["type"] == "typed-dict-field"
        else {"type": "typed-dict-field", "schema": values}
        for name, values in fields.items()
    }
    return core_schema.no_info_after_validator_function(
        lambda found: kind(**found), core_schema.typed_dict_schema(keys, extra_behavior="ignore")
    )


def optional(values: CoreSchema) -> core_schema.TypedDictField:
    """Return a field that may be missing."""
    return core_schema.typed_dict_field(values, required=False)


def text(longest: int = 100_000) -> CoreSchema:
    """Return the schema of a text."""
    return core_schema.str_schema(max_length=longest)


def count(most: int = 1 << 53) -> CoreSchema:
    """Return the schema of a number of things."""
    return core_schema.int_schema(ge=0, le=most)


def number(ge: float = -_HUGE, le: float = _HUGE) -> CoreSchema:
    """Return the schema of a finite number that can be squared."""
    return core_schema.float_schema(allow_inf_nan=False, ge=ge, le=le)


def several(values: CoreSchema, most: int = 1_000_000, least: int = 0) -> CoreSchema:
    """Return the schema of an array; it becomes a tuple."""
    return core_schema.tuple_schema([values], variadic_item_index=0, min_length=least, max_length=most)


def named(values: CoreSchema, most: int = 1_000_000) -> CoreSchema:
    """Return the schema of an object with any names."""
    return core_schema.dict_schema(text(1_000), values, max_length=most)


def maybe(values: CoreSchema) -> CoreSchema:
    """Return the schema of a value that may be null."""
    return core_schema.nullable_schema(values)


def _said(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(map(str, first["loc"]))[:200]
    message = str(first["msg"]).removeprefix("Value error, ")
    return f"{where}: {message[:1].lower()}{message[1:]}" if where else f"{message[:1].lower()}{message[1:]}"
