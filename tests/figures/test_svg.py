"""What every figure has in common once it leaves the room."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from reportgen import locales
from reportgen.datasets.types import Split
from reportgen.errors import RenderError
from reportgen.figures import (
    Figure,
    Look,
    ShownModel,
    accuracy_by_seed,
    architecture,
    augmented,
    comparison,
    confusion_difference,
    efficiency,
    evaluation_image,
    filters,
    importance,
    learning_curves,
    learning_rate_curve,
    mistakes,
    per_class,
    reliability,
    samples,
)
from reportgen.figures.style import PLAIN, text_width
from reportgen.figures.svg import finish
from tests.factories import CIFAR10, make_record
from tests.figures.reading import ids, text_sizes, texts, tree

RECORDS = (make_record("cnn"),)
IMAGES = np.random.default_rng(5).integers(0, 256, (1000, 8, 8, 3), np.uint8)
LABELS = (np.arange(1000) % 10).astype(np.uint8)
KERNEL = np.ones((5, 5, 3, 32), np.float32)
SHEET = IMAGES[:14].reshape(2, 7, 8, 8, 3)
AWKWARD = "R&D <b>'net'</b> $x_1$ \"é\" \\alpha"


def _two(title: str) -> list[ShownModel]:
    return [ShownModel(title, RECORDS, CIFAR10), ShownModel("FC", RECORDS, CIFAR10)]


MAKERS: dict[str, Callable[[str, Look], Figure]] = {
    "evaluation_image": lambda title, look: evaluation_image(ShownModel(title, RECORDS, CIFAR10), look=look),
    "comparison": lambda title, look: comparison([ShownModel(title, RECORDS)], look),
    "learning_curves": lambda title, look: learning_curves([ShownModel(title, RECORDS)], look),
    "confusion_difference": lambda title, look: confusion_difference(*_two(title), look),
    "accuracy_by_seed": lambda title, look: accuracy_by_seed(_two(title), look),
    "learning_rate_curve": lambda title, look: learning_rate_curve(ShownModel(title, RECORDS), look),
    "efficiency": lambda title, look: efficiency([ShownModel(title, RECORDS)], look),
    "reliability": lambda title, look: reliability(ShownModel(title, RECORDS), look),
    "importance": lambda title, look: importance(
        ShownModel(title, (replace(RECORDS[0], importance={"length": (0.1, 0.2), "colour": (0.0, -0.1)}),)),
        look,
    ),
    "per_class": lambda title, look: per_class(ShownModel(title, RECORDS, CIFAR10), look),
    "samples": lambda title, look: samples(title, CIFAR10, Split(IMAGES, LABELS), look),
    "augmented": lambda title, look: augmented(
        ShownModel(title, RECORDS, CIFAR10), "flip", (SHEET, (3, 5)), look
    ),
    "filters": lambda title, look: filters(ShownModel(title, RECORDS), KERNEL, look),
    "mistakes": lambda title, look: mistakes(ShownModel(title, RECORDS, CIFAR10), IMAGES, look),
    "architecture": lambda title, look: architecture(ShownModel(title, RECORDS), look),
}


@pytest.fixture(params=MAKERS)
def maker(request: pytest.FixtureRequest) -> Callable[[str, Look], Figure]:
    return MAKERS[request.param]


def test_vectors_text_and_images_of_the_data_only(maker: Callable[[str, Look], Figure]) -> None:
    figure = maker("CNN", PLAIN)
    tags = {element.tag for element in tree(figure).iter()}
    assert tags <= {"svg", "title", "path", "rect", "text", "image"}
    assert "text" in tags or "image" in tags
    assert all(e.attrib["image-rendering"] == "pixelated" for e in tree(figure).iter("image"))
    assert "url(" not in figure.svg
    assert "style=" not in figure.svg


def test_the_family_is_the_reports(maker: Callable[[str, Look], Figure]) -> None:
    figure = maker("CNN", Look(family="Source Sans Pro"))
    assert tree(figure).attrib["font-family"] == "'Source Sans Pro', sans-serif"
    assert figure.svg.count("font-family") == 1


def test_text_is_large_enough_to_read_in_print(maker: Callable[[str, Look], Figure]) -> None:
    figure = maker("CNN", PLAIN)
    width = float(tree(figure).attrib["width"].removesuffix("pt"))
    assert width == pytest.approx(16 / 2.54 * 72, abs=0.1)
    assert min(text_sizes(figure), default=7) >= 6.5


def test_alt_is_the_title_element_and_comes_first(maker: Callable[[str, Look], Figure]) -> None:
    figure = maker("CNN", PLAIN)
    root = tree(figure)
    assert root.attrib["role"] == "img"
    assert root[0].tag == "title"
    assert root[0].text == figure.alt
    assert root.attrib["aria-labelledby"] == root[0].attrib["id"]
    assert figure.alt.endswith(".")
    assert figure.caption.endswith(".")


def test_titles_are_only_text(maker: Callable[[str, Look], Figure]) -> None:
    figure = maker(AWKWARD, PLAIN)
    assert AWKWARD in figure.alt or AWKWARD in " ".join(texts(figure))
    assert "b" not in {element.tag for element in tree(figure).iter()}


def test_ids_of_different_figures_differ() -> None:
    figures = [make("CNN", PLAIN) for make in MAKERS.values()] + [MAKERS["evaluation_image"]("FC", PLAIN)]
    everything = [identifier for figure in figures for identifier in ids(figure)]
    assert len(everything) == len(set(everything)) == len(figures)


def test_texts_begin_where_they_are_and_say_how_long_they_are(maker: Callable[[str, Look], Figure]) -> None:
    for element in tree(maker("CNN", PLAIN)).iter("text"):
        size, bold = float(element.attrib["font-size"]), "font-weight" in element.attrib
        assert "text-anchor" not in element.attrib
        width = text_width(element.text or "", size, bold=bold)
        assert float(element.attrib["textLength"]) == pytest.approx(width, abs=0.006)
        assert element.attrib["lengthAdjust"] == "spacingAndGlyphs"  # else wider letters would overlap


def test_same_input_same_bytes(maker: Callable[[str, Look], Figure]) -> None:
    assert maker("CNN", PLAIN) == maker("CNN", PLAIN)


@pytest.mark.parametrize("language", sorted({*locales.known()} - {"en"}))
def test_in_other_languages(maker: Callable[[str, Look], Figure], language: str) -> None:
    english, other = maker("CNN", PLAIN), maker("CNN", Look(language))
    assert english.alt != other.alt
    assert english.caption != other.caption


def test_known_by_its_records(maker: Callable[[str, Look], Figure]) -> None:
    assert set(maker("CNN", PLAIN).sources) <= {RECORDS[0].key}


def test_goes_through_bytes(maker: Callable[[str, Look], Figure]) -> None:
    figure = maker("Fåglar", Look("sv"))
    assert Figure.from_bytes(figure.to_bytes()) == figure


def raw(inner: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 5">{inner}</svg>'


@pytest.mark.parametrize("inner", ["<image/>", "<g><script/></g>", "<a><path/></a>", "<foreignObject/>"])
def test_nothing_else_passes(inner: str) -> None:
    with pytest.raises(RenderError, match=r"must not hold <(image|script|a|foreignObject)>"):
        finish(raw(inner), "alt", PLAIN)


@pytest.mark.parametrize("hint", ["transform='scale(2)'", "opacity='.5'", "style='fill: red'"])
def test_groups_that_change_what_they_hold_are_refused(hint: str) -> None:
    with pytest.raises(RenderError, match="<g>"):
        finish(raw(f"<g {hint}><path d='M0 0'/></g>"), "alt", PLAIN)


def test_styles_become_attributes_and_numbers_short() -> None:
    inner = "<path d='M1.23456 -0.001L2.5 3e-05' style='fill: none; stroke-linejoin: round'/>"
    made = finish(raw(inner), "alt", PLAIN)
    assert '<path d="M1.23 0L2.5 3e-05" fill="none" />' in made


def test_style_sheets_groups_and_ids_go() -> None:
    inner = "<defs><style>*{fill:red}</style></defs><g id='a'><g><path id='b' d='M0 0'/></g></g><!-- note -->"
    assert finish(raw(inner), "alt", PLAIN).endswith('</title><path d="M0 0" /></svg>')


def test_symbols_are_drawn_where_they_are_used() -> None:
    link = "xmlns:l='http://www.w3.org/1999/xlink' l:href='#m'"
    inner = f"<defs><path id='m' d='M0 0L2 0'/></defs><use {link} x='3' y='4.000001' style='fill: red'/>"
    assert '<path fill="red" d="M0 0L2 0" transform="translate(3 4)" />' in finish(raw(inner), "alt", PLAIN)


@pytest.mark.parametrize(("anchor", "share"), [("start", 0.0), ("middle", 0.5), ("end", 1.0)])
def test_anchored_text_keeps_its_place(anchor: str, share: float) -> None:
    made = finish(raw(f"<text x='50' y='2' font-size='8px' text-anchor='{anchor}'>Loss</text>"), "alt", PLAIN)
    x = re.search(r'<text x="([\d.]+)"', made)
    assert x
    assert float(x[1]) == pytest.approx(50 - share * text_width("Loss", 8), abs=0.01)
