"""Small reports with everything that a page can hold."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from reportgen import themes
from reportgen.document import tables
from reportgen.document.displays import Display, Drawing, Listing
from reportgen.document.labels import labels
from reportgen.document.page import Answered
from reportgen.language import ClaimOutcome, Evaluated, PrintedFact, Rendered, Show
from reportgen.report.types import Report
from tests.factories import make_facts, make_record, make_report

TEMPLATES = Path("/project/templates")  # a report without any of its own
_PATTERN = re.compile(r"\{(fact|show|ref|claim|false|/claim) ?([^}]*)\}")

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="f1-title" '
    'width="160pt" height="80pt" '
    'viewBox="0 0 160 80" font-family="\'Source Serif Pro\', serif"><title id="f1-title">Loss falls</title>'
    '<g><g><rect x="10" y="10" width="60" height="50" fill="#004f86" fill-opacity="0.5"/></g></g>'
    '<text x="69.6" y="75" font-size="8px" textLength="20.8" lengthAdjust="spacingAndGlyphs" '
    'fill="#1a1a1a">epoch</text>'
    '<text x="126" y="20" font-size="8px" font-weight="600" fill="#1a1a1a">63.1 %</text>'
    "</svg>"
)
FIGURE = Drawing(SVG, "Loss falls from 2.1 to 0.8; test accuracy 63.1 %", "Loss against epoch.", ("a" * 64,))

BODY = """\
The accuracy is {fact cnn.test.accuracy=63.1 %}; {claim cnn.test.accuracy > 0.62}more than *was asked{/claim}
for*. See {ref cnn.evaluation_image} and {ref cnn.summary}.

{show cnn.summary}

# A part

"Quoted" -- with $x^2$ and `code` and [a link](https://example.org/).

{show cnn.evaluation_image}

- one
- two

$$
p = \\frac{1}{2}
$$

| | a | b |
|:--|--:|:-:|
| x | 1 | 2 |

{show cnn.code}

```python
def f(x):
    return x
```

A note.[^n]

[^n]: In small print.
"""


def rendered(text: str) -> Rendered:
    """Return a rendered answer of ``{fact NAME=TEXT}``, ``{show cnn.summary}``, ``{claim TEST}…{/claim}``."""
    facts: list[PrintedFact] = []
    shows: list[Show] = []
    refs: list[Show] = []
    claims: list[ClaimOutcome] = []

    def show(name: str) -> Show:
        model, _, kind = name.rpartition(".")
        return Show(kind, () if model == "report" else (model,))

    def token(found: re.Match[str]) -> str:
        kind, argument = found[1], found[2]
        if kind == "fact":
            name, _, printed = argument.rpartition("=")
            facts.append(PrintedFact(name, printed))
            return f"\ue000fact:{len(facts) - 1}\ue001"
        if kind == "show":
            shows.append(show(argument))
            return f"\ue000show:{len(shows) - 1}\ue001"
        if kind == "ref":
            refs.append(show(argument))
            return f"\ue000ref:{len(refs) - 1}\ue001"
        if kind == "/claim":
            return f"\ue000/claim:{len(claims) - 1}\ue001"
        claims.append(ClaimOutcome(argument, "", 1, kind == "claim", Evaluated(kind == "claim")))
        return f"\ue000claim:{len(claims) - 1}\ue001"

    markdown = _PATTERN.sub(token, text)
    return Rendered(markdown, tuple(shows), tuple(facts), tuple(claims), tuple(refs))


def report(
    bodies: Mapping[str, str] | None = None,
    *,
    folder: Path | None = None,
    templates: Path = TEMPLATES,
    theme: str = "paper",
    paper: str = "a4",
    language: str = "en",
) -> tuple[Report, list[Answered]]:
    """Return a report and its rendered answers; `folder` is its project on disk."""
    made = make_report(
        ("fc", "cnn"), bodies=bodies or {"q1": BODY}, language=language, project=folder or Path("/project")
    )
    made = replace(made, templates=templates, theme=theme, paper=paper)
    return made, [Answered(section, rendered(section.body)) for section in made.sections]


def displays(language: str = "en") -> dict[Show, Display]:
    """Return what the answers of `BODY` show, for both models."""
    words = labels(language)
    found: dict[Show, Display] = {}
    for model in ("fc", "cnn"):
        record = make_record(model)
        found[Show("summary", (model,))] = tables.layers(make_facts((model,))[model], words)
        found[Show("evaluation_image", (model,))] = FIGURE
        found[Show("code", (model,))] = Listing(record.code, f"Source of {model}", sources=(record.key,))
    return found


def copied_templates(folder: Path) -> Path:
    """Return a copy of the themes as a project's own templates, to be tampered with."""
    shutil.copytree(themes.FOLDER, folder / "templates", ignore=shutil.ignore_patterns("__*__*"))
    return folder / "templates"
