"""The Markdown that answers are written in: CommonMark with tables, formulas and footnotes, without HTML.

There is one, whoever reads it: the pages (`reportgen.document.text.rules`, which adds how things are set) and
the search for typed numbers (`reportgen.language.prose`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


def dialect(**options: str | bool) -> MarkdownIt:
    """Return a parser of this Markdown; `options` are further ones of markdown-it."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    made = MarkdownIt("commonmark", {"html": False, **options})
    made.enable(["table", "strikethrough"])
    made.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    made.use(footnote_plugin)
    made.validateLink = lambda url: True  # type: ignore[method-assign]  # whoever sets it refuses, with a line
    return made
