"""A page is cut into blocks, refers to addresses by digest alone, and brings no styles of its own."""

import pytest

from reportgen.document.assets import Assets
from reportgen.document.labels import labels
from reportgen.document.numbering import Numbering
from reportgen.document.page import Page
from reportgen.preview.screen import Screens, blocks

HEAD = (
    '<!DOCTYPE html><html lang="sv"><head><title>A &amp; B</title>'
    '<link rel="stylesheet" href="reportgen:style/a.css"><style>p { color: red }</style></head>'
)
FILES = {
    "style/a.css": b'@font-face { src: url("reportgen:own/f.png") }',
    "own/f.png": b"png",
    "figures/x.svg": b"<svg/>",
}


def page(body: str, **files: bytes) -> Page:
    html = f'{HEAD}<body class="short">{body}</body></html>'
    return Page(html, Assets({**FILES, **files}), Numbering(labels("en")))


def test_a_screen_of_a_page() -> None:
    screens = Screens()
    found = screens.make(page('<p id="a"><img src="reportgen:figures/x.svg" alt="x"></p>'), {})
    assert (found.language, found.title, found.classes) == ("sv", "A & B", "short")
    (address,) = [each for each in screens.assets if each.endswith("/x.svg")]
    assert found.blocks == {"#a": f'<p id="a"><img src="{address}" alt="x"></p>'}
    sheets = [screens.assets[each].data.decode() for each in found.sheets]
    assert sheets[0].startswith('@font-face { src: url("/asset/')
    assert sheets[1] == "p { color: red }"
    again = screens.make(page('<p id="a"><img src="reportgen:figures/x.svg" alt="y"></p>'), {})
    assert again.sheets == found.sheets
    assert address in again.blocks["#a"]


def test_a_style_of_a_tag_moves_into_a_sheet() -> None:
    screens = Screens()
    found = screens.make(page('<p style="width:2em">style="x" in words</p>'), {})
    (block,) = found.blocks.values()
    assert "style=" not in block.replace('style="x" in words', "").replace("data-style=", "")
    assert b"{width:2em}" in screens.assets[found.sheets[-1]].data


def test_claims_are_marked_by_their_verdicts() -> None:
    claim = '<span class="claim" data-claim="%s">it</span>'
    claim = f"<p>{claim % 'a &gt; 1'} {claim % 'b'}</p>"
    (block,) = Screens().make(page(claim), {"a > 1": "false"}).blocks.values()
    assert 'data-verdict="false" data-claim="a &gt; 1"' in block
    assert 'data-verdict="undecided" data-claim="b"' in block


def test_what_is_not_there_keeps_its_name() -> None:
    (block,) = Screens().make(page('<p><img src="reportgen:figures/y.svg" alt="y"></p>'), {}).blocks.values()
    assert 'src="reportgen:figures/y.svg"' in block


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("", {}),
        ("words", {}),
        ("<p>a</p>\n<p>b</p>", {"p": "<p>a</p>", "p 2": "<p>b</p>"}),
        (
            '<hr><div id="a"><div>x</div><br></div>',
            {"hr": "<hr>", "#a": '<div id="a"><div>x</div><br></div>'},
        ),
        ("<p>ä\r\nö</p>\r\n<p>b</p >", {"p": "<p>ä\r\nö</p>", "p 2": "<p>b</p >"}),
        ("<p>\x0b\x85 a</p><p>b</p>", {"p": "<p>\x0b\x85 a</p>", "p 2": "<p>b</p>"}),
        ("<ul><li>a<li>b</ul><p>c</p>", {"ul": "<ul><li>a<li>b</ul>", "p": "<p>c</p>"}),
        ("</p><p>a</p>", {"p": "<p>a</p>"}),
    ],
)
def test_blocks(body: str, found: dict[str, str]) -> None:
    assert blocks(body) == found
