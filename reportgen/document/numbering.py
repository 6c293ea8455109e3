"""Numbers and anchors of figures, tables and listings, given in the order of the text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from reportgen.document.displays import Display, Drawing, Table
from reportgen.document.labels import Labels
from reportgen.errors import Problem, nearest
from reportgen.language.values import Show


@dataclass(frozen=True)
class Entry:
    """One numbered thing.

    Attributes
    ----------
    kind : str
        ``figure``, ``table`` or ``listing``.
    label : str
        As text refers to it: ``Figure 3``.
    title : str
        What it is, in a few words, for lists.
    sources : tuple of str
        Keys of the results that it came from.
    """

    kind: str
    number: int
    label: str
    anchor: str
    caption: str
    title: str
    sources: tuple[str, ...] = ()


@dataclass
class Numbering:
    """Gives numbers; one for the whole report."""

    words: Labels
    entries: list[Entry] = field(default_factory=list)
    _first: dict[Show, Entry] = field(default_factory=dict)

    def enter(
        self,
        kind: str,
        name: str,
        caption: str,
        *,
        title: str = "",
        show: Show | None = None,
        sources: tuple[str, ...] = (),
    ) -> Entry:
        """Give the next number of its kind; `name` becomes the anchor."""
        number = sum(entry.kind == kind for entry in self.entries) + 1
        anchor = anchor_of(name)
        if any(entry.anchor == anchor for entry in self.entries):
            anchor = f"{anchor}-{kind}-{number}"
        word = {"figure": self.words.figure, "table": self.words.table, "listing": self.words.listing}[kind]
        label = f"{word}\N{NO-BREAK SPACE}{number}"
        entry = Entry(kind, number, label, anchor, caption, title or caption, sources)
        self.entries.append(entry)
        if show is not None:
            self._first.setdefault(show, entry)
        return entry

    def find(self, show: Show) -> Entry | None:
        """Return where `show` stands first, or None where it doesn't."""
        return self._first.get(show)

    def of(self, kind: str) -> tuple[Entry, ...]:
        """Return the entries of one kind in order."""
        return tuple(entry for entry in self.entries if entry.kind == kind)


def anchor_of(name: str) -> str:
    """Return the anchor of what has a name, the first time that it stands in a report."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


REFERENCES = "references"
"""The anchor of the list of sources, which is there if the report cites any."""


def astray(anchor: str, path: str, line: int, sections: Iterable[str], shown: Iterable[str] = ()) -> Problem:
    """Return the problem of a link to an anchor that does not exist.

    The remedy names sections, and of what is `shown` the anchors that begin with the same word.
    """
    if anchor == REFERENCES:
        remedy = "the list is there if the report cites a source: [@key]"
        return Problem(path, line, f"a link leads to #{anchor}, and no source is cited", remedy)
    alike = (each for each in shown if each.partition("-")[0] == anchor.partition("-")[0])
    remedy = nearest(anchor, sorted({*sections, *alike})) or "link to a section, such as #q1"
    return Problem(path, line, f"a link leads to #{anchor}, which does not exist", remedy)


def kind_of(display: Display) -> str:
    """Return what a display is called: ``figure``, ``table`` or ``listing``."""
    return "figure" if isinstance(display, Drawing) else "table" if isinstance(display, Table) else "listing"
