"""The pipeline of a report, as DVC and Snakemake see it: a stage a model, and one for the report."""

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from timing import Command

from reportgen.pipeline.project import Project

# What trains here takes no time: the pipelines are measured when there is nothing to do.
TRAIN = """\
import shutil
import sys
from pathlib import Path

name, stored = sys.argv[1:]
folder = Path("results", name)
folder.mkdir(parents=True, exist_ok=True)
for path in Path("stored", stored).iterdir():
    shutil.copyfile(path, folder / path.name)
"""
REPORT = """\
from pathlib import Path

parts = [path.read_text() for path in sorted(Path("answers").glob("*.md"))]
Path("report.txt").write_text("".join(parts))
"""


def dvc(project: Project, folder: Path, program: str | None) -> Mapping[str, Command]:
    """Return `dvc repro` and `dvc status` of an equivalent pipeline that is up to date, or nothing."""
    if program is None:
        print("dvc is not installed: its rows are left out (see the top of benchmarks/warm.py)\n")
        return {}
    models = _lay_out(project, folder)
    lines = ["stages:"]
    for name, key in models.items():
        lines += [
            f"  train-{name}:",
            f"    cmd: python3 train.py {name} {key}",
            "    deps: [train.py, answers/models.py, answers/report.toml]",
            f"    outs: [results/{name}]",
        ]
    deps = [*(f"results/{name}" for name in models), "report.py", *_answers(folder)]
    lines += [
        "  report:",
        "    cmd: python3 report.py",
        f"    deps: [{', '.join(deps)}]",
        "    outs: [report.txt]",
    ]
    (folder / "dvc.yaml").write_text("\n".join(lines) + "\n")
    _run(folder, program, "init", "--no-scm", "--quiet")
    _run(folder, program, "config", "core.analytics", "false")
    _run(folder, program, "config", "core.check_update", "false")
    _run(folder, program, "repro", "--quiet")
    return {
        "dvc status": Command((program, "status"), folder),
        "dvc repro": Command((program, "repro"), folder),
    }


def snakemake(project: Project, folder: Path, program: str | None) -> Mapping[str, Command]:
    """Return `snakemake` of an equivalent pipeline that is up to date, or nothing."""
    if program is None:
        print("snakemake is not installed: its rows are left out (see the top of benchmarks/warm.py)\n")
        return {}
    models = _lay_out(project, folder)
    results = [f"results/{name}/record.json" for name in models]
    rules = [
        _rule("report", [*results, "report.py", *_answers(folder)], "report.txt", "python3 report.py"),
        *(
            _rule(
                f"train_{name}",
                ["train.py", "answers/models.py", "answers/report.toml"],
                f"results/{name}/record.json",
                f"python3 train.py {name} {key}",
            )
            for name, key in models.items()
        ),
    ]
    (folder / "Snakefile").write_text("\n".join(rules))
    arguments = (program, "--cores", "1")
    _run(folder, *arguments, "--quiet")
    return {
        "snakemake --dry-run": Command((*arguments, "--dry-run"), folder),
        "snakemake": Command(arguments, folder),
    }


def _rule(name: str, inputs: list[str], output: str, command: str) -> str:
    lines = ", ".join(f'"{path}"' for path in inputs)
    return f'rule {name}:\n    input: {lines}\n    output: "{output}"\n    shell: "{command}"\n'


def _lay_out(project: Project, folder: Path) -> dict[str, str]:
    """Copy answers and results to where a pipeline can use them; return the results' keys by model."""
    (folder / "answers").mkdir(parents=True)
    for path in _files(project.report.answers):
        (folder / "answers" / path.name).write_bytes(path.read_bytes())
    (folder / "train.py").write_text(TRAIN)
    (folder / "report.py").write_text(REPORT)
    models = {}
    for planned in project.plan(build=False).models:
        stored = project.store.get(planned.key or "0" * 64)
        assert stored is not None, f"{planned.name} has no result"
        target = folder / "stored" / stored.key
        target.mkdir(parents=True, exist_ok=True)
        for name in stored.names:
            (target / name).write_bytes(stored.read(name))
        models[f"{planned.model}_{planned.seed}"] = stored.key
    return models


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.is_file())


def _answers(folder: Path) -> list[str]:
    return [f"answers/{path.name}" for path in _files(folder / "answers") if path.suffix == ".md"]


def _run(folder: Path, *arguments: str) -> None:
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
