"""Break lines where they are full.

A text before a fact, a link or a note ends with a space. Where all of the text fits on a line but not this
space, WeasyPrint 70 finds no place to break and sets the first word alone on a line of its own.
`tests/document/pdf/weasyprint_fixes/test_line_breaks.py` passes without this module when it can go.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_COLLAPSES = ("normal", "pre-line")


@contextmanager
def full(inline: Any) -> Iterator[None]:
    """Set a text without the space at its end where only that is too much.

    `inline` is the layout library's module that fills lines.
    """
    split = inline.split_first_line

    def splitting(text: str, style: Any, *arguments: Any, **options: Any) -> Any:
        found = split(text, style, *arguments, **options)
        layout, _, resume, *_ = found
        if resume is None or not text.endswith(" ") or " " in layout.text.rstrip(" "):
            return found
        bare = text.rstrip(" ")
        if " " not in bare or style["white_space"] not in _COLLAPSES:
            return found
        whole = split(bare, style, *arguments, **options)
        return whole if whole[2] is None else found

    inline.split_first_line = splitting
    try:
        yield
    finally:
        inline.split_first_line = split
