"""Style of all figures: fonts, sizes, colours.

Sizes are points at the figure's own width of 16 cm, the measure of the page; set narrower, they shrink
with it. Lines differ by dash as well as by colour, and the colour map falls evenly in lightness, so that
a grey copy says the same.
"""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.errors import Problem, RenderError
from reportgen.language.numbers import NARROW
from reportgen.locales import Locale

FAMILY = "Source Serif Pro"
WIDTH = 16.0  # cm
NARROW_WIDTH = 10.6  # cm, of what narrow screens show
POINTS = 72 / 2.54  # in a centimetre

SMALL = 7.5
NORMAL = 8.5
LARGE = 9.5

INK = "#1a1a1a"
MUTED = "#595959"
RULE = "#cfcfcf"
PAPER = "#ffffff"
BLUE = "#004f86"
RUST = "#a84300"
LINES: tuple[dict[str, Any], ...] = (  # told apart by colour and, in grey, by dash; the first six most easily
    {"color": BLUE, "linestyle": "solid"},
    {"color": RUST, "linestyle": (0, (3.2, 1.4))},
    {"color": "#2d6a2d", "linestyle": (0, (1, 1.1))},
    {"color": "#6a3d8f", "linestyle": (0, (6, 1.2, 1, 1.2))},
    {"color": INK, "linestyle": (0, (8, 2.4))},
    {"color": "#7d6200", "linestyle": (0, (3, 1, 1, 1, 1, 1))},
    {"color": "#8c1d4f", "linestyle": (0, (1, 2.6))},
    {"color": "#00707a", "linestyle": (0, (5, 1.2, 5, 1.2, 1, 1.2))},
    {"color": MUTED, "linestyle": (0, (6, 1, 1, 1, 1, 1, 1, 1))},
    {"color": "#7a3b00", "linestyle": (0, (2, 2))},
)

_FILES = {
    "Source Serif Pro": ("font_source_serif_pro", "SourceSerifPro"),
    "Source Sans Pro": ("font_source_sans_pro", "SourceSansPro"),
}


_XYZ_TO_RGB = np.array(
    [
        [3.2404542, -0.9692660, 0.0556434],
        [-1.5371385, 1.8760108, -0.2040259],
        [-0.4985314, 0.0415560, 1.0572252],
    ]
)


@dataclass(frozen=True)
class Look:
    """What a report may choose: its language (a tag) and its body's font family.

    `pictures` says whether what the models classify are images, or else examples of any kind; `items` is what
    the authors call one, and several, of them. `width` (cm) is that of the drawing.
    """

    language: Locale | str = "en"
    family: str = FAMILY
    pictures: bool = True
    items: tuple[str, str] | None = None
    width: float = WIDTH

    @property
    def narrow(self) -> bool:
        """Whether it is drawn for a narrow screen."""
        return self.width < WIDTH

    @property
    def families(self) -> str:
        """The family and what stands in for it, as a CSS list."""
        kind = "sans-serif" if "Sans" in self.family else "serif"
        return f"'{self.family.replace(chr(39), '')}', {kind}"


PLAIN = Look()


@cache
def font_file(family: str, bold: bool = False) -> Path:
    """Return the file whose metrics place text of `family`.

    Where that family isn't installed, matplotlib's own of the same kind stands in.
    """
    package, stem = _FILES.get(family, ("", ""))
    spec = find_spec(package) if package else None
    if spec is not None and spec.origin is not None:
        found = Path(spec.origin).parent / "files" / f"{stem}-{'Semibold' if bold else 'Regular'}.ttf"
        if found.exists():
            return found
    from matplotlib import get_data_path

    bundled = {"DejaVu Sans": "DejaVuSans", "Source Sans Pro": "DejaVuSans"}.get(family, "STIXGeneral")
    weight = {"DejaVuSans": "-Bold", "STIXGeneral": "Bol"}[bundled] if bold else ""
    return Path(get_data_path()) / "fonts" / "ttf" / f"{bundled}{weight}.ttf"


@cache
def text_width(text: str, size: float, family: str = FAMILY, bold: bool = False) -> float:
    """Return the width of `text` in points.

    It is the sum of the letters' own widths, as a renderer without kerning sets them.

    Raises
    ------
    RenderError
        For a letter that the font doesn't have.
    """
    from matplotlib.font_manager import get_font

    font = get_font(str(font_file(family, bold)))
    font.set_size(size, 72)
    narrow = text.count(NARROW)  # a font without it gets half a space, as HarfBuzz and browsers set it
    text = text.replace(NARROW, "")
    for letter in text:
        if not font.get_char_index(ord(letter)):
            message = f"{text!r} can't be drawn: the font of figures has no {letter!r} (U+{ord(letter):04X})"
            raise RenderError(Problem("a figure", 0, message, "write it with other letters in report.toml"))
    widths = [float(font.load_char(ord(letter)).linearHoriAdvance) for letter in text + " "]
    return (sum(widths[:-1]) + narrow * widths[-1] / 2) / 65536


def shortened(text: str, width: float, size: float, family: str = FAMILY, bold: bool = False) -> str:
    """Return `text`, its end replaced by an ellipsis where it is wider than `width` points."""
    if text_width(text, size, family, bold) <= width:
        return text
    while text and text_width(text + "…", size, family, bold) > width:
        text = text[:-1].rstrip()
    return text + "…"


def ramp(
    levels: int = 64, *, hue: float = 262.0, chroma: float = 31.0, dark: float = 28.0
) -> tuple[str, ...]:
    """Return colours from near white to deep blue, evenly spaced in CIELAB lightness, as ``#rrggbb``.

    Another `hue` (degrees), highest `chroma` or lightness of the `dark` end may be asked for.
    """
    share = np.linspace(0, 1, levels)
    lightness = 98 - (98 - dark) * share
    chromas, angle = chroma * np.sin(0.72 * np.pi * share), np.radians(hue)
    y = (lightness + 16) / 116
    f = np.stack([y + chromas * np.cos(angle) / 500, y, y - chromas * np.sin(angle) / 200], axis=-1)
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * [0.95047, 1.0, 1.08883]
    linear = np.clip(xyz @ _XYZ_TO_RGB, 0, 1)
    rgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return tuple("#" + "".join(f"{round(255 * float(part)):02x}" for part in colour) for colour in rgb)


def diverging(levels: int = 65) -> tuple[str, ...]:
    """Return colours from rust by near white to blue, of equal lightness on both sides."""
    half = levels // 2 + 1
    below = ramp(half, hue=52.0, chroma=52.0, dark=45.0)
    return (*reversed(below), *ramp(half, dark=45.0)[1:])


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``, 0 to 1, as WCAG defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(background: str) -> str:
    """Return black or white, whichever stands out more; never less than 4.5 to 1."""
    return max("#000000", PAPER, key=lambda ink: contrast(ink, background))
