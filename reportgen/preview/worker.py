"""The render child: reads questions, a JSON object a line, and answers each on standard output.

``{"id": 1, "task": "render", "text_only": true}`` is answered by ``{"id": 1, "parts": {...}}`` often,
``{"id": 1, "assets": [[address, type, base64], ...]}`` and at last ``{"id": 1, "done": true}``. Errors
are ``{"id": 1, "problems": [...]}``. What takes long (training, export, pages) has a child each.
"""

import base64
import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from reportgen.errors import Problem, ReportgenError
from reportgen.pipeline.project import Project, open_project
from reportgen.preview import panels
from reportgen.preview.asset import digest
from reportgen.preview.renderer import Renderer

Say = Callable[..., None]
GARBAGE = 100_000  # new objects between two searches for cycles, which would take a fourth of the time


def main() -> None:
    """Answer until standard input ends."""
    say = _speaker()
    gc.set_threshold(GARBAGE)
    settings = json.loads(sys.argv[1])
    folder = Path(settings["project"])
    renderer: Renderer | None = None
    sent: set[str] = set()
    for line in sys.stdin:
        asked = json.loads(line)
        number = asked["id"]
        try:
            if asked["task"] in LONG:
                say(id=number, result=LONG[asked["task"]](opened(settings), asked, say))
            else:
                renderer = renderer or Renderer(opened(settings))
                _answer(renderer, asked, say, sent)
        except ReportgenError as error:
            say(id=number, problems=panels.problems(error.problems, folder))
        except (KeyboardInterrupt, SystemExit):
            raise
        except (
            Exception
        ) as error:  # whatever a library makes of a stranger's file: the page says so, and stays
            message = f"reportgen failed: {type(error).__name__}: {error}"
            say(id=number, problems=panels.problems([Problem("", 0, message[:500])], folder))
        say(id=number, done=True)


def opened(settings: Mapping[str, Any]) -> Project:
    """Return the project that the preview was started for."""
    answers = settings["answers"]
    return open_project(
        Path(settings["project"]),
        Path(answers) if answers else None,
        settings["store"],
        seeds=settings["seeds"],
    )


def _answer(renderer: Renderer, asked: Mapping[str, Any], say: Say, sent: set[str]) -> None:
    """Answer one question by the warm renderer; an asset goes over once, before what names it."""

    def send_assets() -> None:
        assets = renderer.screens.assets
        new = [assets[address] for address in assets if address not in sent]
        if new:
            coded = [[each.address, each.type, base64.b64encode(each.data).decode()] for each in new]
            say(id=asked["id"], assets=coded)
            sent.update(each.address for each in new)

    if asked["task"] == "render":
        with renderer.project.store.in_use():
            for parts in renderer.render(text_only=asked["text_only"]):
                send_assets()
                say(id=asked["id"], parts=parts)
        if not gc.get_freeze_count():  # what is warm now stays, and need not be looked through again
            gc.collect()
            gc.freeze()
    else:
        result = renderer.answer(asked)
        send_assets()
        say(id=asked["id"], result=result)


def train(project: Project, asked: Mapping[str, Any], say: Say) -> Any:
    """Train what is stale among the given models, as the command does."""
    from reportgen.commands.train import bring_up_to_date, chosen_models

    def observe(model: str, event: Mapping[str, Any]) -> None:
        say(id=asked["id"], event={"model": model, **event})

    wanted = chosen_models(project.report, asked["models"])
    jobs = project.report.options.get("jobs", 1)
    with project.store.in_use():
        trained = bring_up_to_date(
            project,
            project.plan(),
            wanted,
            observe,
            jobs if isinstance(jobs, int) else 1,
            again=bool(asked["models"]),
        )
    return [each.name for each in trained]


def export(project: Project, asked: Mapping[str, Any], say: Say) -> Any:
    """Build PDF, HTML and notebook, as the command does; what is stale is trained first."""
    from reportgen.commands.build import build

    def observe(model: str, event: Mapping[str, Any]) -> None:
        say(id=asked["id"], event={"model": model, **event})

    with project.store.in_use():
        built = build(
            project,
            [Path(name) for name in asked["outs"]],
            observe=observe,
            step=lambda message: say(id=asked["id"], event={"step": message}),
        )
    return {
        "written": [path.name for path in built.written],
        "warnings": list(built.warnings),
        "missing": list(built.missing),
    }


def pages(project: Project, asked: Mapping[str, Any], say: Say) -> Any:
    """Set the report as it stands as a PDF, without the evidence that a hand-in carries."""
    from reportgen.document import evidence, pdf
    from reportgen.pipeline import render
    from reportgen.pipeline.gather import gather

    with project.store.in_use():
        gathered = gather(project, project.plan(build=False))
        answers = render.answered(project.report, gathered)
        page = render.lay_out(project, gathered, answers, draft=bool(gathered.verdicts.exit_status))
        data = pdf.write(
            page.html,
            page.assets,
            metadata=evidence.Metadata(render.moment(gathered)),
            formulas=page.formulas,
        )
    address = f"/pages/{digest(data)}.pdf"
    say(id=asked["id"], assets=[[address, "application/pdf", base64.b64encode(data).decode()]])
    return address


LONG: Mapping[str, Callable[[Project, Mapping[str, Any], Say], Any]] = {
    "train": train,
    "export": export,
    "pages": pages,
}


def _speaker() -> Say:
    """Return what writes to standard output; whatever else is printed goes to standard error."""
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(**message: Any) -> None:
        stream.write(json.dumps(message, separators=(",", ":"), default=str) + "\n")
        stream.flush()

    return say


def _end(number: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    try:
        main()
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)
