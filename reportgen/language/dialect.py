"""The Markdown that answers are written in: CommonMark with tables, formulas, notes and citations.

There is one for all readers: the pages (`reportgen.document.text.rules`, which adds how things are set) and
the search for typed numbers (`reportgen.language.prose`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

_KEY: Final = r"@[A-Za-z0-9_][\w:.+/-]*"
_CITATION: Final = re.compile(rf"\[({_KEY}(?:,[^\[\];]*)?(?:;\s*{_KEY}(?:,[^\[\];]*)?)*)\](?!\()")


def dialect(**options: object) -> MarkdownIt:
    """Return a parser of this Markdown; `options` are further ones of markdown-it."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    made = MarkdownIt("commonmark", {"html": True, **options})  # read as HTML, so that it can be refused
    made.enable(["table", "strikethrough"])
    made.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    made.use(footnote_plugin)
    made.inline.ruler.before("link", "citation", _citation)
    made.validateLink = lambda url: True  # type: ignore[method-assign]  # the setter refuses, with a line
    return made


def _citation(state: StateInline, silent: bool) -> bool:
    """Read ``[@key]``, ``[@key, p. 3]`` or ``[@one; @other]`` as one token, its items in `meta`."""
    found = _CITATION.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        parts = [part.strip().partition(",") for part in found[1].split(";")]
        token.meta = {"items": tuple((key.strip()[1:], locator.strip()) for key, _, locator in parts)}
        token.content = found[0]
    state.pos = found.end()
    return True
