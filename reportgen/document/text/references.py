"""Read the sources that a report cites: ``references.bib``, a BibTeX file beside the answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen import files
from reportgen.errors import InputError, Problem, shown

if TYPE_CHECKING:
    from pybtex.database import Entry, Person

FILE = "references.bib"
LIMIT = 1_000_000
Source = Mapping[str, Any]
"""One source as CSL-JSON, which every processor of citation styles reads."""

# https://docs.citationstyles.org/en/stable/specification.html, appendices III and IV
_TYPES = {
    "article": "article-journal",
    "book": "book",
    "booklet": "pamphlet",
    "inbook": "chapter",
    "incollection": "chapter",
    "conference": "paper-conference",
    "inproceedings": "paper-conference",
    "manual": "report",
    "mastersthesis": "thesis",
    "phdthesis": "thesis",
    "proceedings": "book",
    "techreport": "report",
    "unpublished": "manuscript",
    "online": "webpage",
}
_VARIABLES = {
    "title": ("title",),
    "container-title": ("journal", "journaltitle", "booktitle"),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "page": ("pages",),
    "edition": ("edition",),
    "publisher": ("publisher", "school", "institution", "organization"),
    "note": ("note",),
    "URL": ("url",),
    "DOI": ("doi",),
}
_ADDRESS = re.compile(r"\\url\s*\{([^}]*)\}|(https?://\S+)")


def read(answers: Path) -> Mapping[str, Source]:
    """Return the sources of a report by their keys; none where there is no such file.

    Raises
    ------
    InputError
        If the file can't be read, with file and line.
    """
    path = answers / FILE
    if not path.exists():
        return {}
    text = files.text(path, LIMIT)
    from pybtex.exceptions import PybtexError

    try:
        return deepcopy(_parsed(text))
    except (PybtexError, UnicodeDecodeError) as error:
        line = int(getattr(error, "lineno", 0) or 0)
        message = str(error).partition(": ")[2] if line else getattr(error, "reason", "") or str(error)
        raise InputError(Problem(shown(path), line, message, "write it as BibTeX")) from None


@lru_cache(maxsize=1)  # it is read to be checked, again to be set, and again after an edit elsewhere
def _parsed(text: str) -> Mapping[str, Source]:
    from pybtex.database import parse_string

    found = parse_string(text, "bibtex")
    return {key: dict(_csl(key, entry)) for key, entry in found.entries.items()}


def _csl(key: str, entry: Entry) -> Iterator[tuple[str, object]]:
    yield "id", key
    yield "type", _TYPES.get(entry.type.lower(), "document")
    fields = {name.lower(): value for name, value in entry.fields.items()}
    for variable, names in _VARIABLES.items():
        value = next((fields[name] for name in names if fields.get(name)), "")
        if value:
            verbatim = variable in ("URL", "DOI")
            yield variable, value.strip() if verbatim else _plain(value)
    if address := _address(fields):
        yield "URL", address
    for role in ("author", "editor"):
        if people := [_name(person) for person in entry.persons.get(role, ())]:
            yield role, people
    if year := re.search(r"\d{4}", fields.get("year", "") or fields.get("date", "")):
        yield "issued", {"date-parts": [[int(year[0])]]}


def _address(fields: Mapping[str, str]) -> str:
    """Return where a source without ``url`` can be read: by its number at arXiv, or how it was published."""
    if fields.get("url"):
        return ""
    if fields.get("eprint") and fields.get("archiveprefix", "arXiv").lower() == "arxiv":
        return f"https://arxiv.org/abs/{fields['eprint'].strip()}"
    found = _ADDRESS.search(fields.get("howpublished", ""))
    return (found[1] or found[2]).strip() if found else ""


def _name(person: Person) -> Mapping[str, str]:
    family = _plain(" ".join([*person.prelast_names, *person.last_names]))
    given = _plain(" ".join([*person.first_names, *person.middle_names]))
    if not given:
        return {"literal": family}
    suffix = _plain(" ".join(person.lineage_names))
    return {"family": family, "given": given, **({"suffix": suffix} if suffix else {})}


def _plain(latex: str) -> str:
    """Return text in which LaTeX's accents and dashes are letters and its braces are gone."""
    from pybtex.richtext import Text

    return str(Text.from_latex(latex.replace("\n", " ")))
