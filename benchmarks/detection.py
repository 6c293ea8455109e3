"""How many wrong statements `reportgen check` finds, planted one at a time into real answers.

Each plant is a pair: a statement that the stored results bear out, and the same made wrong. What is true
is worked out here from the stored predictions with NumPy, not by the language under test. A wrong
statement counts as found if the check fails with it, at its file and line, and nothing else changes; its
right version must change nothing.

Wrong numbers, orders, signs and class pairs are claims; typed numbers are prose that names nothing, which
`check --strict` points out. An overclaim says "significantly better" of two models between which SciPy
finds no difference. "True last week" is a claim that an earlier result bears out (another seed of the
model where there is one, else the predictions with 2 % of them changed) and the present one does not;
beside being false now, it must be undecided while the model is stale.

    python benchmarks/detection.py [--project DIR | --synthetic] [--write docs/claims.md]
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import markdown
import numpy as np
from scipy import stats

from reportgen.claims import Verdicts, judge, typed_numbers
from reportgen.experiment.record import Evaluation, Record
from reportgen.report.model import Report
from reportgen.results import Facts, facts

Records = Mapping[str, tuple[Record, ...]]
MARKS = "The check says so."


@dataclass(frozen=True)
class Plant:
    """A statement, right and wrong; `stale` names the model whose results are then taken away, if any."""

    family: str
    right: str
    wrong: str
    stale: str = ""


def claim(expression: str) -> str:
    return f"{{% claim {expression} %}}{MARKS}{{% endclaim %}}"


# ---- what is true, from the predictions themselves --------------------------------------------------


def accuracy(runs: Sequence[Record], split: str = "test") -> float:
    """Return the mean accuracy over the runs."""
    return float(
        np.mean([np.mean(run.evaluations[split].labels == run.evaluations[split].predicted) for run in runs])
    )


def confused(run: Record, classes: int) -> np.ndarray:
    """Return the confusion counts with an empty diagonal."""
    test = run.evaluations["test"]
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (test.labels, test.predicted), 1)
    np.fill_diagonal(counts, 0)
    return counts


def earlier(records: Records, chance: random.Random) -> dict[str, tuple[Record, ...]]:
    """Return results as they may have been a week ago."""
    return {
        name: (runs[1],) if len(runs) > 1 else (with_changes(runs[0], chance),)
        for name, runs in records.items()
    }


def with_changes(record: Record, chance: random.Random) -> Record:
    """Return a record with 2 % of its test predictions made right or wrong."""
    test = record.evaluations["test"]
    predicted = test.predicted.copy()
    picked = np.array(chance.sample(range(len(predicted)), len(predicted) // 50))
    better = chance.random() < 0.5
    wrong = (test.labels[picked] + 1) % (int(test.labels.max()) + 1)
    predicted[picked] = test.labels[picked] if better else wrong
    changed: Evaluation = replace(test, predicted=predicted)
    return replace(record, evaluations={**record.evaluations, "test": changed})


# ---- the plants --------------------------------------------------------------------------------------


def plants(
    records: Records, class_names: Mapping[str, Sequence[str]], chance: random.Random
) -> Iterator[Plant]:
    """Yield all that can be planted into a report with these results."""
    before = earlier(records, chance)
    for name, runs in records.items():
        yield from numbers(name, runs, chance)
        yield from classes(name, runs[0], class_names[runs[0].dataset], chance)
        yield from signs(name, runs)
        old, new = accuracy(before[name]), accuracy(runs)
        if abs(old - new) > 0.001:
            said, is_ = (f"{name}.test.accuracy is about({value:.5f}, 0.0005)" for value in (old, new))
            yield Plant("true last week", claim(is_), claim(said), name)
    for a, b in combinations(records, 2):
        yield from orders(a, b, records)
        if records[a][0].dataset == records[b][0].dataset:
            yield from overclaims(a, b, records)


def numbers(name: str, runs: Sequence[Record], chance: random.Random) -> Iterator[Plant]:
    value, off = accuracy(runs), chance.choice((-0.01, 0.01))
    total = runs[0].architecture.total
    about = f"{name}.test.accuracy is about({{:.5f}}, 0.0005)"
    yield Plant("wrong number", claim(about.format(value)), claim(about.format(value + off)))
    count = f"{name}.parameters.total == {{}}"
    yield Plant(
        "wrong number", claim(count.format(total)), claim(count.format(total + chance.choice((-1, 10, 1000))))
    )
    named, typed = f"{{{{ {name}.test.accuracy }}}}", f"{100 * (value + off):.1f} %"
    sentence = "The model reaches {} on the test images."
    yield Plant("typed number", sentence.format(named), sentence.format(typed))


def classes(name: str, run: Record, labels: Sequence[str], chance: random.Random) -> Iterator[Plant]:
    counts = confused(run, len(labels))
    first, second = np.sort(counts, axis=None)[[-1, -2]]
    if first == second:  # two pairs are confused equally often: neither is "the most confused"
        return
    true, predicted = (labels[index] for index in np.unravel_index(np.argmax(counts), counts.shape))
    other = chance.choice([label for label in labels if label not in (true, predicted)])
    pair = f'{name}.test.most_confused.true == "{{}}" and {name}.test.most_confused.predicted == "{{}}"'
    for wrong in ((predicted, true), (true, other)):
        yield Plant("wrong class pair", claim(pair.format(true, predicted)), claim(pair.format(*wrong)))


def signs(name: str, runs: Sequence[Record]) -> Iterator[Plant]:
    gap = accuracy(runs, "train") - accuracy(runs, "validation")
    if abs(gap) > 0.02:
        says = f"{name}.train.accuracy - {name}.validation.accuracy {{}} 0"
        signs_ = (">", "<") if gap > 0 else ("<", ">")
        yield Plant("wrong sign", *(claim(says.format(sign)) for sign in signs_))


def orders(a: str, b: str, records: Records) -> Iterator[Plant]:
    one, other = accuracy(records[a]), accuracy(records[b])
    if abs(one - other) > 0.04:
        high, low = (a, b) if one > other else (b, a)
        more = "{}.test.accuracy > {}.test.accuracy"
        yield Plant("wrong order", claim(more.format(high, low)), claim(more.format(low, high)))
        difference = "{}.test.accuracy - {}.test.accuracy > 0.005"
        yield Plant("wrong sign", claim(difference.format(high, low)), claim(difference.format(low, high)))
    size, other_size = (records[name][0].architecture.total for name in (a, b))
    if size != other_size:
        large, small = (a, b) if size > other_size else (b, a)
        fewer = "{}.parameters.total < {}.parameters.total"
        yield Plant("wrong order", claim(fewer.format(small, large)), claim(fewer.format(large, small)))


def overclaims(a: str, b: str, records: Records) -> Iterator[Plant]:
    rows = [
        [run.evaluations["test"].labels == run.evaluations["test"].predicted for run in records[name]]
        for name in (a, b)
    ]
    if len(rows[0]) == len(rows[1]) == 1:
        wins, losses = (
            int(np.sum(one & ~other)) for one, other in ((rows[0][0], rows[1][0]), (rows[1][0], rows[0][0]))
        )
        p_value = stats.binomtest(wins, wins + losses).pvalue if wins + losses else 1.0
    elif min(map(len, rows)) > 1:
        p_value = stats.ttest_ind(*(np.mean(row, axis=1) for row in rows), equal_var=False).pvalue
    else:
        return
    if p_value > 0.2:
        high, low = (a, b) if accuracy(records[a]) >= accuracy(records[b]) else (b, a)
        measured = claim(f"{high}.test.accuracy >= {low}.test.accuracy")
        yield Plant("overclaim", measured, claim(f"{high}.test is significantly_better_than({low}.test)"))


# ---- planting ----------------------------------------------------------------------------------------


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
        found = judge(report, self.facts, unsettled=unsettled)
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
        if plant.family == "typed number":
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
        expected = [] if plant.family == "typed number" else [(line, "holds")]
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
    from reportgen.pipeline.gathering import gather
    from reportgen.pipeline.project import open_project

    project = open_project(folder, read_only=True)
    gathered = gather(project, project.plan(build=False))
    if gathered.unsettled:
        raise SystemExit(f"no results to go by: {dict(gathered.unsettled)}")
    names = {spec.training.dataset for spec in project.report.models.values()}
    own = project.report.datasets
    return project.report, gathered.records, {name: datasets.class_names(name, own) for name in names}


def table(report: Report, records: Records, class_names: Mapping[str, tuple[str, ...]], seed: int) -> str:
    """Plant everything, and return the table."""
    chance = random.Random(seed)
    known = facts(report, records, class_names)
    bench = Bench(report, known, judge(report, known))
    tallies: dict[str, list[int]] = {}
    missed = []
    for plant in plants(records, class_names, chance):
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
