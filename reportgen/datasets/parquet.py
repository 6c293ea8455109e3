"""Parquet tables, by pyarrow."""

import re
from pathlib import Path
from typing import IO, Any

import numpy as np

from reportgen import DISTRIBUTION
from reportgen.datasets.table import Column, Table, distinct
from reportgen.errors import DataError, Problem, shown

CELLS = 1 << 27  # in all columns together
_INDEX = re.compile(r"__index_level_\d+__")  # pandas wrote its row numbers
_NUMBERS = re.compile(r"u?int\d+|halffloat|float|double|decimal.*")
_WORDS = re.compile(r"(large_)?string(_view)?|bool|date\d+.*|time.*|null")


def read(file: IO[bytes], source: Path) -> Table:
    """Read a Parquet file: numbers stay numbers; texts, truth values and dates are words.

    `source` is what the file is called.

    Raises
    ------
    DataError
        If it is none, holds columns of anything else, or pyarrow is not installed.
    """
    path = shown(source)
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        remedy = f"pip install '{DISTRIBUTION}[parquet]'"
        raise DataError(Problem(path, 0, "needs pyarrow, which is not installed", remedy)) from None
    try:
        head = pq.ParquetFile(file)
        schema, rows = head.schema_arrow, head.metadata.num_rows
        fields = [field for field in schema if not _INDEX.fullmatch(field.name)]
        distinct([field.name for field in fields], path)
        _check(fields, rows, path)
        # As dictionaries words are held once each, however often they come.
        words = [field.name for field in fields if pa.types.is_string(field.type)]
        stored = pq.ParquetFile(file, read_dictionary=words).read([field.name for field in fields])
        columns = {field.name: _column(stored.column(field.name)) for field in fields}
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise DataError(Problem(path, 0, f"is not a Parquet file that can be read: {reason[:200]}")) from None
    return Table(path, columns, range(1, rows + 1))


def _check(fields: list[Any], rows: int, path: str) -> None:
    """Refuse columns that are neither numbers nor words, and more cells than there is memory for."""
    odd = [
        field for field in fields if not (_NUMBERS.fullmatch(_kind(field)) or _WORDS.fullmatch(_kind(field)))
    ]
    if odd:
        told = ", ".join(f"{field.name} ({field.type})" for field in odd[:5])
        message = f"has columns that are neither numbers nor words: {told}"
        raise DataError(Problem(path, 0, message, "save the table without them"))
    if rows * len(fields) > CELLS:
        message = f"has {rows:,} rows of {len(fields)} columns"
        raise DataError(Problem(path, 0, message, f"the limit is {CELLS:,} cells"))


def _kind(field: Any) -> str:
    """Return the name of a column's type; of a dictionary that of its values."""
    return str(field.type.value_type if hasattr(field.type, "index_type") else field.type)


def _column(stored: Any) -> Column:
    import pyarrow as pa

    kind = stored.type
    if pa.types.is_dictionary(kind) and _NUMBERS.fullmatch(str(kind.value_type)):
        stored = stored.cast(kind.value_type)
    if _NUMBERS.fullmatch(str(stored.type)):
        return Column(np.array(stored.cast(pa.float64(), safe=False).to_numpy(), np.float64))
    if not pa.types.is_dictionary(stored.type):
        stored = stored.cast(pa.string()).dictionary_encode()
    stored.validate(full=True)  # places in a dictionary are data of the file's
    texts: list[str] = []
    for chunk in stored.chunks:
        known = [str(word).strip() for word in chunk.dictionary.to_pylist()]
        texts += ["" if place is None else known[place] for place in chunk.indices.to_pylist()]
    return Column(None, texts)
