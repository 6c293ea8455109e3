"""How commands grow with the report: 10, 100 and 1,000 sections over as many models, results made up.

`status` and `check` are timed with everything fresh, and again with one sentence edited; `build` with one
sentence edited, for the sizes up to --built. Each result holds predictions for 60,000 images, as those on
CIFAR-10 do. Growth is the time per section against that of the size before: 1 is linear, less is better.

    python benchmarks/scale.py --write docs/performance.md      about fifteen minutes, most of it first builds
    python benchmarks/scale.py --quick                          10 and 30, small predictions
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import markdown
import synthetic
import timing
from timing import Command, Runs, reportgen

TARGETS = {("status", 1000): 1.5}
SMALL = {"train": 400, "validation": 100, "test": 100}


def measured(count: int, repeats: int, built: bool, sizes: Mapping[str, int]) -> dict[str, Runs]:
    """Make a report of `count` sections and time commands on it."""
    numbers = iter(range(1, 1000))
    with tempfile.TemporaryDirectory(prefix="reportgen-scale-") as place:
        folder = Path(place, "report")
        folder.mkdir()
        synthetic.write(folder, count, sizes=dict(sizes))

        def edit() -> None:
            synthetic.edit(folder, next(numbers))

        commands = {
            "status": Command(reportgen("status"), folder),
            "check": Command(reportgen("check"), folder, accepted=(0, 1)),
            "status, a sentence edited": Command(reportgen("status"), folder, edit),
            "check, a sentence edited": Command(reportgen("check"), folder, edit, accepted=(0, 1)),
        }
        if built:
            timing.once(Command(reportgen("build"), folder))
        found = timing.in_turn(commands, repeats)
        if built:
            found |= timing.in_turn(
                {"build, a sentence edited": Command(reportgen("build"), folder, edit)}, min(repeats, 3)
            )
    return found


def rows(found: Mapping[int, Mapping[str, Runs]]) -> Iterator[tuple[str, ...]]:
    names = dict.fromkeys(name for runs in found.values() for name in runs)
    for name in names:
        cells, before = [], None
        for count, runs in found.items():
            if name not in runs:
                cells += ["–", "–"]
                continue
            seconds, target = runs[name].wall, TARGETS.get((name, count))
            met = "" if target is None else f" (≤ {target:g}: {'yes' if seconds <= target else '**no**'})"
            each = seconds / count
            cells += [f"{seconds:.2f}{met}", "" if before is None else f"{each / before:.2f}"]
            before = each
        yield name, *cells


def main() -> None:
    parser = markdown.parser(__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sizes", nargs="+", type=int, default=[10, 100, 1000], metavar="N")
    parser.add_argument("--built", type=int, default=100, metavar="N", help="largest report that is built")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    counts: Sequence[int] = (10, 30) if chosen.quick else chosen.sizes
    built = 0 if chosen.quick else chosen.built
    sizes = SMALL if chosen.quick else synthetic.SIZES
    busy = timing.busy()
    found = {
        count: measured(count, 2 if chosen.quick else chosen.repeats, count <= built, sizes)
        for count in counts
    }
    header = ["", *(cell for count in counts for cell in (f"{count:,} sections", "growth"))]
    most = {count: max(runs.peak for runs in each.values()) for count, each in found.items()}
    peaks = ", ".join(f"{peak / 1e6:.0f} MB at {count:,}" for count, peak in most.items())
    text = "\n".join(
        [
            markdown.table(header, rows(found)),
            f"Seconds of wall time, medians. Memory of the largest process: {peaks}. {busy}",
            timing.machine(),
        ]
    )
    markdown.publish(text, "scale", chosen.write)


if __name__ == "__main__":
    main()
