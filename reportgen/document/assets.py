"""Assets of a page: named bytes under one private address scheme.

A page is laid out with access to nothing but these: no file, no network, no ``data:`` address but for the
pictures in a drawing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reportgen.document import fonts

SCHEME = "reportgen"
PICTURE = re.compile(r"data:(image/(?:png|jpeg));base64,([A-Za-z0-9+/=\s]*)")

_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".css": "text/css",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
}


def address(name: str) -> str:
    """Return the private address of the asset `name`."""
    return f"{SCHEME}:{name}"


def media_type(name: str) -> str:
    """Return the media type of an asset by its ending."""
    return _TYPES.get(name[name.rfind(".") :].lower(), "application/octet-stream")


@dataclass(frozen=True)
class Assets(Mapping[str, bytes]):
    """Bytes by name; fonts are looked up in their packages when they are asked for.

    Names look like paths: ``figures/cnn.svg``, ``style/paper/style.css``, ``fonts/SourceSerifPro-It.ttf``.
    """

    files: Mapping[str, bytes]

    def __getitem__(self, name: str) -> bytes:
        if name in self.files:
            return self.files[name]
        place, _, font = name.partition("/")
        if place == "fonts" and (path := fonts.path(font)) is not None:
            return path.read_bytes()
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        place, _, font = str(name).partition("/")
        return name in self.files or (place == "fonts" and fonts.path(font) is not None)

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)
