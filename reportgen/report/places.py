"""Find the line of a key in a TOML text, for error messages.

The standard library's parser tells values without their lines. This scanner tells lines without
values: it runs over text that `tomllib` has already accepted and only looks for table headers and
keys.
"""

import re
from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]

# Possessive, so that none of them goes back over what it has read: time grows with the text, and no faster.
_NAME = r"""(?:[A-Za-z0-9_-]++|"[^"]*+"|'[^']*+')"""
_HEADER = re.compile(rf"\s*+\[{{1,2}}\s*+(?P<name>{_NAME}(?:\s*+\.\s*+{_NAME})*+)\s*+\]{{1,2}}\s*+(?:#.*+)?$")
_KEY = re.compile(rf"\s*+(?P<key>{_NAME}(?:\s*+\.\s*+{_NAME})*+)\s*+=")
_PART = re.compile(_NAME)
_TOKEN = re.compile(r"""\"{3}|'{3}|"(?:\\.|[^"\\])*+"?|'[^']*+'?|\#.*+|[\[\]{}]""")


class Places:
    """Lines of the keys of a valid TOML text.

    Parameters
    ----------
    text : str
        TOML that `tomllib` accepts.
    first_line : int
        Line of the file on which `text` begins (front matter begins below its mark).
    """

    def __init__(self, text: str, first_line: int = 1) -> None:
        self._first = first_line
        self._lines: Mapping[Path, int] = dict(_scan(text, first_line))

    def __call__(self, *path: str | int) -> int:
        """Return the line of the key at `path`, or of its nearest parent that stands in the text."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return self._first


def _scan(text: str, first_line: int) -> Iterator[tuple[Path, int]]:
    table: Path = ()
    current: Path = ()
    depth, closing, item = 0, "", 0
    for number, line in enumerate(text.split("\n"), first_line):
        if closing:  # in a string of several lines; nothing in it counts
            _, found, line = line.partition(closing)
            if not found:
                continue
            closing = ""
        elif not depth:
            if header := _HEADER.match(line):
                table = _parts(header["name"])
                yield table, number
                continue
            if key := _KEY.match(line):
                current, item = table + _parts(key["key"]), 0
                yield current, number
                yield from _inline(current, line[key.end() :], number)
                line = line[key.end() :]
        at = 0
        while token := _TOKEN.search(line, at):
            mark, at = token[0], token.end()
            if mark in ('"""', "'''"):
                end = line.find(mark, at)
                if end < 0:
                    closing = mark
                    break
                at = end + 3
            elif mark in "[{":
                depth += 1
            elif mark in "]}":
                depth -= 1
            elif depth == 1 and mark[0] in "\"'":
                yield (*current, item), number
                item += 1


def _inline(parent: Path, text: str, number: int) -> Iterator[tuple[Path, int]]:
    if text.lstrip().startswith("{"):
        for key in re.finditer(r"[{,]\s*+([A-Za-z0-9_-]++)\s*+=", text):
            yield (*parent, key[1]), number


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
