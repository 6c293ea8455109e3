"""Write a table as HTML and as plain text."""

import re
from collections.abc import Iterable
from html import escape

from reportgen.document.displays import Column, Table

SHORT = 20  # rows of a table that is kept on one page
WIDE = 6  # columns of a table that takes the whole width
_LONG = re.compile(r"\w{41}")  # such a digest may break anywhere: others need not be tried at every letter


def html(table: Table, *, label: str = "", id_: str = "", kind: str = "", whole: bool = False) -> str:
    """Return `table` as an HTML table with a caption and header cells.

    Parameters
    ----------
    label : str
        What precedes the caption, such as ``Table 3``.
    id_, kind : str
        Anchor, and a class name for templates.
    whole : bool
        Keep the table on one page, if it is short.
    """
    box = ["table", kind] if kind else ["table"]
    if len(table.columns) >= WIDE:
        box.append("wide")
    if whole and len(table.rows) + len(table.totals) <= SHORT:
        box.append("whole")
    number = f'<span class="label">{escape(label)}</span> ' if label else ""
    anchor = f' id="{escape(id_)}"' if id_ else ""
    titles = "".join(
        f'<th scope="col"{_kind(column)}>{escape(column.title)}</th>' for column in table.columns
    )
    totals = f'<tbody class="totals">\n{_rows(table, table.totals)}</tbody>\n' if table.totals else ""
    return (
        f'<div class="{escape(" ".join(box))}"{anchor}>\n<table class="data">\n'
        f"<caption>{number}{escape(table.caption)}</caption>\n<thead><tr>{titles}</tr></thead>\n"
        f"<tbody>\n{_rows(table, table.rows)}</tbody>\n{totals}</table>\n</div>\n"
    )


def _kind(column: Column, cell: str = "") -> str:
    if column.number:
        return ' class="number"'
    if column.code:
        return ' class="code long"' if _LONG.search(cell) else ' class="code"'
    return ""


def _rows(table: Table, rows: Iterable[tuple[str, ...]]) -> str:
    lines = []
    for row in rows:
        cells = [f'<th scope="row"{_kind(table.columns[0])}>{escape(row[0])}</th>']
        cells += [
            f"<td{_kind(column, cell)}>{_breakable(cell)}</td>"
            for column, cell in zip(table.columns[1:], row[1:], strict=True)
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>\n")
    return "".join(lines)


def _breakable(cell: str) -> str:
    """Return text that may break after underscores, as names in programs must somewhere."""
    return re.sub(r"_(?=\w)", "_<wbr>", escape(cell))


def text(table: Table) -> str:
    """Return `table` as aligned plain text, for a terminal and for readers without HTML."""
    rows = [tuple(column.title for column in table.columns), *table.rows, *table.totals]
    widths = [max(len(row[place]) for row in rows) for place in range(len(table.columns))]
    lines = []
    for row in rows:
        cells = (
            cell.rjust(width) if column.number else cell.ljust(width)
            for cell, width, column in zip(row, widths, table.columns, strict=True)
        )
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)
