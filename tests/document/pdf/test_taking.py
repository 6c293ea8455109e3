"""Pages taken out of a file: everything they refer to comes along, and nothing else."""

from types import SimpleNamespace
from typing import Any

import pydyf
import pytest

from reportgen.document.pdf.sheets import Sheets, Thing
from reportgen.document.pdf.taking import take


def add(file: pydyf.PDF, **values: object) -> Any:
    thing = pydyf.Dictionary(values)
    file.add_object(thing)
    return thing


@pytest.fixture
def sheets() -> Sheets:
    file = pydyf.PDF()
    colors, fonts = add(file, lab="/Lab"), add(file)
    add(file, Unused="true")
    resources = add(file, ColorSpace=colors.reference, Font=fonts.reference)
    stream = pydyf.Stream([b"q", b"Q"], {"Note": pydyf.String("7 0 R")})
    file.add_object(stream)
    page = pydyf.Dictionary(
        {
            "Parent": file.pages.reference,
            "Contents": stream.reference,
            "Resources": resources.reference,
            "StructParents": 0,
        }
    )
    file.add_page(page)
    outermost = add(file, S="/Document")
    tag = add(file, S="/P", P=outermost.reference, K=pydyf.Array([0]), Pg=page.reference)
    outermost["K"] = pydyf.Array([tag.reference])
    parents = add(file, Nums=pydyf.Array([0, pydyf.Array([tag.reference])]))
    root = add(file, K=pydyf.Array([outermost.reference]), ParentTree=parents.reference)
    file.catalog["StructTreeRoot"] = root.reference
    target = pydyf.Array([page.reference, "/XYZ", 1.5, 2, 0])
    dests = pydyf.Dictionary({"Names": pydyf.Array([pydyf.String("q1"), target])})
    file.catalog["Names"] = pydyf.Dictionary({"Dests": dests})
    laid_out = SimpleNamespace(bookmarks=[(1, "One", (0.0, 3.0), "open")], height=9.0)
    return take(file, [laid_out], [], {"title": "T"})


def test_pages_and_tags_are_named_by_their_place(sheets: Sheets) -> None:
    page, tag = sheets.things[sheets.pages[0]], sheets.things[sheets.tags[0]]
    assert page.texts[0] == "<</Parent "
    assert tag.texts[0] == "<</S /P/P "
    assert sheets.marked == (sheets.tags,)


def test_what_parts_share_stays_behind(sheets: Sheets) -> None:
    assert len(sheets.things) == 4  # a page, a tag, a stream, resources
    page, tag = sheets.things[sheets.pages[0]], sheets.things[sheets.tags[0]]
    assert page.holes[0] == "pages"
    assert tag.holes[0] == "tags"
    assert {"fonts", "colors"} == {hole for thing in sheets.things for hole in thing.holes[:2]} - {
        "pages",
        "tags",
        *range(9),
    }


def test_the_number_of_a_marked_page_is_left_open(sheets: Sheets) -> None:
    assert sheets.things[sheets.pages[0]].holes[-1] == [0]


def test_text_that_looks_like_a_reference_stays_text(sheets: Sheets) -> None:
    (stream,) = [thing for thing in sheets.things if thing.stream is not None]
    assert stream == Thing(("<</Note (7 0 R)/Length 3>>",), (), b"q\nQ")


def test_anchors_and_bookmarks_come_along(sheets: Sheets) -> None:
    assert sheets.anchors == {"q1": (0, 1.5, 2)}
    assert sheets.bookmarks == (((1, "One", (0.0, 3.0), "open"),),)
    assert (sheets.heights, sheets.about) == ((9.0,), {"title": "T"})
