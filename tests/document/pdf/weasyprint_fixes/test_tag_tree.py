"""The tag tree is mended where the layout library leaves it wrong."""

from collections.abc import Collection, Mapping

import pydyf
import pytest

from reportgen.document.pdf.weasyprint_fixes import tag_tree


def element(pdf: pydyf.PDF, kind: str, kids: list[object], **more: object) -> pydyf.Dictionary:
    made = pydyf.Dictionary(
        {"Type": "/StructElem", "S": kind, "K": pydyf.Array(kids), "Pg": b"1 0 R", **more}
    )
    pdf.add_object(made)
    return made


def mend(pdf: pydyf.PDF, formulas: Collection[str] = (), names: Mapping[str, str] | None = None) -> None:
    root = pydyf.Dictionary({"Type": "/StructTreeRoot", "K": pydyf.Array([])})
    pdf.add_object(root)
    pdf.catalog["StructTreeRoot"] = root.reference
    tag_tree.mend(pdf, formulas, names or {}, ())


@pytest.mark.parametrize("kind", ["/Span", "/NonStruct"])
def test_emphasis_in_a_link_becomes_a_link(kind: str) -> None:
    pdf = pydyf.PDF()
    annotation = pydyf.Dictionary({"Type": "/OBJR"})
    pdf.add_object(annotation)
    inside = element(pdf, kind, [annotation.reference])
    other = element(pdf, kind, [3])
    mend(pdf)
    assert inside["S"] == "/Link"
    assert other["S"] == kind


def test_loose_paragraphs_of_a_list_item_get_a_body() -> None:
    pdf = pydyf.PDF()
    label = element(pdf, "/Lbl", [0])
    first, second = element(pdf, "/P", [1]), element(pdf, "/P", [2])
    item = element(pdf, "/LI", [label.reference, first.reference, second.reference])
    mend(pdf)
    assert item["K"][0] == label.reference
    body = pdf.objects[int(item["K"][1].split()[0])]
    assert body["S"] == "/LBody"
    assert body["K"] == [first.reference, second.reference]
    assert first["P"] == second["P"] == body.reference
    assert body["P"] == item.reference


def test_a_sound_list_item_is_left_alone() -> None:
    pdf = pydyf.PDF()
    label, body = element(pdf, "/Lbl", [0]), element(pdf, "/LBody", [1])
    item = element(pdf, "/LI", [label.reference, body.reference])
    mend(pdf)
    assert item["K"] == [label.reference, body.reference]


def test_links_into_the_report_are_read_out_by_name() -> None:
    pdf = pydyf.PDF()
    links = [
        pydyf.Dictionary({"Type": "/Annot", "Subtype": "/Link", "Dest": pydyf.String(anchor)})
        for anchor in ("cnn-summary", "other")
    ]
    for link in links:
        pdf.add_object(link)
    mend(pdf, names={"cnn-summary": "Table 1"})
    assert [link["Contents"].string for link in links] == ["Table 1", "other"]


def test_formulas_are_tagged_as_such_by_their_text() -> None:
    pdf = pydyf.PDF()
    formula = element(pdf, "/Figure", [0], Alt=pydyf.String("x^2"))
    figure = element(pdf, "/Figure", [1], Alt=pydyf.String("Loss falls"))
    mend(pdf, formulas={"x^2"})
    assert (formula["S"], figure["S"]) == ("/Formula", "/Figure")
