"""Prepare a page for the browser: split into blocks that can be replaced, its assets addressed by digest."""

import hashlib
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from html import escape, unescape

from reportgen.document.assets import SCHEME, media_type
from reportgen.document.page import Page
from reportgen.preview.asset import Asset, digest

_LINKED = re.compile(rf'(\s(?:src|href)=")(?:{SCHEME}):([^"]+)"')
_IN_STYLES = re.compile(rf"{SCHEME}:([\w./-]+)")
_STYLE = re.compile(r'(<[a-z][^<>]*?)\sstyle="([^"]*)"')
_SHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)">|<style[^>]*>(.*?)</style>', re.DOTALL)
_LANGUAGE = re.compile(r'<html[^>]*\slang="([^"]+)"')
_FACT = re.compile(r'<span class="fact(?: missing)?"(?= id="[^"]*" data-fact=")')
_CLAIM = re.compile(r'<span class="claim(?: doubted)?" data-claim="([^"]*)"')
# A comment, what a script or a style holds, or a tag: values of attributes may hold what ends tags.
_TAG = re.compile(
    r"""<!--.*?-->|<(?P<raw>script|style|textarea|title)\b.*?</(?P=raw)\s*>"""
    r"""|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*)(?:[^>"']|"[^"]*"|'[^']*')*>""",
    re.DOTALL | re.IGNORECASE,
)
_ANCHOR = re.compile(r'\sid="([^"]+)"')
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass(frozen=True)
class Screen:
    """What the browser shows of a report.

    Attributes
    ----------
    language, title : str
    classes : str
        Of the page's body.
    sheets : tuple of str
        Addresses of its style sheets, in order.
    blocks : mapping of str to str
        The children of the page's body, by names that stay the same from edit to edit.
    """

    language: str
    title: str
    classes: str
    sheets: tuple[str, ...]
    blocks: Mapping[str, str]


@dataclass
class Screens:
    """Makes screens of pages; `assets` are those of all pages so far, by name and digest."""

    assets: dict[str, Asset] = field(default_factory=dict)
    _names: dict[tuple[str, bytes], str] = field(default_factory=dict)
    _styles: dict[str, str] = field(default_factory=dict)

    def make(self, page: Page, verdicts: Mapping[str, str]) -> Screen:
        """Return the screen of a page whose claims are marked by `verdicts`, by expression."""
        head, _, body = page.html.partition("<body")
        opening, _, body = body.partition(">")
        body = _STYLE.sub(self._styled, body.rpartition("</body>")[0])
        body = _FACT.sub(r'\g<0> role="button" tabindex="0"', body)
        body = _CLAIM.sub(lambda found: _judged(found, verdicts), body)
        body = _LINKED.sub(lambda found: f'{found[1]}{self._named(page, found[2])}"', body)
        sheets = [self._sheet(page, found) for found in _SHEET.finditer(head)]
        if self._styles:
            rules = "".join(f'[data-style="{name}"]{{{text}}}' for name, text in self._styles.items())
            sheets.append(self._kept("style/inline.css", rules.encode()))
        return Screen(
            language=_first(_LANGUAGE, head),
            title=unescape(_first(re.compile(r"<title>(.*?)</title>", re.DOTALL), head)),
            classes=_first(re.compile(r'class="([^"]*)"'), opening),
            sheets=tuple(sheets),
            blocks=blocks(body),
        )

    def keep(self, name: str, data: bytes) -> str:
        """Keep something to show, and return its address."""
        return self._kept(name, data)

    def _styled(self, found: re.Match[str]) -> str:
        """Return a tag whose own style stands in a sheet: the page's policy lets no tag bring styles."""
        name = hashlib.sha256(found[2].encode()).hexdigest()[:12]
        self._styles[name] = unescape(found[2])
        return f'{found[1]} data-style="{name}"'

    def _sheet(self, page: Page, found: re.Match[str]) -> str:
        if found[2] is not None:
            return self._kept("style/own.css", self._rewritten(page, found[2].encode()))
        return self._named(page, unescape(found[1]).removeprefix(f"{SCHEME}:"))

    def _named(self, page: Page, name: str) -> str:
        """Return the address of an asset of the page; what it does not have keeps its name."""
        if name not in page.assets:
            return f"{SCHEME}:{name}"
        data = page.assets[name]
        return self._kept(name, self._rewritten(page, data) if name.endswith(".css") else data)

    def _rewritten(self, page: Page, sheet: bytes) -> bytes:
        text = sheet.decode("utf-8", "replace")
        return _IN_STYLES.sub(lambda found: self._named(page, found[1]), text).encode()

    def _kept(self, name: str, data: bytes) -> str:
        if (name, data) not in self._names:
            address = f"/asset/{digest(data)}/{name.rpartition('/')[2]}"
            self._names[name, data] = address
            self.assets[address] = Asset(address, media_type(name), data)
        return self._names[name, data]


def blocks(body: str) -> dict[str, str]:
    """Return the outermost elements of HTML, each by its anchor, or by its tag and place among its like."""
    found: dict[str, str] = {}
    opened: list[str] = []
    begun, name = 0, ""
    for tag in _TAG.finditer(body):
        kind = (tag["name"] or "").lower()
        if not kind:
            continue
        if tag["end"]:
            if kind not in opened:
                continue
            while opened.pop() != kind:
                pass
        else:
            if not opened:
                begun, name = tag.start(), f"#{_first(_ANCHOR, tag[0])}".rstrip("#") or kind
            if kind not in _VOID:
                opened.append(kind)
        if not opened:
            found[_unlike(name, found)] = body[begun : tag.end()]
    return found


def _unlike(name: str, others: Container[str]) -> str:
    """Return a name that none of the others is."""
    number = 1
    while (numbered := f"{name} {number}" if number > 1 else name) in others:
        number += 1
    return numbered


def _judged(found: re.Match[str], verdicts: Mapping[str, str]) -> str:
    verdict = verdicts.get(unescape(found[1]), "undecided")
    return f'<span class="claim" data-verdict="{escape(verdict)}" data-claim="{found[1]}"'


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1].strip() if found else ""
