import inspect
import re
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from reportgen import figures
from reportgen.figures import Figure, Look, ShownModel, with_narrow
from reportgen.figures.style import PLAIN
from tests.factories import CIFAR10, make_fitted, make_numbers, make_record
from tests.figures.reading import Element, tree
from tests.figures.test_svg import MAKERS
from tests.several import LABELS, TARGETS, make_labels, make_targets

Maker = Callable[[str, Look], Figure]
FOREST = make_fitted()
VARIED = [make_record("cnn", seed=seed) for seed in (1, 2, 3)]
OTHERS: dict[str, Maker] = {
    "fitted": lambda title, look: figures.evaluation_image(ShownModel(title, (FOREST,), CIFAR10), look=look),
    "roc": lambda title, look: figures.roc(
        ShownModel(title, (make_record("cnn", classes=2),), ("no", "yes")), look
    ),
    "variation": lambda title, look: figures.variation(
        [ShownModel(title, (record,)) for record in VARIED], title, "learning rate", [0.1, 0.01, 0.001], look
    ),
    "predictions": lambda title, look: figures.predictions(ShownModel(title, (make_numbers(),)), look),
    "trained to predict": lambda title, look: figures.evaluation_image(
        ShownModel(title, (make_numbers(),)), look=look
    ),
    "targets": lambda title, look: figures.evaluation_image(
        ShownModel(title, (make_targets(),), TARGETS), look=look
    ),
    "labels": lambda title, look: figures.evaluation_image(
        ShownModel(title, (make_labels(),), LABELS), look=look
    ),
    "ROC of labels": lambda title, look: figures.roc(ShownModel(title, (make_labels(),), LABELS), look),
}
PHONE = 358  # CSS pixels of a phone's 390 that a page has for a figure
SMALLEST = 8.0  # of them, for letters


@pytest.fixture(params=MAKERS | OTHERS)
def maker(request: pytest.FixtureRequest) -> Maker:
    return (MAKERS | OTHERS)[request.param]


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


def test_every_figure_is_held_to_it() -> None:
    drawn = {
        name
        for name in figures.__all__
        if inspect.isfunction(draw := getattr(figures, name))
        and (look := inspect.signature(draw).parameters.get("look"))
        and look.default is PLAIN
    }
    assert {"comparison", "roc", "predictions"} <= drawn
    assert drawn <= MAKERS.keys() | OTHERS.keys()
