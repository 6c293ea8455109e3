"""How long a command takes when everything is trained: nothing to do, or one sentence edited.

Measured on a copy of this report where all its models have results, else on a made-up one of ten sections.
The same sections, models and results stand in a pipeline of DVC and one of Snakemake, each up to date; those
that are not installed are left out:

    python -m venv others && others/bin/pip install dvc snakemake
    PATH=$PATH:$PWD/others/bin python benchmarks/warm.py --write docs/performance.md

It takes about three minutes, the first build included; --quick, which says little, one.
"""

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import markdown
import pipelines
import synthetic
import timing
from timing import Command, Runs, reportgen

from reportgen.pipeline.project import Project, open_project

TARGETS = {
    "--help": 0.15,
    "--version": 0.15,
    "status": 0.35,
    "check": 0.35,
    "build": 0.5,
    "build, a sentence edited": 3.0,
    "build --section, a sentence edited": 3.0,
}
MEMORY = 300e6
SENTENCE = "All of this was written before lunch"


def prepared(folder: Path, quick: bool, made_up: bool) -> tuple[Project, str]:
    """Return a project in `folder` whose models all have results, and what it is."""
    if not made_up:
        project = open_project(synthetic.ROOT, read_only=True)
        stale = [each.name for each in project.plan(build=False).models if each.status != "fresh"]
        if not stale:
            for name in ("answers", "templates"):
                shutil.copytree(synthetic.ROOT / name, folder / name)
            shutil.copytree(project.store.root, folder / ".reportgen/store")
            return open_project(folder), "this report"
        print(f"not trained: {', '.join(stale)}; a made-up report stands in for it\n")
    count = 3 if quick else 10
    return synthetic.write(folder, count, shown=True), "a made-up report"


def editor(project: Project) -> tuple[str, Callable[[], None]]:
    """Return the id of a section, and what edits a sentence in it, each time to another one."""
    section = project.report.sections[len(project.report.sections) // 2]
    text = section.path.read_text(encoding="utf-8").rstrip("\n")
    times = iter(range(1, 1000))

    def edit() -> None:
        letters = "".join("abcdefghij"[int(digit)] for digit in str(next(times)))
        section.path.write_text(f"{text}\n\n{SENTENCE}, {letters}.\n", encoding="utf-8")

    return section.id, edit


def idle(folder: Path) -> Mapping[str, Command]:
    """Return the commands that find nothing to do."""
    return {
        "--help": Command(reportgen("--help"), folder),
        "--version": Command(reportgen("--version"), folder),
        "status": Command(reportgen("status"), folder),
        "check": Command(reportgen("check"), folder, accepted=(0, 1)),
        "build": Command(reportgen("build", "--draft"), folder),
    }


def edited(folder: Path, section: str, edit: Callable[[], None]) -> Mapping[str, Command]:
    """Return the builds that find one sentence edited."""
    only = ("--section", section, "--out", "section.pdf")
    return {
        "build, a sentence edited": Command(reportgen("build", "--draft"), folder, edit),
        "build --section, a sentence edited": Command(reportgen("build", "--draft", *only), folder, edit),
    }


def rows(found: Mapping[str, Runs]) -> Iterator[tuple[str, ...]]:
    for name, runs in found.items():
        target = TARGETS.get(name)
        yield (
            f"`reportgen {name.split(',')[0]}`{name[len(name.split(',')[0]) :]}" if target else f"`{name}`",
            f"{runs.wall:.2f}",
            f"{runs.best:.2f}",
            f"{runs.processor:.2f}",
            f"{runs.peak / 1e6:.0f}",
            f"{target:g}" if target else "–",
            ("yes" if runs.wall <= target and runs.peak <= MEMORY else "**no**") if target else "–",
        )


def main() -> None:
    parser = markdown.parser(__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--quick", action="store_true", help="a smaller report and three runs of each")
    parser.add_argument("--made-up", action="store_true", help="made-up results, even if real ones are there")
    parser.add_argument("--repeats", type=int, help="runs of each command  [default: 7]")
    parser.add_argument("--dvc", default=shutil.which("dvc"), help="the program  [default: from PATH]")
    parser.add_argument("--snakemake", default=shutil.which("snakemake"), help="likewise")
    chosen = parser.parse_args()
    repeats = chosen.repeats or (3 if chosen.quick else 7)
    busy = timing.busy()
    with tempfile.TemporaryDirectory(prefix="reportgen-warm-") as place:
        folder = Path(place, "report")
        folder.mkdir()
        project, what = prepared(folder, chosen.quick, chosen.made_up)
        timing.once(Command(reportgen("build", "--draft"), folder))
        section, edit = editor(project)
        others = {
            **pipelines.dvc(project, Path(place, "dvc"), chosen.dvc),
            **pipelines.snakemake(project, Path(place, "snakemake"), chosen.snakemake),
        }
        found = timing.in_turn({**idle(folder), **others}, repeats)
        found |= timing.in_turn(edited(folder, section, edit), repeats)
    header = ("", "wall, median", "wall, best", "processor", "peak MB", "target", "met")
    sections, models = len(project.report.sections), len(project.report.models)
    text = "\n".join(
        [
            markdown.table(header, rows(found)),
            f"Seconds; median and best of {repeats}. On {what}: {sections} sections, {models} models. {busy}",
            timing.machine(),
        ]
    )
    markdown.publish(text, "warm", chosen.write)


if __name__ == "__main__":
    main()
