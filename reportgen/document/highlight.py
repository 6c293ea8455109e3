"""Code with its parts marked by class names; colours are the templates' business."""

from html import escape

from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.lexers.python import PythonLexer
from pygments.util import ClassNotFound

_FORMATTER = HtmlFormatter(nowrap=True)
_PYTHON = PythonLexer(stripnl=True)
_LIMIT = 100_000


def highlight(code: str, language: str = "") -> str:
    """Return `code` as ``<pre><code>``, highlighted where Pygments knows `language`.

    Every line is a ``span.line`` with a class for its depth (``i4`` for four spaces), so that templates can
    hang what doesn't fit.
    """
    body = _highlighted(code, language) if language and len(code) <= _LIMIT else escape(code)
    lines = body.rstrip("\n").split("\n")
    return '<pre class="code"><code>' + "".join(map(_line, lines, code.split("\n"))) + "</code></pre>\n"


def _line(marked: str, plain: str) -> str:
    depth = min((len(plain) - len(plain.lstrip(" "))) // 4 * 4, 24)
    return f'<span class="line i{depth}">{marked}\n</span>'


def _highlighted(code: str, language: str) -> str:
    try:
        lexer = _PYTHON if language in ("python", "py") else get_lexer_by_name(language)
    except ClassNotFound:
        return escape(code)
    parts: list[str] = []
    for kind, text in lexer.get_tokens(code):
        name = _class_name(kind)
        # A token may hold line breaks (a docstring): each line needs its own span.
        pieces = (
            f'<span class="{name}">{escape(piece)}</span>' if name and piece else escape(piece)
            for piece in text.split("\n")
        )
        parts.append("\n".join(pieces))
    return "".join(parts)


def _marked(text: str, name: str) -> str:
    return f'<span class="{name}">{escape(text)}</span>' if name and text else escape(text)


def _class_name(kind: object) -> str:
    return str(_FORMATTER._get_css_class(kind))
