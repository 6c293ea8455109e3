"""Authors' own images: what works, and everything that must not."""

import io
from pathlib import Path

import pytest
from PIL import Image as Pillow

from reportgen.document.text import images
from reportgen.errors import InputError

PLAIN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'


def raster(kind: str, mode: str = "RGB") -> bytes:
    data = io.BytesIO()
    Pillow.new(mode, (4, 3)).save(data, kind)
    return data.getvalue()


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    folder = tmp_path / "answers"
    (folder / "plots").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(raster("PNG"))
    return folder


def load(answers: Path, source: str) -> tuple[str, bytes]:
    return images.load(answers, source, "answers/q1.md", 9)


def refused(answers: Path, source: str) -> str:
    with pytest.raises(InputError) as caught:
        load(answers, source)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("answers/q1.md", 9)
    return problem.message


@pytest.mark.parametrize(("kind", "ending"), [("PNG", ".png"), ("JPEG", ".jpg")])
def test_rasters_below_the_answers_work(answers: Path, kind: str, ending: str) -> None:
    data = raster(kind)
    (answers / "plots" / f"a b{ending}").write_bytes(data)
    name, loaded = load(answers, f"plots/a b{ending}")
    assert loaded == data
    assert name.startswith("a-b-")
    assert name.endswith(ending)


def test_an_svg_works(answers: Path) -> None:
    (answers / "a.svg").write_text(PLAIN)
    assert load(answers, "./plots/../a.svg")[1] == PLAIN.encode()


def test_a_printers_jpeg_is_converted(answers: Path) -> None:
    (answers / "a.jpg").write_bytes(raster("JPEG", "CMYK"))
    name, data = load(answers, "a.jpg")
    assert name.endswith(".png")
    assert Pillow.open(io.BytesIO(data)).mode == "RGB"


@pytest.mark.parametrize(
    "source",
    [
        "../secret.png",
        "plots/../../secret.png",
        "/etc/passwd",
        "missing.png",
        "plots",
        "",
        ".",
        "a\0b.png",
        "x" * 5000 + ".png",
        "%2e%2e/secret.png",
    ],
)
def test_files_elsewhere_are_refused(answers: Path, source: str) -> None:
    assert "does not exist below the answers folder" in refused(answers, source)


@pytest.mark.parametrize(
    "source",
    [
        "http://example.org/x.png",
        "https://example.org/x.png",
        "file:///etc/passwd",
        "FILE:/etc/passwd",
        "data:image/svg+xml,<svg/>",
        "//example.org/x.png",
        "reportgen:fonts/x.ttf",
        "ftp://example.org/x.png",
        "jar:file:x",
    ],
)
def test_addresses_are_refused(answers: Path, source: str) -> None:
    assert "is not a file of the report" in refused(answers, source)


def test_a_link_out_of_the_folder_is_refused(answers: Path) -> None:
    (answers / "link.png").symlink_to(answers.parent / "secret.png")
    (answers / "folder").symlink_to(answers.parent)
    assert "does not exist below" in refused(answers, "link.png")
    assert "does not exist below" in refused(answers, "folder/secret.png")


HOSTILE_SVG = {
    "script": "<script>alert(1)</script>",
    "foreignObject": "<foreignObject><p/></foreignObject>",
    "onload": '<rect onload="alert(1)"/>',
    "image": '<image href="file:///etc/passwd"/>',
    "href": '<use href="file:///etc/passwd#x"/>',
    "xlink": '<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="http://e.org/x#y"/>',
    "url": '<rect fill="url(http://e.org/x#y)"/>',
    "url in style": "<rect style=\"fill:url(  'http://e.org/x#y')\"/>",
    "import": "<style>@import url(http://e.org/x.css);</style>",
    "import attribute": '<rect style="@import x"/>',
    "animate": '<animate attributeName="href" to="javascript:x"/>',
    "set": '<set attributeName="href" to="javascript:x"/>',
    "link": '<a href="javascript:alert(1)"><rect/></a>',
    "iframe": "<iframe/>",
    "src": '<rect src="http://e.org/x"/>',
}


@pytest.mark.parametrize("inside", HOSTILE_SVG.values(), ids=HOSTILE_SVG)
def test_an_svg_that_acts_or_reaches_out_is_refused(answers: Path, inside: str) -> None:
    (answers / "a.svg").write_text(PLAIN.replace("</svg>", inside + "</svg>"))
    why = refused(answers, "a.svg")
    assert any(word in why for word in ("'a.svg' holds", "refers to", "has a style sheet that refers"))
    assert not images.is_inert(PLAIN.replace("</svg>", inside + "</svg>"))


@pytest.mark.parametrize(
    "start",
    [
        '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE svg SYSTEM "file:///etc/passwd">',
        '<?xml-stylesheet href="http://e.org/x.css"?>',
    ],
)
def test_an_svg_with_entities_or_a_style_sheet_is_refused(answers: Path, start: str) -> None:
    (answers / "a.svg").write_text(start + PLAIN)
    assert "declares a document type, entities or a style sheet" in refused(answers, "a.svg")


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.svg", b"<svg", "is not valid SVG"),
        ("a.png", b"no image", "can't be read"),
        ("a.png", raster("PNG")[:40], "can't be read"),
        ("a.gif", b"GIF89a", "is not an image that a report can show"),
        ("a.pdf", b"%PDF-1.7", "is not an image that a report can show"),
        ("a.png", b"\0" * 5_000_001, "has more than 5 MB"),
    ],
)
def test_what_is_no_image_is_refused(answers: Path, name: str, data: bytes, why: str) -> None:
    (answers / name).write_bytes(data)
    assert why in refused(answers, name)


def test_a_huge_image_is_refused_before_it_is_unpacked(answers: Path) -> None:
    data = io.BytesIO()
    Pillow.new("1", (10_000, 6_000)).save(data, "PNG")
    (answers / "a.png").write_bytes(data.getvalue())
    assert "has 10000 × 6000 pixels" in refused(answers, "a.png")


def test_a_drawing_may_stand_in_a_page_twice() -> None:
    drawing = '<title id="t">x</title><defs><path id="p"/></defs><use href="#p" clip-path="url(#p)"/>'
    svg = f'<svg aria-labelledby="t">{drawing}</svg>'
    renamed = images.with_own_names(svg, "q1")
    assert renamed == svg.replace('"t"', '"q1-t"').replace('id="p"', 'id="q1-p"').replace("#p", "#q1-p")


def test_what_matplotlib_and_graphviz_write_is_drawn(answers: Path) -> None:
    """A document type without entities, a style sheet, and pictures inside; in an image of its own only."""
    head = (
        '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://w3.org/svg11.dtd">\n'
    )
    inside = (
        '<style type="text/css">*{stroke-linejoin: round}</style>'
        '<image href="data:image/png;base64,iVBORw0KGgo="/>'
    )
    drawing = PLAIN.replace("</svg>", inside + "</svg>")
    (answers / "a.svg").write_text(head + drawing)
    _, data = images.load(answers, "a.svg", "a.md", 1)
    assert b"DOCTYPE" not in data
    assert not images.is_inert(drawing)


@pytest.mark.parametrize(
    "inside",
    [
        "<style>a{fill:url(http://e.org)}</style>",
        "<style>@im\\70ort 'x'</style>",
        '<image href="data:image/svg+xml;base64,AAAA"/>',
        '<image href="data:text/html,x"/>',
    ],
)
def test_a_style_sheet_or_picture_that_reaches_out_is_refused(answers: Path, inside: str) -> None:
    (answers / "a.svg").write_text(PLAIN.replace("</svg>", inside + "</svg>"))
    assert refused(answers, "a.svg")


def test_a_picture_that_is_cut_off_is_refused_also_after_the_layout_library_was_loaded(answers: Path) -> None:
    import weasyprint.images  # noqa: F401 - it has Pillow fill such pictures with grey

    whole = io.BytesIO()
    Pillow.effect_noise((60, 50), 50).save(whole, "PNG")
    (answers / "cut.png").write_bytes(whole.getvalue()[:1000])
    assert "can't be read" in refused(answers, "cut.png")
