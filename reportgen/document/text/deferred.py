"""Placeholders for figures and references, filled in for each medium once everything is numbered."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Literal

from reportgen.document.assets import address, media_type
from reportgen.document.numbering import Entry, Numbering
from reportgen.document.text import formulas, placeholders
from reportgen.document.text.reading import Formula
from reportgen.errors import Problem
from reportgen.language.values import Show

Medium = Literal["pdf", "web"]
OWN = "image"  # the kind of show that an image of the authors' own is


@dataclass
class Pending:
    """Cross-references, displays, formulas and images of all texts.

    Attributes
    ----------
    numbering : Numbering
    files : dict of str to bytes
        Images by the name that the pages call them.
    problems : list of Problem
        References to what is nowhere shown.
    """

    numbering: Numbering
    files: dict[str, bytes]
    problems: list[Problem]
    _references: list[tuple[Show, Problem]] = field(default_factory=list)
    _shown: list[tuple[Show, Entry | None, str]] = field(default_factory=list)
    _drawn: list[tuple[Formula, formulas.Drawing]] = field(default_factory=list)
    _pictures: list[tuple[str, str]] = field(default_factory=list)

    def reference(self, show: Show, place: Problem) -> str:
        """Return a mark for a cross-reference."""
        self._references.append((show, place))
        return placeholders.mark("ref", len(self._references) - 1)

    def display(self, show: Show, entry: Entry | None, html: str) -> str:
        """Return a mark for something shown, which stands in the pages only: a notebook has a cell for it."""
        self._shown.append((show, entry, html))
        return placeholders.mark("shown", len(self._shown) - 1)

    def formula(self, formula: Formula, drawing: formulas.Drawing) -> str:
        """Return a mark for a formula."""
        self._drawn.append((formula, drawing))
        return placeholders.mark("drawn", len(self._drawn) - 1)

    def picture(self, name: str, alt: str) -> str:
        """Return a mark for an image among the files."""
        self._pictures.append((name, alt))
        return placeholders.mark("picture", len(self._pictures) - 1)

    @property
    def shown(self) -> Sequence[tuple[Show, Entry | None, str]]:
        """What was shown so far, with its number and its HTML."""
        return self._shown

    def resolve(self, html: str, medium: Medium) -> str:
        """Fill in the marks of a text."""

        def filled(kind: str, index: int) -> str:
            match kind:
                case "ref":
                    return self._refer(*self._references[index])
                case "shown":
                    return self._shown[index][2] if medium == "pdf" else ""
                case "drawn":
                    return self._formula(*self._drawn[index], medium)
                case "picture":
                    return self._picture(*self._pictures[index], medium)
            return ""

        return placeholders.fill(html, filled)

    def _refer(self, show: Show, place: Problem) -> str:
        if entry := self.numbering.find(show):
            return f'<a class="ref" href="#{entry.anchor}">{entry.label}</a>'
        name = show.name
        problem = Problem(
            place.path,
            place.line,
            f"ref({name}) refers to something that the report does not show",
            f"show it: {{{{ {name} }}}}",
        )
        if show.kind == OWN:
            (name,) = show.models
            remedy = (
                f'show it with a caption: ![what it shows]({name} "Its caption"), Table {name}: Its caption'
            )
            problem = replace(
                problem,
                message=f"ref({name!r}) does not refer to an image or table with a caption",
                remedy=remedy,
            )
        if problem not in self.problems:
            self.problems.append(problem)
        return ""

    def _formula(self, formula: Formula, drawing: formulas.Drawing, medium: Medium) -> str:
        size = f"width:{drawing.width:.3f}em;vertical-align:{-drawing.depth:.3f}em"
        tex = escape(formula.tex)
        if medium == "web":  # in the colour of the text around it, be it light or dark
            about = f'class="math" aria-hidden="true" style="height:{drawing.height:.3f}em;{size}"'
            drawn = drawing.svg.replace("<svg ", f"<svg {about} ", 1)
            image = f'<span class="formula">{drawn}{drawing.mathml}</span>'
        else:
            name = f"math/{formulas.name(drawing)}.svg"
            self.files[name] = drawing.svg.replace("currentColor", "#000").encode()
            kind = "display" if formula.display else "inline"
            image = f'<img class="math {kind}" src="{address(name)}" alt="{tex}" style="{size}">'
        return f'<div class="equation">{image}</div>\n' if formula.display else image

    def _picture(self, name: str, alt: str, medium: Medium) -> str:
        source = address(f"own/{name}")
        if medium == "web":
            data = base64.b64encode(self.files[f"own/{name}"]).decode()
            source = f"data:{media_type(name)};base64,{data}"
        return f'<img class="own" src="{source}" alt="{escape(alt)}">'
