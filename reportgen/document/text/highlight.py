"""Highlight code: its parts are marked by class names, and templates choose the colours."""

from functools import cache
from html import escape

from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.lexers.python import PythonLexer
from pygments.util import ClassNotFound

_FORMATTER = HtmlFormatter(nowrap=True)
_LIMIT = 100_000
_PLAIN = {"n", "p", "o", "w"}  # most of a program; every mark costs time in a layout


def highlight(code: str, language: str = "") -> str:
    """Return `code` as ``<pre><code>``, highlighted where Pygments knows `language`.

    Every line is a ``span.line`` with a class for its depth (``i4`` for four spaces), so that templates can
    hang what doesn't fit.
    """
    code = code.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    body = _highlighted(code, language) if language and len(code) <= _LIMIT else escape(code)
    lines = map(_line, body.rstrip("\n").split("\n"), code.split("\n"))
    return f'<pre class="code"><code>{"".join(lines)}</code></pre>\n'


def _line(marked: str, plain: str) -> str:
    depth = min((len(plain) - len(plain.lstrip(" "))) // 4 * 4, 24)
    return f'<span class="line i{depth}">{marked}\n</span>'


def _highlighted(code: str, language: str) -> str:
    try:
        lexer = _lexer(language)
    except ClassNotFound:
        return escape(code)
    parts: list[str] = []
    for kind, text in lexer.get_tokens(code):
        name = str(_FORMATTER._get_css_class(kind))
        # A token may hold line breaks (a docstring): each line needs its own span.
        parts.append("\n".join(_marked(piece, name) for piece in text.split("\n")))
    return "".join(parts)


@cache
def _lexer(language: str) -> Lexer:
    """Return a lexer; to make one takes longer than to use it."""
    if language in ("python", "py"):
        return PythonLexer(stripnl=False)
    return get_lexer_by_name(language, stripnl=False)


def _marked(text: str, name: str) -> str:
    if not text or not name or name in _PLAIN:
        return escape(text)
    return f'<span class="{name}">{escape(text)}</span>'
