"""Themes: what reports look like, and how a project's own templates replace them file by file."""

from collections.abc import Iterator
from pathlib import Path

from reportgen import files

FOLDER = Path(__file__).parent
_REPORT = "report.html.j2"


def walk(own: Path) -> Iterator[tuple[str, Path]]:
    """Yield every template by its name, in order of these: a project's own before that of the package.

    Parameters
    ----------
    own : Path
        The project's folder of templates, which need not exist. Links that lead out of it are left out.
    """
    packaged = {name: path for name, path in files.walk(FOLDER) if "/" in name and path.suffix != ".pyc"}
    yield from sorted((packaged | dict(files.walk(own))).items())


def names(own: Path) -> tuple[str, ...]:
    """Return the names of the themes: folders with a ``report.html.j2``."""
    found = (name.split("/") for name, _ in walk(own))
    return tuple(parts[0] for parts in found if parts[1:] == [_REPORT])
