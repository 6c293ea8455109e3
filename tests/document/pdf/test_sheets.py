"""Sheets: what is kept is what was laid out."""

from hypothesis import given
from hypothesis import strategies as st

from reportgen.document.pdf.sheets import Hole, Sheets, Thing

BYTES = st.text(st.characters(max_codepoint=255), max_size=9)
HOLES = st.one_of(
    st.integers(0, 99),
    st.sampled_from(["pages", "tags", "fonts", "colors"]),
    st.lists(st.integers(0, 99), min_size=1, max_size=1),
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def things(draw: st.DrawFn) -> Thing:
    holes: list[Hole] = draw(st.lists(HOLES, max_size=4))  # type: ignore[arg-type]
    texts = draw(st.lists(BYTES, min_size=len(holes) + 1, max_size=len(holes) + 1))
    return Thing(tuple(texts), tuple(holes), draw(st.none() | st.binary(max_size=9)))


SHEETS = st.builds(
    Sheets,
    things=st.lists(things(), max_size=4).map(tuple),
    pages=st.lists(st.integers(0, 99)).map(tuple),
    tags=st.lists(st.integers(0, 99)).map(tuple),
    marked=st.lists(st.integers(0, 99) | st.lists(st.integers(0, 99)).map(tuple)).map(tuple),
    anchors=st.dictionaries(st.text(), st.tuples(st.integers(0, 99), NUMBERS, NUMBERS)),
    bookmarks=st.lists(
        st.lists(
            st.tuples(
                st.integers(1, 6), st.text(), st.tuples(NUMBERS, NUMBERS), st.sampled_from(["open", "closed"])
            )
        ).map(tuple)
    ).map(tuple),
    heights=st.lists(NUMBERS).map(tuple),
    faces=st.dictionaries(st.text(), st.tuples(st.text(), st.integers(1, 1000), st.integers(0, 2))),
    glyphs=st.dictionaries(
        st.text(), st.dictionaries(st.integers(0, 65535), st.tuples(st.text(), st.integers(0, 2000)))
    ),
    about=st.dictionaries(st.text(), st.none() | st.text() | st.lists(st.text())),
)


@given(SHEETS)
def test_sheets_come_back_as_they_were(sheets: Sheets) -> None:
    assert Sheets.from_bytes(sheets.to_bytes()) == sheets


@given(SHEETS)
def test_the_same_sheets_are_the_same_bytes(sheets: Sheets) -> None:
    assert Sheets.from_bytes(sheets.to_bytes()).to_bytes() == sheets.to_bytes()
