"""The layout of a page reaches nothing but the page's own assets."""

import base64
import io
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from reportgen.document import page, pdf
from reportgen.document.assets import SCHEME, Assets
from reportgen.errors import RenderError
from tests.document import samples
from tests.document.text.test_images import raster

METADATA = pdf.Metadata(datetime(2024, 3, 1, 12, tzinfo=UTC))

HOSTILE = {
    "img file": '<img src="file:///etc/passwd" alt="x">',
    "img path": '<img src="/etc/passwd" alt="x">',
    "img http": '<img src="http://127.0.0.1:9/x.png" alt="x">',
    "img data svg": '<img alt="x" src="data:image/svg+xml,%3Csvg%3E%3C/svg%3E">',
    "img other asset": '<img src="reportgen:nosuch.png" alt="x">',
    "img font traversal": '<img src="reportgen:fonts/../../../etc/passwd" alt="x">',
    "img style traversal": '<img src="reportgen:style/../secret" alt="x">',
    "object": '<object data="file:///etc/passwd"></object>',
    "embed": '<embed src="file:///etc/passwd">',
    "style sheet": '<link rel="stylesheet" href="file:///etc/passwd">',
    "style sheet http": '<link rel="stylesheet" href="https://127.0.0.1:9/x.css">',
    "import": "<style>@import url(file:///etc/passwd);</style>",
    "import string": '<style>@import "http://127.0.0.1:9/x.css";</style>',
    "font": '<style>@font-face{font-family:x;src:url("file:///etc/passwd")}p{font-family:x}</style><p>x',
    "background": '<p style="background:url(file:///etc/passwd)">x</p>',
    "list image": '<ul><li style="list-style-image:url(file:///etc/passwd)">x</li></ul>',
    "content": "<style>p::before{content:url(file:///etc/passwd)}</style><p>x</p>",
    "border image": '<p style="border:1px solid;border-image:url(http://127.0.0.1:9/x) 1">x</p>',
    "attachment link": '<link rel="attachment" href="file:///etc/passwd">',
    "attachment anchor": '<a rel="attachment" href="file:///etc/passwd">x</a>',
    "base": '<base href="file:///etc/"><img src="passwd" alt="x">',
    "inline svg image": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title>'
    '<image href="file:///etc/passwd" width="9" height="9"/></svg>',
    "inline svg use": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title>'
    '<use href="file:///etc/passwd#x"/></svg>',
    "profile": "<style>@color-profile --x{src:url(file:///etc/passwd)}p{color:color(--x 0 0 0)}</style><p>x",
}


@pytest.mark.parametrize("inside", HOSTILE.values(), ids=HOSTILE)
def test_a_page_reaches_nothing_but_its_assets(inside: str) -> None:
    html = f'<html lang="en"><head><title>x</title></head><body>{inside}</body></html>'
    try:
        made = pdf.write(html, Assets({}), metadata=METADATA)
    except RenderError as error:
        assert "not part of the report" in str(error) or "relative" in str(error).lower()
    else:
        opened = pikepdf.open(io.BytesIO(made))
        assert not opened.attachments
        assert b"root:" not in b"".join(_contents(opened))


def test_a_picture_in_a_drawing_is_printed_pixel_by_pixel() -> None:
    """As matplotlib's imshow writes it: PDF/A forbids a viewer to smooth it."""
    data = base64.b64encode(raster("PNG")).decode()
    image = f'<image href="data:image/png;base64,{data}" width="9" height="9"/>'
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{image}</svg>'
    for name in ("figures/a.svg", "own/a.svg"):
        inside = f'<img src="{SCHEME}:{name}" alt="x">'
        html = f'<html lang="en"><head><title>x</title></head><body>{inside}</body></html>'
        made = pdf.write(html, Assets({name: drawing.encode()}), metadata=METADATA)
        opened = pikepdf.open(io.BytesIO(made))
        (picture,) = [thing for thing in opened.objects if thing.get("/Subtype") == "/Image"]
        assert not picture.Interpolate


def _contents(opened: pikepdf.Pdf) -> list[bytes]:
    return [thing.read_bytes() for thing in opened.objects if isinstance(thing, pikepdf.Stream)]


def test_a_style_sheet_that_reaches_out_is_named_with_its_line(tmp_path: Path) -> None:
    templates = samples.copied_templates(tmp_path)
    style = templates / "paper" / "style.css"
    lines = style.read_text().split("\n")
    style.write_text("\n".join([*lines, "p { background: url('http://127.0.0.1:9/spy.png') }"]))
    report, answers = samples.report({"q1": "x"}, templates=templates)
    made = page.assemble(report, answers, {})
    with pytest.raises(RenderError) as caught:
        pdf.write(made.html, made.assets, metadata=METADATA)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("templates/paper/style.css", len(lines) + 1)
