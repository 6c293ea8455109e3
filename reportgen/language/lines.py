"""Track which line of the file each line of output came from.

Text is marked with its line when it is written, and the marks are taken out at the end: loops and
conditions repeat and drop lines, so they can't be counted afterwards.
"""

import re
from typing import Final

from reportgen.language import literal
from reportgen.language.outcome import CLOSE, OPEN

_MARK: Final = re.compile("\ue003(\\d+)\ue004")
_SHOW: Final = re.compile(f"{OPEN}show:\\d+{CLOSE}")
_LEADING: Final = re.compile("(?:\\s|\ue003\\d+\ue004)*")


def marked(text: str, line: int) -> str:
    """Return `text`, which begins on `line`, with a mark at the start of each of its lines."""
    return "\n".join(
        f"\ue003{number}\ue004{part}" for number, part in enumerate(text.split("\n"), start=line)
    )


def unmarked(text: str) -> str:
    """Return `text` without marks."""
    return _MARK.sub("", text)


def trimmed(text: str) -> tuple[str, str, str]:
    """Return the white space and marks before a text, the text, and those after it."""
    start, end = _LEADING.match(text).end(), len(text)  # type: ignore[union-attr]
    while end > start and (text[end - 1].isspace() or text[end - 1] == "\ue004"):
        end = text.rindex("\ue003", 0, end) if text[end - 1] == "\ue004" else end - 1
    return text[:start], text[start:end], text[end:]


def has_show(text: str) -> bool:
    """Return whether something to show stands in a text."""
    return bool(_SHOW.search(text))


def laid_out(text: str, first_line: int) -> tuple[list[str], list[int], list[int]]:
    """Return the lines of a marked text, where each came from, and where a show stands within a line.

    Something to show gets an empty line before and after it where it has none.
    """
    lines: list[str] = []
    sources: list[int] = []
    misplaced: list[int] = []
    source = first_line
    after_show = False
    for raw in text.split("\n"):
        marks = _MARK.findall(raw)
        source = int(marks[-1]) if marks else source
        line = literal.restore(_MARK.sub("", raw))
        show = has_show(line)
        if show and not _SHOW.fullmatch(line.strip()):
            misplaced.append(source)
        if lines and lines[-1].strip() and (show or (after_show and line.strip())):
            lines.append("")
            sources.append(source)
        lines.append(line)
        sources.append(source)
        after_show = show
    return lines, sources, misplaced
