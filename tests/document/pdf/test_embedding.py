"""Fonts: embedded once for all parts, with what each glyph means to the first that uses it."""

from dataclasses import replace

import pytest

from reportgen.document.pdf.embedding import Fonts, embed
from reportgen.document.pdf.press import Press
from reportgen.document.pdf.sheets import Sheets
from reportgen.errors import RenderError
from tests.document.pdf.test_press import Kept, page, press


def laid_out(own: Press, *texts: str) -> list[Sheets]:
    return [own.sheets(page(text), number) for number, text in enumerate(texts, 1)]


def test_fonts_come_back_as_they_were() -> None:
    own = press(Kept())
    fonts = embed(laid_out(own, "ab"), own, page("ab"))
    assert Fonts.from_bytes(fonts.to_bytes()) == fonts
    assert len(fonts.places) == 1


def test_fonts_are_kept_while_the_same_glyphs_are_used() -> None:
    kept = Kept()
    first = press(kept)
    fonts = embed(laid_out(first, "ab", "c"), first, page(""))
    number = len(kept)
    again = press(kept)
    assert embed(laid_out(again, "ba", "cab"), again, page("")) == fonts
    assert len(kept) == number + 2  # the two parts
    more = press(kept)
    assert embed(laid_out(more, "abd"), more, page("")) != fonts


def test_fonts_that_are_kept_are_those_embedded_anew() -> None:
    kept = Kept()
    first = press(kept)
    embed(laid_out(first, "ba", "c"), first, page(""))
    again, anew = press(kept), press(Kept())
    parts = laid_out(again, "c", "ab")
    assert embed(parts, again, page("")) == embed(parts, anew, page(""))


def test_fonts_of_the_machine_are_not_kept() -> None:
    kept = Kept()
    own = press(kept)
    parts = laid_out(own, "<p style='font-family: serif'>x</p>")
    number = len(kept)
    embed(parts, own, page(""))
    assert len(kept) == number


def test_a_font_that_is_another_one_now_is_refused() -> None:
    own = press(Kept())
    (sheets,) = laid_out(own, "ab")
    ((_, face),) = sheets.faces.items()
    glyphs = next(iter(sheets.glyphs.values()))
    changed = replace(sheets, faces={"AAAAAA": face}, glyphs={"AAAAAA": glyphs})
    with pytest.raises(RenderError, match="the font 'Source Serif Pro' is another one than before"):
        embed([changed], own, page(""))
