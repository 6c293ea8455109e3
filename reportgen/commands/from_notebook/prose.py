"""Turn the Markdown of a notebook into answers: a section for each heading."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportgen import files
from reportgen.commands.from_notebook.cells import Cell
from reportgen.commands.toml import written
from reportgen.language import lint_text

_HEADING = re.compile(r"^(#{1,3})[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
_ANCHOR = re.compile(r"\[([^\]]*)\]\(#[^)]*\)")
_HTML = re.compile(r"<!--.*?-->|</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>", re.DOTALL)
_LARGEST = 1 << 24  # bytes of a picture
_KINDS = (".png", ".jpg", ".jpeg", ".svg")


@dataclass
class Prose:
    """Answers by their file names, the pictures that they show, and what was left out."""

    answers: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    title: str = ""


def prose(cells: Sequence[Cell], folder: Path) -> Prose:
    """Return the Markdown cells as answers; `folder` is where pictures beside the notebook are."""
    made = Prose()
    text = "\n\n".join(cell.text.strip() for cell in cells if cell.kind == "markdown")
    sections = list(_sections(text))
    if sections and text.lstrip().startswith("# "):  # the first heading is that of the whole
        made.title, body = sections.pop(0)
        sections[:0] = [("Introduction", body)] if body.strip() else []
    for number, (title, body) in enumerate(sections, 1):
        body = _without_html(_ANCHOR.sub(r"\1", body), title, made)
        body = _PICTURE.sub(lambda found: _picture(found, folder, made), body).strip()
        made.answers[f"{number:02d}-{_slug(title)}.md"] = answer(title, _plain(body) + _typed(body))
    return made


def answer(title: str, body: str) -> str:
    """Return the text of an answer's file."""
    return f"+++\ntitle = {written(title)}\n+++\n{body.strip()}\n"


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield headings with what stands below them; code in fences is text."""
    fenced = [match.span() for match in re.finditer(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)]
    heads = [
        match
        for match in _HEADING.finditer(text)
        if not any(begin <= match.start() < end for begin, end in fenced)
    ]
    before = text[: heads[0].start()] if heads else text
    if before.strip():
        yield "Introduction", before
    for head, following in zip(heads, [*heads[1:], None], strict=False):
        yield _bare(head[2]), text[head.end() : following.start() if following else len(text)]


def _without_html(text: str, title: str, made: Prose) -> str:
    """Return text without tags, which answers do not have; code keeps them."""
    parts = re.split(r"(^```.*?^```|`[^`\n]*`)", text, flags=re.MULTILINE | re.DOTALL)
    plain = [part if at % 2 else _HTML.sub("", part) for at, part in enumerate(parts)]
    if plain != parts:
        made.left.append(f"HTML in the text below {title!r}")
    return "".join(plain)


def _picture(found: re.Match[str], folder: Path, made: Prose) -> str:
    """Return a picture that lies beside the notebook, or its words."""
    name = Path(found[2]).name
    path = files.inside(folder, found[2])
    if path is not None and path.is_file() and path.suffix.lower() in _KINDS and " " not in name:
        made.pictures[name] = files.read(path, _LARGEST)
        return f"![{found[1] or name}]({name})"
    made.left.append(f"the picture {found[2][:80]}")
    return f"*{found[1] or 'a picture'}*"


def _plain(text: str) -> str:
    """Return text in which nothing is taken for a name of the report."""
    return re.sub(r"\{[{%#]", lambda found: f'{{{{ "{found[0]}" }}}}', text)


def _typed(body: str) -> str:
    """Return a comment that lists the numbers which are typed in a text."""
    found = [problem.message for problem in lint_text(body, "", 1, frozenset(), markdown=True)]
    if not found:
        return ""
    lines = "\n".join(f"   - {message}".replace("#}", "# }") for message in dict.fromkeys(found))
    return (
        "\n\n{# Typed numbers. After a build `reportgen check` says which names have these values, and\n"
        f"   `reportgen facts` lists all names; write {{{{ name }}}} in place of a number.\n{lines} #}}"
    )


def _bare(heading: str) -> str:
    return re.sub(r"[*_`$]|<[^>]*>|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip() or "Section"


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40].strip("-") or "section"


def results(models: Mapping[str, str], *, regression: bool) -> str:
    """Return an answer that shows each model, by name and title."""
    lines = []
    for name, title in models.items():
        if regression:
            lines.append(f"{title}: the mean absolute error on the test is {{{{ {name}.test.mae }}}}.")
        else:
            share = f"{{{{ {name}.test.accuracy }}}} of the {{{{ {name}.test.n }}}} test items"
            claim = f"{{% claim {name}.test.accuracy.lower > {name}.chance %}}"
            lines.append(
                f"{title}: {share} are classified correctly.\n{claim}That beats guessing{{% endclaim %}}."
            )
        figure = "predictions" if regression else "evaluation_image"
        lines.append(f"{{{{ {name}.{figure} }}}}")
    return answer("Results", "\n\n".join(lines))
