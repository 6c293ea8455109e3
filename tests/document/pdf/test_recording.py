"""Recordings hold what a drawing needs, and nothing of the page it was first drawn on."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from reportgen.document.pdf.recording import Recording, record

OPERATORS = [
    b"q",
    b"/a0.5 gs",
    b"0 0 1 rg",
    b"0 0 9 9 re",
    b"BT",
    b"/ABCDEF 8 Tf",
    b"[<00010002>-20<0001>] TJ",
    b"ET",
    b"/A1 gs",
    b"Q",
]
FONTS = {
    "ABCDEF": SimpleNamespace(
        family="Source Serif Pro",
        weight=400,
        style=0,
        to_unicode={1: "a", 2: "fi", 3: "z"},
        widths={1: 500, 2: 520, 3: 1},
    ),
    "UNUSED": SimpleNamespace(family="x", weight=400, style=0, to_unicode={}, widths={}),
}


def test_a_recording_names_the_fonts_glyphs_and_states_it_uses() -> None:
    made = record(OPERATORS, FONTS)
    assert made.operators == b"\n".join(OPERATORS)
    assert made.faces == {"ABCDEF": ("Source Serif Pro", 400, 0)}
    assert made.glyphs == {"ABCDEF": {1: ("a", 500), 2: ("fi", 520)}}
    assert made.states == ("a0.5", "A1")


def test_a_recording_comes_back_from_its_bytes() -> None:
    made = record(OPERATORS, FONTS)
    assert Recording.from_bytes(made.to_bytes()) == made
    assert made.to_bytes() == record(OPERATORS, FONTS).to_bytes()


@given(st.binary(max_size=50))
def test_any_operators_survive(operators: bytes) -> None:
    made = Recording(operators, {}, {}, ())
    assert Recording.from_bytes(made.to_bytes()).operators == operators
