"""Number the sources that a report cites, and format the list of them in a citation style (CSL)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from importlib.resources import as_file, files
from pathlib import Path

from reportgen.document.labels import labels
from reportgen.document.text import references
from reportgen.document.text.markdown import clean
from reportgen.document.text.reading import Citation
from reportgen.errors import Problem, nearest, shown
from reportgen.locales import Locale

_TAGS = {"<i>": "<em>", "</i>": "</em>", "<b>": "<strong>", "</b>": "</strong>"}
_LINK = re.compile(r"https?://[^\s<]*[^\s<.,;]")


@dataclass(frozen=True)
class Cited:
    """What stands where sources are cited: their numbers, each with where in it, such as ``p. 3``."""

    items: tuple[tuple[int, str], ...] = ()

    @property
    def html(self) -> str:
        """As HTML that leads to the list."""
        linked = ", ".join(
            f'<a href="#{anchor(number)}">{number}</a>{escape(behind)}' for number, behind in self.items
        )
        return f'<span class="citation">[{linked}]</span>' if linked else ""

    @property
    def text(self) -> str:
        """As plain text."""
        return f"[{', '.join(f'{number}{behind}' for number, behind in self.items)}]" if self.items else ""


@dataclass
class Citations:
    """The sources of one report, numbered in the order in which its text cites them.

    Attributes
    ----------
    answers : Path
        Where ``references.bib`` stands.
    language : str
    """

    answers: Path
    language: Locale | str
    _numbers: dict[str, int] = field(default_factory=dict)

    @cached_property
    def sources(self) -> Mapping[str, references.Source]:
        """Everything that may be cited, by its key."""
        return references.read(self.answers)

    @property
    def any(self) -> bool:
        """Whether a source was cited so far."""
        return bool(self._numbers)

    def unknown(self, citation: Citation, path: str) -> Sequence[Problem]:
        """Return what is wrong with a citation: keys that no source has."""
        file = shown(self.answers / references.FILE)
        known = sorted(self.sources)
        remedy = f"add it to {file}"
        return [
            Problem(path, citation.line, f"no source is called {key!r}", nearest(key, known) or remedy)
            for key, _ in citation.items
            if key not in self.sources
        ]

    def cite(self, citation: Citation) -> Cited:
        """Return what stands where sources are cited, which gives those their numbers."""
        return Cited(
            tuple(
                (self._numbers.setdefault(key, len(self._numbers) + 1), f", {locator}" if locator else "")
                for key, locator in citation.items
            )
        )

    def printed(self) -> tuple[str, ...]:
        """Return every cited source in print, as HTML, by its number."""
        if not self._numbers:
            return ()
        import citeproc
        from citeproc.source.json import CiteProcJSON

        locale = labels(self.language).locale
        with as_file(files("reportgen.document.text") / "numeric.csl") as style:
            made = citeproc.CitationStylesBibliography(
                citeproc.CitationStylesStyle(str(style), locale=locale, validate=False),
                CiteProcJSON([_escaped(self.sources[key]) for key in self._numbers]),
                citeproc.formatter.html,
            )
        for key in self._numbers:
            made.register(citeproc.Citation([citeproc.CitationItem(key)]))
        return tuple(_printed(str(entry)) for entry in made.bibliography())


def listed(printed: Sequence[str]) -> str:
    """Return the items of the list of sources as HTML, each with its anchor."""
    return "".join(f'<li id="{anchor(number)}">{each}</li>\n' for number, each in enumerate(printed, 1))


def anchor(number: int) -> str:
    """Return the anchor of a source in the list."""
    return f"reference-{number}"


def _escaped(source: references.Source) -> references.Source:
    """Return a source whose text is HTML; the processor's formatter leaves it as it is."""

    def safe(value: object) -> object:
        if isinstance(value, str):
            return escape(value, quote=False)
        if isinstance(value, list):
            return [safe(each) for each in value]
        return {name: safe(each) for name, each in value.items()} if isinstance(value, dict) else value

    return {name: value if name == "id" else safe(value) for name, value in source.items()}


def _printed(entry: str) -> str:
    for tag, better in _TAGS.items():
        entry = entry.replace(tag, better)
    return clean(_LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', entry))
