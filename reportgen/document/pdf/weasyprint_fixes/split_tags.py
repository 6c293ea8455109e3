"""Give an element one tag even where a page ends in the middle of it.

WeasyPrint 70 tags each page for itself: a paragraph that goes on over the page becomes two, and the report
becomes as many parts as it has pages. Readers' software would stop there and say so. When this module can go,
`test_what_a_page_end_cuts_apart_is_one_tag` passes without it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pydyf

from reportgen.document.pdf.weasyprint_fixes.tag_tree import referred

# Not tables: the header that a page repeats is a header of what follows it.
_JOINED = frozenset(["/BlockQuote", "/Div", "/L", "/LBody", "/LI", "/NonStruct", "/P", "/Part", "/Sect"])

Sources = Mapping[int, object]


@contextmanager
def traced(tags: Any) -> Iterator[Sources]:
    """Note which element of the page each tag is made for, by the number of the tag's object.

    `tags` is the layout library's module that makes them.
    """
    sources: dict[int, object] = {}
    build = tags._build_box_tree

    def noting(box: Any, *arguments: Any) -> Iterator[Any]:
        for tag in build(box, *arguments):
            sources.setdefault(tag.number, box.element)
            yield tag

    tags._build_box_tree = noting
    try:
        yield sources
    finally:
        tags._build_box_tree = build


def join(pdf: pydyf.PDF, sources: Sources) -> None:
    """Join what page ends have cut apart, from the whole document down to the paragraph."""
    root = referred(pdf, pdf.catalog["StructTreeRoot"])
    document = referred(pdf, root["K"][0])
    kids, document["K"] = document["K"], pydyf.Array()
    for kid in kids:
        _append(pdf, document, kid, sources)


def _append(pdf: pydyf.PDF, parent: Any, kid: Any, sources: Sources) -> None:
    """Make `kid` the last one of `parent`; if it goes on with what is the last one now, pour it in there."""
    before, after = (referred(pdf, each) for each in (parent["K"][-1] if parent["K"] else None, kid))
    if not _same(before, after, sources):
        if after is not None:
            after["P"] = parent.reference
        parent["K"].append(kid)
        return
    first, *others = after["K"] or [None]
    if first is not None:
        _append(pdf, before, first, sources)
    for other in others:
        thing = referred(pdf, other)
        if thing is not None:
            thing["P"] = before.reference
        before["K"].append(other)
    after.clear()


def _same(before: Any, after: Any, sources: Sources) -> bool:
    if before is None or after is None or before.get("S") not in _JOINED:
        return False
    source = sources.get(before.number)
    # A number of marked content counts from the start of its page, and may not leave it.
    movable = not any(isinstance(kid, int) for kid in (*before["K"], *after["K"]))
    return (
        source is not None and source is sources.get(after.number) and before["S"] == after["S"] and movable
    )
