"""The language of a report: one of the package's, or what a project's ``templates/locales/`` says of it."""

from pathlib import Path

from reportgen import files, locales
from reportgen.errors import Place, Problem, nearest, shown
from reportgen.locales import Locale
from reportgen.report.parse import read, toml

FOLDER = "locales"


def chosen(tag: str, templates: Path, place: Place, problems: list[Problem]) -> Locale:
    """Return the language of a tag; what is wrong with it is added to `problems`.

    Parameters
    ----------
    templates : Path
        The project's templates. ``locales/de-AT.toml`` in it goes before ``locales/de.toml``, and both go
        before the package's own file, which has what they leave out.
    place : Place
        Where the tag stands.
    """
    own = {
        Path(name).stem: path for name, path in files.walk(templates) if Path(name).match(f"{FOLDER}/*.toml")
    }
    language = tag.partition("-")[0].lower()
    path = own.get(tag, own.get(language))
    if not locales.is_tag(tag) or (path is None and language not in locales.known()):
        known = sorted({*locales.known(), *filter(locales.is_tag, own)})
        remedy = nearest(tag if "-" in tag else tag[:2].lower(), known)
        message = f"there is no language {tag!r}, neither in {shown(templates)}/{FOLDER}/ nor in reportgen"
        problems.append(Problem(shown(place.path), place.line, message, remedy))
        return Locale("en")
    if path is None:
        return Locale(tag)
    text = read(path)
    tables, places = toml(text, path, 1, problems)
    found = [] if tables is None else list(locales.wrong(tag, tables))
    problems += [Problem(shown(path), places(*key), message, remedy) for key, message, remedy in found]
    return Locale("en") if tables is None or found else Locale(tag, text)
