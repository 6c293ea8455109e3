"""What drawing a figure does to a page, recorded once and replayed.

Drawing is where most of the time goes when a report is set, and a figure changes only when its results do.
A recording is the figure's operators with what they name: fonts with the glyphs used, and degrees of
opacity.
"""

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_FONT = re.compile(rb"/([A-Z]{6}) [-0-9.]+ Tf$")
_STATE = re.compile(rb"/([aA])([0-9.]+) gs$")
_GLYPHS = re.compile(rb"<([0-9a-f]+)>")

Face = tuple[str, int, int]
"""Family, weight and style (0 upright, 1 oblique, 2 italic)."""
Glyphs = Mapping[int, tuple[str, int]]
"""What each glyph says, and how wide it is in thousandths."""


@dataclass(frozen=True)
class Recording:
    """A figure's operators and what they need.

    Attributes
    ----------
    operators : bytes
    faces : mapping of str to Face
        By the short name that operators use.
    glyphs : mapping of str to Glyphs
        By the same name.
    states : tuple of str
        Names of opacity states, such as ``a0.5``.
    """

    operators: bytes
    faces: Mapping[str, Face]
    glyphs: Mapping[str, Glyphs]
    states: tuple[str, ...]

    def to_bytes(self) -> bytes:
        """Return the recording as compressed JSON."""
        fields = {
            "operators": self.operators.decode("latin-1"),
            "faces": self.faces,
            "glyphs": self.glyphs,
            "states": self.states,
        }
        return zlib.compress(json.dumps(fields, sort_keys=True).encode(), 6)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Recording":
        """Return the recording that `to_bytes` wrote."""
        fields = json.loads(zlib.decompress(data))
        return cls(
            fields["operators"].encode("latin-1"),
            faces_from(fields["faces"]),
            glyphs_from(fields["glyphs"]),
            tuple(fields["states"]),
        )


def record(operators: list[bytes], fonts: Mapping[str, Any]) -> Recording:
    """Make a recording of `operators`, drawn with `fonts` (by the names that operators use)."""
    used: dict[str, dict[int, tuple[str, int]]] = {}
    states: dict[str, None] = {}
    font = ""
    for operator in operators:
        if found := _FONT.search(operator):
            font = found[1].decode()
            used.setdefault(font, {})
        elif found := _STATE.search(operator):
            states[(found[1] + found[2]).decode()] = None
        elif operator.endswith(b"TJ"):
            for run in _GLYPHS.findall(operator):
                for place in range(0, len(run), 4):
                    glyph = int(run[place : place + 4], 16)
                    used[font][glyph] = (fonts[font].to_unicode[glyph], fonts[font].widths[glyph])
    return Recording(b"\n".join(operators), {name: face(fonts[name]) for name in used}, used, tuple(states))


def face(font: Any) -> Face:
    """Return what a font of the layout library is opened by again."""
    return font.family, int(font.weight), int(font.style)


def faces_from(fields: Mapping[str, Any]) -> dict[str, Face]:
    """Return faces by name from what JSON made of them."""
    return {name: (each[0], each[1], each[2]) for name, each in fields.items()}


def glyphs_from(fields: Mapping[str, Any]) -> dict[str, Glyphs]:
    """Return glyphs by the name of their face from what JSON made of them: its keys are text."""
    return {
        name: {int(glyph): (what[0], what[1]) for glyph, what in used.items()}
        for name, used in fields.items()
    }
