"""Images of the authors' own: PNG, JPEG and SVG files below the answers folder, and nothing else."""

import hashlib
import io
import re
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from reportgen import files
from reportgen.decoding.pictures import strictly
from reportgen.document.assets import PICTURE
from reportgen.errors import InputError, Problem, shown

LIMIT = 5_000_000
PIXELS = 50_000_000
_ACTIVE = {
    "script",
    "foreignobject",
    "iframe",
    "audio",
    "video",
    "animate",
    "set",
    "a",
    "handler",
}
_DOCTYPE = re.compile(rb'<!DOCTYPE\s+svg\s+PUBLIC\s+"-//W3C//DTD SVG [^"]*"\s+"[^"]*"\s*>')
_ADDRESS = re.compile(r"url\s*\(\s*['\"]?\s*(?!#)|@import|expression\s*\(", re.IGNORECASE)


def load(answers: Path, source: str, path: str, line: int) -> tuple[str, bytes]:
    """Return the name and the bytes of the image `source`, named relative to the answers folder.

    Raises
    ------
    InputError
        If it is no file below the folder (symbolic links followed), too large, not an image of a known
        kind, or an SVG that holds anything active or refers to anything outside itself.
    """
    refuse = partial(_refuse, path, line, source)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", source):
        raise refuse("is not a file of the report", f"copy it to {shown(answers)}")
    root = answers.resolve()
    try:
        file = (root / source).resolve()
        inside = file.is_relative_to(root) and file.is_file()
    except (OSError, ValueError):
        inside = False
    if not inside:
        raise refuse("does not exist below the answers folder", f"copy it to {shown(answers)}")
    if file.stat().st_size > LIMIT:
        raise refuse(f"has more than {LIMIT // 1_000_000} MB", "make it smaller")
    data = files.read(file, LIMIT)
    ending = file.suffix.lower()
    if ending == ".svg":
        data = _checked_svg(data, refuse)
    elif ending in (".png", ".jpg", ".jpeg"):
        data, ending = _checked_raster(data, refuse)
    else:
        raise refuse("is not an image that a report can show", "use PNG, JPEG or SVG")
    stem = re.sub(r"[^A-Za-z0-9]+", "-", file.stem).strip("-") or "image"
    return f"{stem}-{hashlib.sha256(data).hexdigest()[:8]}{ending}", data


def _refuse(path: str, line: int, source: str, why: str, remedy: str = "") -> InputError:
    return InputError(Problem(path, line, f"image {source[:120]!r} {why}", remedy))


def _checked_svg(data: bytes, refuse: "partial[InputError]") -> bytes:
    data = _DOCTYPE.sub(b"", data, count=1)  # matplotlib and Graphviz write one; it says nothing
    if why := _activity(data, alone=True):
        raise refuse(why, "save it as plain SVG: shapes and text only")
    return data


def is_inert(svg: str) -> bool:
    """Tell whether an SVG drawing holds nothing that acts or that refers to anything outside itself."""
    return not _activity(svg.encode(), alone=False)


def with_own_names(svg: str, prefix: str) -> str:
    """Return a drawing whose ids begin with `prefix`, so that it may stand in a page twice."""
    names = set(re.findall(r'\bid="([^"]+)"', svg))
    return re.sub(
        r'(\bid="|="#|url\(#|aria-labelledby=")([^")]+)',
        lambda found: found[1] + (f"{prefix}-{found[2]}" if found[2] in names else found[2]),
        svg,
    )


def _activity(data: bytes, *, alone: bool) -> str:
    """Return what in an SVG acts, refers elsewhere or can't be read; empty where nothing does.

    One that stands `alone`, in an image of its own, may have a style sheet.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"<?xml-stylesheet" in data:
        return "declares a document type, entities or a style sheet"
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - without entities there is nothing to expand
    except (ElementTree.ParseError, ValueError) as error:
        return f"is not valid SVG: {error}"
    for element in root.iter():
        tag = element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
        if tag in _ACTIVE:
            return f"holds <{tag}>"
        if tag == "style" and not alone:
            return f"holds <{tag}>"
        if tag == "style" and _ADDRESS.search("".join(element.itertext()).replace("\\", "url(")):
            return "has a style sheet that refers to another file"
        for name, value in element.attrib.items():
            attribute = name.rpartition("}")[2].lower()
            if tag == "image" and attribute == "href" and PICTURE.fullmatch(value):
                continue
            if attribute.startswith("on") or (attribute in ("href", "src") and not value.startswith("#")):
                return f"holds {attribute}={value[:40]!r}"
            if _ADDRESS.search(value):
                return f"refers to another file: {value[:40]!r}"
    return ""


def _checked_raster(data: bytes, refuse: "partial[InputError]") -> tuple[bytes, str]:
    from PIL import Image as Pillow

    try:
        with strictly(), Pillow.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            kind, mode, size = image.format, image.mode, image.size
            if size[0] * size[1] > PIXELS:
                raise refuse(f"has {size[0]} × {size[1]} pixels", "make it smaller")
            image.load()
            if mode in ("RGB", "L", "RGBA", "LA", "P", "1"):
                return data, ".png" if kind == "PNG" else ".jpg"
            converted = io.BytesIO()
            image.convert("RGB").save(converted, "PNG")
    except (OSError, SyntaxError, ValueError, Pillow.DecompressionBombError) as error:
        raise refuse(f"can't be read: {error}") from None
    return converted.getvalue(), ".png"
