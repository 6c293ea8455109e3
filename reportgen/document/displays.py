"""Figures, tables and listings, as values."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of a table; numbers are set flush right, codes (keys, hashes) may break anywhere."""

    title: str
    number: bool = False
    code: bool = False


@dataclass(frozen=True)
class Table:
    """A table of text.

    Attributes
    ----------
    caption : str
        Without "Table 3".
    columns : tuple of Column
    rows, totals : tuple of tuple of str
        `totals` stand below a rule. The first cell of a row is its header.
    sources : tuple of str
        Keys of the records that the numbers came from.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[tuple[str, ...], ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """A vector figure: an ``<svg>`` element, what it shows in words, and its caption without "Figure 3"."""

    svg: str
    alt: str
    caption: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """Program text with a caption, highlighted as `language`."""

    code: str
    caption: str
    language: str = "python"
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Undrawable:
    """What can't be shown of a result that is there, and why."""

    reason: str
    remedy: str = ""


Display = Table | Drawing | Listing | Undrawable
