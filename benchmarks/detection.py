"""How many wrong statements `reportgen check` finds, planted one at a time into real answers.

Each plant is a pair: a statement that the stored results bear out, and the same made wrong. What is true
is worked out here from the stored predictions with NumPy, not by the language under test. A wrong
statement counts as found if the check fails with it, at its file and line, and nothing else changes; its
right version must change nothing.

Wrong numbers, orders, signs and class pairs are claims; typed numbers are prose that names nothing, which
`check --strict` points out, and hidden ones are split by emphasis, written as entities, calculated, or in a
note. What says nothing is true whatever was measured. An overclaim says "significantly better" of two
models between which SciPy finds no difference. "True last week" is a claim that an earlier result bears out
(another seed of the model where there is one, else the predictions with 2 % of them changed) and the present
one does not; beside being false now, it must be undecided while the model is stale.

    python benchmarks/detection.py [--project DIR | --synthetic] [--write docs/claims.md]
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import markdown
from plants import Plant, Records, plants

from reportgen.claims import Verdicts, judge, typed_numbers
from reportgen.report.types import Report
from reportgen.results import Facts, facts

TYPED = ("typed number", "hidden number")


def planted(report: Report, section: int, text: str) -> tuple[Report, int]:
    """Return the report with a paragraph more in one answer, and the line where that stands."""
    sections = list(report.sections)
    chosen = sections[section]
    body = chosen.body.rstrip("\n") + "\n\n"
    sections[section] = replace(chosen, body=body + text + "\n")
    return replace(report, sections=tuple(sections)), chosen.body_line + body.count("\n")


@dataclass(frozen=True)
class Bench:
    """A report with its results, and what the check says to it as it is."""

    report: Report
    facts: Facts
    verdicts: Verdicts

    def new_verdicts(
        self, report: Report, unsettled: Mapping[str, str] | None = None
    ) -> list[tuple[int, str]]:
        """Return line and verdict of each claim that the report as it is does not have."""
        before = {verdict.id for verdict in self.verdicts}
        found = judge(report, self.facts, unsettled=unsettled).strict()
        return [
            (verdict.line, verdict.status)
            for verdict in found
            if verdict.id not in before and verdict.kind == "claim"
        ]

    def typed(self, report: Report) -> set[tuple[int, int]]:
        """Return section and line of each typed number."""
        ids = [section.id for section in report.sections]
        return {(ids.index(verdict.of), verdict.line) for verdict in typed_numbers(report, self.facts)}

    def finds(self, plant: Plant, section: int) -> bool:
        """Return whether the wrong version is found, at its line and nothing else."""
        report, line = planted(self.report, section, plant.wrong)
        if plant.family in TYPED:
            return self.typed(report) - self.typed(self.report) == {
                (section, line)
            } and not self.new_verdicts(report)
        found = self.new_verdicts(report) == [(line, "false")]
        if plant.stale:
            stale = self.new_verdicts(report, {plant.stale: "stale"})
            found = found and (line, "undecided") in stale
        return found

    def accepts(self, plant: Plant, section: int) -> bool:
        """Return whether the right version raises nothing."""
        report, line = planted(self.report, section, plant.right)
        expected = [] if plant.family in TYPED else [(line, "holds")]
        return self.new_verdicts(report) == expected and self.typed(report) == self.typed(self.report)


def synthetic() -> tuple[Report, Records, Mapping[str, tuple[str, ...]]]:
    """Return a report of five models with made-up results."""
    import sys

    sys.path.insert(0, str(Path(__file__).parent.parent))
    from tests.factories import ACCURACIES, CIFAR10, make_record, make_report

    bodies = {f"q{number}": "The CNN reaches {{ cnn.test.accuracy }}.\n" for number in range(1, 5)}
    trained = {"cnn": (1, 2, 3), "cnn_dropout": (1, 2, 3)}
    report = make_report(("mnist_fc", "fc", "cnn", "cnn_dropout", "own"), bodies=bodies, seeds=trained)
    records = {
        name: tuple(
            make_record(
                name,
                seed=seed,
                dataset=spec.training.dataset,
                accuracy={"test": ACCURACIES[name]["test"] + 0.006 * (seed - 2)},
            )
            for seed in spec.seeds
        )
        for name, spec in report.models.items()
    }
    return report, records, {"cifar10": CIFAR10, "mnist": tuple("0123456789")}


def real(folder: Path) -> tuple[Report, Records, Mapping[str, tuple[str, ...]]]:
    """Return the report of a project with its stored results."""
    from reportgen import datasets
    from reportgen.pipeline.gather import gather
    from reportgen.pipeline.project import open_project

    project = open_project(folder, read_only=True)
    gathered = gather(project, project.plan(build=False))
    if gathered.unsettled:
        raise SystemExit(f"no results to go by: {dict(gathered.unsettled)}")
    names = project.report.used_datasets
    own = project.report.datasets
    return project.report, gathered.records, {name: datasets.class_names(name, own) for name in names}


def table(report: Report, records: Records, class_names: Mapping[str, tuple[str, ...]], seed: int) -> str:
    """Plant everything, and return the table."""
    chance = random.Random(seed)
    known = facts(report, records, class_names)
    bench = Bench(report, known, judge(report, known))
    tallies: dict[str, list[int]] = {}
    missed = []
    for plant in plants(
        records, {name: class_names[spec.training.dataset] for name, spec in report.models.items()}, chance
    ):
        section = chance.randrange(len(report.sections))
        tally = tallies.setdefault(plant.family, [0, 0, 0])
        found, accepted = bench.finds(plant, section), bench.accepts(plant, section)
        for column, add in enumerate((True, found, not accepted)):
            tally[column] += add
        if not (found and accepted):
            missed.append(
                f"- {'accepted' if not found else 'refused'}: `{plant.wrong if not found else plant.right}`"
            )
    tallies["all"] = [sum(column) for column in zip(*tallies.values(), strict=True)]
    rows = [[family, *map(str, tally)] for family, tally in tallies.items()]
    made = markdown.table(
        ["planted", "wrong versions", "found", "right versions that raised something"], rows
    )
    answers = f"{len(report.sections)} answers, {len(bench.verdicts)} verdicts without plants, seed {seed}"
    return "\n".join([made, *missed, f"(`benchmarks/detection.py`: {answers}.)\n"])


def main() -> None:
    parser = markdown.parser(__doc__)
    parser.add_argument("--project", type=Path, default=Path(__file__).parent.parent)
    parser.add_argument("--synthetic", action="store_true", help="made-up results instead of stored ones")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    markdown.publish(
        table(*(synthetic() if options.synthetic else real(options.project)), options.seed),
        "detection",
        options.write,
    )


if __name__ == "__main__":
    main()
