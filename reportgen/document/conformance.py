"""Find in the HTML, before it is laid out, what would make a PDF fail its standards."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from reportgen.errors import Problem, RenderError

# What is inside a drawing was looked at when it was let in (see `reportgen.document.text.images`).
_DRAWING = re.compile(r"(<svg\b[^>]*(?<!/)>).*?(</svg>)", re.DOTALL)
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def check(html: str, path: str) -> None:
    """See that a screen reader can follow a page, or several in a row.

    Raises
    ------
    RenderError
        For a skipped heading level, an image without alternative text, a table without header cells, a link
        around an image, an empty heading, an anchor that is given twice, a page without title or language.
        `path` names what made the page.
    """
    reader = _Reader()
    reader.feed(_DRAWING.sub(r"\1\2", html))
    reader.close()
    problems = [Problem(path, 0, message) for message in (*reader.problems, *reader.missing())]
    if problems:
        raise RenderError(problems)


class _Reader(HTMLParser):
    """Walks a page once and notes what is wrong, naming the section it is in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self._stack: list[str] = []
        self._level = 0
        self._heading: list[str] | None = None
        self._where = "the title page"
        self._anchors: set[str] = set()
        self._targets: list[tuple[str, str]] = []
        self._tables: list[bool] = []
        self._language = self._title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self._stack.append(tag)
        if anchor := given.get("id"):
            if anchor in self._anchors:
                self._note(f"the anchor {anchor!r} is given twice")
            self._anchors.add(anchor)
        if tag == "html":
            self._language = bool(given.get("lang"))
        elif tag == "title" and "svg" not in self._stack:
            self._title = True
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            level = int(tag[1])
            if level > self._level + 1:
                self._note(f"a heading of level {level} follows one of level {self._level}")
            self._level = level
            self._heading = []
        elif tag == "img":
            self._image(given)
        elif tag == "svg" and given.get("role") != "img" and given.get("aria-hidden") != "true":
            self._note("a drawing has no role and name")
        elif tag == "table":
            self._tables.append(False)
        elif tag == "th" and self._tables:
            self._tables[-1] = True
        elif tag == "a" and given.get("href", "").startswith("#"):
            self._targets.append((given["href"][1:], self._where))

    def _image(self, given: dict[str, str]) -> None:
        if not given.get("alt", "").strip():
            self._note(f"the image {given.get('src', '')!r} has no alternative text")
        if "a" in self._stack:
            self._note(f"the image {given.get('src', '')!r} is inside a link")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._stack:
            while self._stack.pop() != tag:
                pass
        if tag == "table" and self._tables and not self._tables.pop():
            self._note("a table has no header cells")
        if tag[0] == "h" and tag[1:].isdigit() and self._heading is not None:
            text = " ".join("".join(self._heading).split())
            if not text:
                self._note("a heading is empty")
            self._where, self._heading = f"“{text}”", None

    def handle_data(self, data: str) -> None:
        if self._heading is not None:
            self._heading.append(data)

    def _note(self, message: str) -> None:
        self.problems.append(f"{self._where}: {message}")

    def missing(self) -> Iterator[str]:
        """Yield what the whole page lacks."""
        if not self._language:
            yield "the page does not declare its language"
        if not self._title:
            yield "the page has no title"
        for target, where in self._targets:
            if target not in self._anchors:
                yield f"{where}: a link leads to #{target}, which does not exist"
