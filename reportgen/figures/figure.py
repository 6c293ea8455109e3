"""The finished figure, as a value."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One vector figure, ready to be set.

    Attributes
    ----------
    svg : str
        An ``<svg>`` element without prolog, 16 cm wide by its own account; no raster, no script, no
        style sheet. Its ``<title>`` is `alt`, and its ids are its own, so that many may stand in one page.
        It may hold what narrow screens show in its place (`reportgen.figures.with_narrow`).
    alt : str
        What the figure shows, made from the data, for a reader who can't see it. Plain text.
    caption : str
        What is drawn and how to read it, without "Figure 3". Plain text.
    sources : tuple of str
        Keys of the records that it was drawn from, in their order.
    """

    svg: str
    alt: str
    caption: str
    sources: tuple[str, ...]

    def to_bytes(self) -> bytes:
        """Return the figure as UTF-8 JSON, for a store."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Figure":
        """Return the figure that `to_bytes` wrote."""
        fields = json.loads(data)
        return cls(fields["svg"], fields["alt"], fields["caption"], tuple(fields["sources"]))
