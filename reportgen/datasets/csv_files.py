"""CSV tables."""

import csv
import io
from pathlib import Path
from typing import IO

from reportgen import files
from reportgen.datasets.table import Column, Table, distinct
from reportgen.errors import DataError, InputError, Problem, shown

_SEPARATORS = (",", ";", "\t")


def read(file: IO[bytes], source: Path) -> Table:
    """Read a CSV file, whose first row names the columns; `source` is what it is called.

    Where semicolons separate cells, as many spreadsheets write them, a comma may be that of a number.

    Raises
    ------
    DataError
        If it is none, or has two columns of a name.
    """
    path = shown(source)
    try:
        text = files.decoded(file.read(), source)
        head = text.partition("\n")[0]
        separator = max(_SEPARATORS, key=head.count)
        reader = csv.reader(io.StringIO(text), strict=True, delimiter=separator)
        names = tuple(name.strip() for name in next(reader, ()))
        rows, lines = [], []
        for row in reader:
            if row:
                rows.append([cell.strip() for cell in row])
                lines.append(reader.line_num)
    except InputError as error:
        raise DataError(error.problems) from None
    except csv.Error as error:
        raise DataError(Problem(path, reader.line_num, f"is not a CSV file: {error}")) from None
    if not any(names):
        raise DataError(Problem(path, 0, "is empty", "its first row names the columns"))
    distinct(names, path)
    ragged = next((at for at, row in enumerate(rows) if len(row) != len(names)), None)
    if ragged is not None:
        message = f"has {len(rows[ragged])} cells in a row, but {len(names)} columns"
        raise DataError(Problem(path, lines[ragged], message))
    decimal = "," if separator == ";" else "."
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return Table(
        path, {name: Column.of(each, decimal) for name, each in zip(names, columns, strict=True)}, lines
    )
