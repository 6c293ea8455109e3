"""Drawings for print: simpler, and the same picture."""

import re
from xml.etree import ElementTree

import pytest

from reportgen.document import fonts, vector
from tests.document.samples import SVG

NAMESPACE = "{http://www.w3.org/2000/svg}"


def test_size_is_the_view_box() -> None:
    assert vector.size(SVG) == (160, 80)


def test_groups_that_say_nothing_are_dissolved() -> None:
    kinds = [child.tag.removeprefix(NAMESPACE) for child in vector.prepared(SVG)]
    assert kinds == ["title", "rect", "text", "text"]
    kept = vector.prepared(SVG.replace("<g><g>", '<g transform="scale(2)"><g>'))
    assert kept.find(f"{NAMESPACE}g") is not None


def test_centred_and_flush_texts_get_their_place() -> None:
    centred, flush = vector.prepared(SVG).iter(f"{NAMESPACE}text")
    assert centred.get("text-anchor") == flush.get("text-anchor") == "start"
    width = 2 * (80 - float(centred.attrib["x"]))
    assert width == pytest.approx(21.5, abs=1)
    assert float(flush.attrib["x"]) < 150 - 20


def test_text_in_an_unknown_font_is_left_alone() -> None:
    root = vector.prepared(SVG.replace("Source Serif Pro", "Nonesuch"))
    assert {text.get("text-anchor") for text in root.iter(f"{NAMESPACE}text")} == {"middle", "end"}


def test_inherited_anchors_count() -> None:
    svg = re.sub(r' text-anchor="\w+"', "", SVG).replace("viewBox", 'text-anchor="end" viewBox', 1)
    moved = [float(text.attrib["x"]) for text in vector.prepared(svg).iter(f"{NAMESPACE}text")]
    assert moved[0] < 80 - 15


def test_prepared_drawings_are_deterministic() -> None:
    assert ElementTree.tostring(vector.prepared(SVG)) == ElementTree.tostring(vector.prepared(SVG))


@pytest.mark.parametrize(
    ("family", "bold", "italic", "name"),
    [
        ("Source Serif Pro", False, False, "SourceSerifPro-Regular.ttf"),
        ("Source Serif Pro", True, True, "SourceSerifPro-SemiboldIt.ttf"),
        ("Source Sans Pro", False, True, "SourceSansPro-It.ttf"),
        ("Nonesuch", False, False, None),
    ],
)
def test_every_face_has_its_file(family: str, bold: bool, italic: bool, name: str | None) -> None:
    assert fonts.file_of(family, bold=bold, italic=italic) == name
    if name:
        path = fonts.path(name)
        assert path is not None
        assert path.read_bytes()[:4] == b"\0\1\0\0"


@pytest.mark.parametrize(
    "name", ["../x.ttf", "nosuch.ttf", "SourceSerifPro-Regular", "/etc/passwd", "DejaVuSans.afm"]
)
def test_only_fonts_of_the_packages_are_served(name: str) -> None:
    assert fonts.path(name) is None


def test_fonts_that_templates_name_are_there() -> None:
    from tests.document.samples import TEMPLATES

    named = re.findall(r"reportgen:fonts/([^\"')]+)", (TEMPLATES / "base" / "fonts.css").read_text())
    assert len(named) >= 8
    assert all(fonts.path(name) for name in named)
