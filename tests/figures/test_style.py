"""Colours that survive grey and colour-blind readers, fonts that are there, words in every language."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen import locales
from reportgen.errors import RenderError
from reportgen.figures import style
from reportgen.figures.words import words

COLOURS = st.tuples(*[st.integers(0, 255)] * 3).map(lambda parts: "#" + bytes(parts).hex())


def lightness(colour: str) -> float:
    return 116 * float(np.cbrt(style.luminance(colour))) - 16


@settings(deadline=None)
@given(COLOURS)
def test_ink_stands_out_on_any_colour(colour: str) -> None:
    assert style.contrast(style.ink_on(colour), colour) >= 4.5


def test_the_map_falls_evenly_in_lightness() -> None:
    falls = [lightness(one) - lightness(other) for one, other in pairwise(style.ramp())]
    assert min(falls) > 0.8
    assert max(falls) < 1.4


def test_text_colours_are_readable_on_paper() -> None:
    for ink in (style.INK, style.MUTED, style.BLUE, style.RUST):
        assert style.contrast(ink, style.PAPER) >= 4.5


def test_fonts_are_found_and_the_semibold_is_another() -> None:
    regular, bold = style.font_file("Source Serif Pro"), style.font_file("Source Serif Pro", bold=True)
    assert regular.exists()
    assert bold.exists()
    assert regular != bold


@pytest.mark.parametrize("family", ["No Such Serif", "DejaVu Sans", "STIXGeneral"])
def test_another_family_is_measured_with_one_that_is_there(family: str) -> None:
    assert style.font_file(family).exists()
    assert style.font_file(family, bold=True).exists()
    assert style.text_width("text", 8, family) > 0


def test_width_is_proportional_to_size() -> None:
    assert style.text_width("Accuracy", 20) == pytest.approx(2 * style.text_width("Accuracy", 10), rel=0.02)


def test_shortened_text_fits() -> None:
    assert style.shortened("automobile", 100, 7) == "automobile"
    cut = style.shortened("automobile", 20, 7)
    assert cut.endswith("…")
    assert style.text_width(cut, 7) <= 20
    assert style.shortened("automobile", 0, 7) == "…"


def test_a_narrow_space_is_half_as_wide_as_a_space() -> None:
    wide, narrow = (style.text_width(f"12{space}000", 10) for space in " \N{NARROW NO-BREAK SPACE}")
    assert wide - narrow == pytest.approx(style.text_width(" ", 10) / 2)


@pytest.mark.parametrize("language", locales.known())
@pytest.mark.parametrize("family", ["Source Serif Pro", "Source Sans Pro"])
def test_the_fonts_have_the_letters_of_every_language(language: str, family: str) -> None:
    for value in locales.table(language, "figures").values():
        for text in (value,) if isinstance(value, str) else value:
            assert style.text_width(text, 8, family) > 0


def test_numbers_in_words() -> None:
    english, swedish, french = words("en-GB"), words("sv-FI"), words("fr")
    assert english.counted(english.epochs, 1) == "1 epoch"
    assert swedish.counted(swedish.parameters, 12_523_266) == "12\u00a0523\u00a0266 parametrar"
    assert [english.counted(english.epochs, n) for n in (0, 1, 2)] == ["0 epochs", "1 epoch", "2 epochs"]
    assert [french.counted(french.epochs, n) for n in (0, 1, 2)] == ["0 époque", "1 époque", "2 époques"]
    assert english.ticks((0.8, 1.0, 1.25)) == ["0.80", "1.00", "1.25"]
    assert english.ticks((20.0, 40.0)) == ["20", "40"]


def test_a_letter_that_no_font_has_is_named() -> None:
    with pytest.raises(RenderError, match=r"'cat 🐱' can't be drawn: .* has no '🐱' \(U\+1F431\) \(write it"):
        style.text_width("cat 🐱", 8)
