"""Write docs/results.md: every model of the report beside what others published.

    python benchmarks/results.py --write docs/results.md

The measured columns come from the store, the others from docs/published.toml; nothing is typed.
"""

import argparse
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reportgen.pipeline.gather import Gathered, gather
from reportgen.pipeline.project import Project, open_project

ROOT = Path(__file__).parents[1]
HEAD = """# Results

Written by `python benchmarks/results.py --write docs/results.md` from the stored results of this report;
the figures of others stand in `docs/published.toml`. Accuracies are shares of the images classified right,
of the finished model with Dropout off. With several seeds: the mean, ± the standard deviation over the seeds.
`train*` is the running mean of the last epoch, measured while the weights move and Dropout is on, which is
what Keras's `fit` prints and what the report of 2021 gives as training accuracy.
"""
COLUMNS = (
    "model", "parameters", "epochs", "seeds", "train", "train*", "validation", "test", "95 % interval",
    "seconds", "test, 2021", "others: min / median / max",
)  # fmt: skip


def share(value: float) -> str:
    return f"{value:.3f}"


def rows(project: Project, gathered: Gathered, published: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, spec in project.report.models.items():
        if name in gathered.unsettled:
            yield (spec.title, *("not trained yet",) * (len(COLUMNS) - 1))
            continue
        facts: Any = gathered.facts.member(name)
        spread = f" ± {share(float(facts.test.accuracy.spread))}" if len(spec.seeds) > 1 else ""
        others = published.get(name, {}).get("others")
        seed = published.get(name, {}).get("seed", {}).get("test")
        yield (
            spec.title,
            f"{int(facts.parameters.total):,}",
            str(int(facts.epochs)),
            str(len(spec.seeds)),
            share(float(facts.train.accuracy)),
            share(float(facts.history.accuracy.last)),
            share(float(facts.validation.accuracy)),
            share(float(facts.test.accuracy)) + spread,
            f"{share(float(facts.test.accuracy.lower))}–{share(float(facts.test.accuracy.upper))}",
            f"{float(facts.seconds):.0f}",
            share(seed) if seed else "–",
            " / ".join(share(others[key]) for key in ("minimum", "median", "maximum")) if others else "–",
        )


def table(project: Project, published: Mapping[str, Any]) -> str:
    gathered = gather(project, project.plan())
    lines = [
        f"| {' | '.join(row)} |"
        for row in (COLUMNS, ("---",) * len(COLUMNS), *rows(project, gathered, published))
    ]
    for machine in {
        runs[0].environment.processor: runs[0].environment for runs in gathered.records.values()
    }.values():
        versions = ", ".join(f"{name} {version}" for name, version in sorted(machine.versions.items()))
        lines += ["", f"{machine.processor}, {machine.cores} cores; {versions}."]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", help="another store than the project's own")
    parser.add_argument("--write", type=Path, help="the file to write; without it the tables are printed")
    chosen = parser.parse_args()
    published = tomllib.loads((ROOT / "docs/published.toml").read_text())
    seed = ROOT / "examples/seed-2021"
    text = "\n".join(
        [
            HEAD,
            "## The report",
            "",
            table(open_project(ROOT, store=chosen.store), published),
            "",
            "## The model handed in in 2021, trained again (`examples/seed-2021`)",
            "",
            table(open_project(ROOT, seed, store=chosen.store), {"submitted": published["own"]}),
            "",
        ]
    )
    if chosen.write:
        chosen.write.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
