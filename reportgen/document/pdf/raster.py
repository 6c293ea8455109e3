"""Render drawings as pixels, for formats that take no vector graphics."""

import io
import re

import pypdfium2
import weasyprint

from reportgen.artifacts import Keep, directly
from reportgen.document.assets import SCHEME, Assets, address
from reportgen.document.limits import limited
from reportgen.document.pdf.fetching import Fetcher
from reportgen.document.pdf.settings import strictly, temporary
from reportgen.errors import RenderError

DPI = 220
LARGEST = 2_000  # CSS pixels on a side
_FONTS, _DRAWING = "style/fonts.css", "figures/drawing.svg"
_SIZE = re.compile(r'\s(width|height)="([\d.]+)(pt|px|mm|cm|in)?"')
_VIEW = re.compile(r'\sviewBox="[\d.-]+[ ,]+[\d.-]+[ ,]+([\d.]+)[ ,]+([\d.]+)"')


def png(svg: bytes, fonts: bytes, keep: Keep = directly) -> bytes:
    """Return a drawing as a PNG that knows how large it is in print.

    Parameters
    ----------
    fonts : bytes
        The style sheet that declares the fonts of its text.
    keep : callable
        Keeps it for another time.

    Raises
    ------
    RenderError
        If it can't be drawn.
    """
    return keep(_drawn, svg, fonts)


def _drawn(svg: bytes, fonts: bytes) -> bytes:
    width, height = _size(svg.decode("utf-8", "replace"))
    page = (
        f"<style>@page {{ margin: 0; size: {width} {height} }} html, body {{ margin: 0 }} "
        f"img {{ display: block; width: {width}; height: {height} }}</style>"
        f'<link rel="stylesheet" href="{address(_FONTS)}"><img src="{address(_DRAWING)}">'
    )
    fetcher = Fetcher(Assets({_DRAWING: svg, _FONTS: fonts}))
    with limited("drawing a figure as pixels"), strictly(), temporary():
        html = weasyprint.HTML(string=page, base_url=f"{SCHEME}:", url_fetcher=fetcher)
        document = pypdfium2.PdfDocument(html.write_pdf())
        try:
            picture = document[0].render(scale=DPI / 72).to_pil()
        finally:
            document.close()
    file = io.BytesIO()
    picture.convert("RGB").save(file, "PNG", dpi=(DPI, DPI), optimize=True)
    return file.getvalue()


def _size(svg: str) -> tuple[str, str]:
    """Return width and height of a drawing as CSS lengths."""
    head = svg[: svg.find(">", svg.find("<svg")) + 1]
    given = {name: f"{number}{unit or 'px'}" for name, number, unit in _SIZE.findall(head)}
    if len(given) == 2:
        return given["width"], given["height"]
    view = _VIEW.search(head)
    if view is None or max(map(float, view.groups())) > LARGEST:
        raise RenderError("a drawing has neither width and height nor a viewBox of a usual size")
    return f"{view[1]}px", f"{view[2]}px"
