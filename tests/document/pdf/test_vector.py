"""Drawings are prepared for print, and the fonts they name are served."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reportgen import themes
from reportgen.document import fonts
from reportgen.document.pdf import vector
from tests.document.samples import SVG

TEXT = "{http://www.w3.org/2000/svg}text"


def test_texts_lose_the_length_that_is_for_browsers() -> None:
    assert "textLength" in SVG
    texts = list(ElementTree.fromstring(vector.prepared(SVG.encode())).iter(TEXT))
    assert [text.text for text in texts] == ["epoch", "63.1 %"]
    assert not any({"textLength", "lengthAdjust"} & text.attrib.keys() for text in texts)


def test_fonts_that_templates_name_are_there() -> None:
    named = re.findall(r"reportgen:fonts/([^\"')]+)", (themes.FOLDER / "base" / "fonts.css").read_text())
    assert len(named) >= 8
    for name in named:
        path = fonts.path(name)
        assert path is not None
        assert path.read_bytes()[:4] == b"\0\1\0\0"


@pytest.mark.parametrize(
    "name", ["../x.ttf", "nosuch.ttf", "SourceSerifPro-Regular", "/etc/passwd", "DejaVuSans.afm", ""]
)
def test_only_fonts_of_the_packages_are_served(name: str) -> None:
    assert fonts.path(name) is None


def test_a_missing_package_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "folder", lambda package, below: None)
    assert fonts.path("SourceSerifPro-Regular.ttf") is None
    monkeypatch.setattr(fonts, "folder", lambda package, below: Path("/nowhere"))
    assert fonts.path("SourceSerifPro-Regular.ttf") is None
