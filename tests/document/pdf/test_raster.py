"""Drawings as pixels: how large they are, and that their text is there."""

import io

import pytest
from PIL import Image

from reportgen import themes
from reportgen.document.pdf import raster
from reportgen.errors import RenderError
from tests.document import samples

FONTS = (themes.FOLDER / "base/fonts.css").read_bytes()


def test_a_drawing_keeps_its_size_and_its_text() -> None:
    picture = Image.open(io.BytesIO(raster.png(samples.SVG.encode(), FONTS)))
    assert abs(picture.width - 160 / 72 * raster.DPI) <= 2
    assert picture.info["dpi"] == pytest.approx((raster.DPI, raster.DPI), abs=0.1)
    scale = picture.width / 160
    word = picture.crop((int(60 * scale), int(66 * scale), int(100 * scale), int(78 * scale)))
    assert min(word.convert("L").tobytes()) < 60
    assert picture.getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("head", "size"),
    [('width="9" height="8mm"', ("9px", "8mm")), ('viewBox="0 0 9 8.5"', ("9px", "8.5px"))],
)
def test_a_size_may_be_said_in_several_ways(head: str, size: tuple[str, str]) -> None:
    assert raster._size(f'<svg xmlns="x" {head}><rect width="1" height="2"/></svg>') == size


def test_one_without_a_size_is_refused() -> None:
    with pytest.raises(RenderError, match="neither width and height nor"):
        raster._size('<svg width="100%"><rect width="1" height="2"/></svg>')
