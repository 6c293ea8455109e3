"""The press: what was laid out before is used again only where it would come out the same."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from reportgen.artifacts import Addressed
from reportgen.document.assets import Assets
from reportgen.document.pdf.press import Press
from reportgen.errors import RenderError
from tests.kept import Kept

FONTS = (
    b'@font-face { font-family: "Source Serif Pro"; src: url("reportgen:fonts/SourceSerifPro-Regular.ttf"); }'
)
STYLE = FONTS + b' * { font-family: "Source Serif Pro" }'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M 0 0 L 9 9"/></svg>'
FILES = {"style/a.css": STYLE, "figures/a.svg": SVG, "figures/b.svg": SVG}
IMAGE = '<img src="reportgen:figures/a.svg" alt="a">'


def page(body: str) -> str:
    return (
        '<html lang="en"><head><title>T</title>\n<link rel="stylesheet" href="reportgen:style/a.css">\n'
        f"</head><body>{body}</body></html>"
    )


def press(kept: Kept, files: Mapping[str, bytes] = FILES, formulas: frozenset[str] = frozenset()) -> Press:
    return Press(Assets(files), formulas, kept)


def key(press: Press, html: str, first: int) -> tuple[object, ...]:
    """Return what the sheets of a part are kept under."""
    found: list[tuple[object, ...]] = []

    def keep(make: Callable[..., bytes], *values: object) -> bytes:
        found.append((make, *(each.digest if isinstance(each, Addressed) else each for each in values)))
        raise InterruptedError

    press.keep = keep
    with pytest.raises(InterruptedError):
        press.sheets(html, first)
    return found[0]


@pytest.mark.parametrize(
    ("body", "first", "files", "formulas"),
    [
        ("other", 1, FILES, frozenset()),
        (IMAGE, 2, FILES, frozenset()),
        (IMAGE, 1, FILES | {"style/a.css": STYLE + b" "}, frozenset()),
        (IMAGE, 1, FILES | {"figures/a.svg": SVG + b" "}, frozenset()),
        (IMAGE, 1, FILES, frozenset(["reportgen"])),
    ],
    ids=["text", "number of the page", "style", "image", "formulas"],
)
def test_what_decides_the_look_makes_a_new_key(
    body: str, first: int, files: dict[str, bytes], formulas: frozenset[str]
) -> None:
    before = key(press(Kept()), page(IMAGE), 1)
    assert key(press(Kept(), files, formulas), page(body), first) != before


def test_another_parts_formula_does_not() -> None:
    before = key(press(Kept()), page(IMAGE), 1)
    assert key(press(Kept(), formulas=frozenset(["x^2"])), page(IMAGE), 1) == before


def test_another_parts_image_does_not() -> None:
    before = key(press(Kept()), page(IMAGE), 1)
    assert key(press(Kept(), FILES | {"figures/b.svg": SVG + b" "}), page(IMAGE), 1) == before


@pytest.mark.parametrize("url", ['url("{}")', "url({})", "url( '{}' )", "url(\n{} )"])
def test_a_fonts_file_is_part_of_the_key(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quoted = b'url("reportgen:fonts/SourceSerifPro-Regular.ttf")'
    style = STYLE.replace(quoted, url.format(quoted.decode()[5:-2]).encode())
    files = FILES | {"style/a.css": style}
    before = key(press(Kept(), files), page("x"), 1)
    read = Assets.__getitem__
    monkeypatch.setattr(
        Assets, "__getitem__", lambda self, name: read(self, name) + b" " * name.endswith(".ttf")
    )
    assert key(press(Kept(), files), page("x"), 1) != before


def test_what_goes_wrong_is_not_kept() -> None:
    kept = Kept()
    for _ in range(2):
        with pytest.raises(RenderError, match="alt description"):
            press(kept).sheets(page('<img src="reportgen:figures/a.svg">'), 1)


def test_a_letter_that_no_font_has_is_refused() -> None:
    """A character of the private use area: a PDF/A may not show a box in its place."""
    with pytest.raises(RenderError, match=r"“1 Data”: no font here has .* \(U\+F0000\) \(write something"):
        press(Kept()).sheets(page("<h2><span>1</span> Data</h2> &#xF0000;"), 1)


@pytest.mark.parametrize(("family", "again"), [("Source Serif Pro", False), ("serif", True)])
def test_what_fonts_of_the_machine_have_set_is_set_again(family: str, again: bool) -> None:
    """The machine may have other fonts by then; the report's own are part of the key."""
    kept, html = Kept(), page(f"<p style='font-family: {family}'>x</p>")
    first = press(kept).sheets(html, 1)
    (key,) = kept
    kept[key] = replace(first, about={"title": "kept"}).to_bytes()
    assert press(kept).sheets(html, 1).about["title"] == ("T" if again else "kept")
