import re
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from reportgen.figures import Figure, Look, with_narrow
from reportgen.figures.style import PLAIN
from tests.figures.reading import Element, tree
from tests.figures.test_svg import maker

__all__ = ["maker"]
Maker = Callable[[str, Look], Figure]
PHONE = 358  # CSS pixels of a phone's 390 that a page has for a figure
SMALLEST = 8.0  # of them, for letters


def narrow(figure: Figure) -> Iterator[tuple[tuple[float, ...], list[Element]]]:
    """Give each piece that a phone shows: left, top, width and height, and its texts."""
    root = tree(figure)
    if parts := root.get("data-parts"):
        for part in parts.split(","):
            left, top, width, height = map(float, part.split())
            inside = [
                text
                for text in root.iter("text")
                if left <= float(text.attrib["x"]) <= left + width
                and top <= float(text.attrib["y"]) <= top + height
            ]
            yield (left, top, width, height), inside
    else:
        (symbol,) = root.iter("symbol")
        assert root.attrib["data-narrow"] == f"#{symbol.attrib['id']}"
        yield tuple(map(float, symbol.attrib["viewBox"].split())), list(symbol.iter("text"))


def test_letters_can_be_read_on_a_phone(maker: Maker) -> None:
    for (_, _, width, _), texts in narrow(with_narrow(partial(maker, "CNN"), PLAIN)):
        assert all(float(text.attrib["font-size"]) * PHONE / width >= SMALLEST for text in texts)


@pytest.mark.parametrize("title", ["CNN", "A network with convolutions, BatchNorm and Dropout"])
def test_no_letter_leaves_what_a_phone_shows(maker: Maker, title: str) -> None:
    for (left, _, width, _), texts in narrow(with_narrow(partial(maker, title), PLAIN)):
        for text in texts:
            if "transform" not in text.attrib:
                begin = float(text.attrib["x"])
                assert left - 0.5 <= begin, text.text
                assert begin + float(text.attrib["textLength"]) <= left + width + 0.5, text.text


def test_the_drawing_for_pages_stays_as_it_is(maker: Maker) -> None:
    drawn, both = maker("CNN", PLAIN), with_narrow(partial(maker, "CNN"), PLAIN)
    plain = re.sub(r' data-narrow="[^"]+"|<defs>.*</defs>', "", both.svg)
    assert plain == drawn.svg
    assert (both.alt, both.caption, both.sources) == (drawn.alt, drawn.caption, drawn.sources)
