"""Reading a PDF as a screen reader does: its tree of tags, in order."""

from collections.abc import Iterator
from typing import Any

import pikepdf


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield every structure element, parents first, in reading order."""

    def walk(node: Any) -> Iterator[Any]:
        if not isinstance(node, pikepdf.Dictionary):
            return
        if "/S" in node:
            yield node
        yield from (found for kid in kids(node) for found in walk(kid))

    yield from walk(pdf.Root.StructTreeRoot)


def kids(node: Any) -> list[Any]:
    found = node.get("/K", [])
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def kind(node: Any) -> str:
    return str(node.get("/S", "")).removeprefix("/") if isinstance(node, pikepdf.Dictionary) else ""


def kinds(pdf: pikepdf.Pdf) -> list[str]:
    return [kind(element) for element in elements(pdf)]
