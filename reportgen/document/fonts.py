"""Locate the fonts that documents are set in: open fonts that come as Python packages.

No font of the system is assumed, so a report looks the same everywhere. Templates name the files by
``reportgen:fonts/NAME`` in ``@font-face`` rules.
"""

import importlib.util
from functools import cache
from pathlib import Path

_PACKAGES = {
    "SourceSerifPro": ("font_source_serif_pro", "files"),
    "SourceSansPro": ("font_source_sans_pro", "files"),
    "DejaVu": ("matplotlib", "mpl-data/fonts/ttf"),
    "STIX": ("matplotlib", "mpl-data/fonts/ttf"),
}


@cache
def folder(package: str, below: str) -> Path | None:
    """Return the folder of a font package without importing it, or None where it is not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / below


def path(name: str) -> Path | None:
    """Return the file of the font called `name` (such as ``SourceSerifPro-It.ttf``), or None."""
    if Path(name).name != name or not name.endswith((".ttf", ".otf")):
        return None
    for prefix, (package, below) in _PACKAGES.items():
        if name.startswith(prefix) and (place := folder(package, below)) is not None:
            file = place / name
            return file if file.is_file() else None
    return None
