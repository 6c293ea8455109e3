"""How fast models of other labs are trained, beside Keras's `fit`.

A VGG with augmentation in the model, a small ResNet, a tutorial's network and an LSTM are declared in
others/, as in any report. Both ways take the same steps in turn; validation, compilation and start-up are
left out.

    python benchmarks/others.py --write docs/performance.md      about five minutes
"""

import dataclasses
import statistics
import sys
from typing import Any

import markdown
import timing
from rounds import HERE, VALIDATION, Trainer

from reportgen.pipeline.project import open_project

STEPS = {"vgg": 24, "resnet": 24, "tutorial": 240, "lstm": 60}


def main() -> None:
    parser = markdown.parser(__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="[default: 5]")
    parser.add_argument("--models", nargs="+", default=list(STEPS), metavar="MODEL")
    chosen = parser.parse_args()
    busy = timing.busy()
    project = open_project(HERE / "others", HERE / "others/answers", read_only=True)
    rows = []
    for planned in project.plan(build=False).models:
        if planned.model not in chosen.models:
            continue
        job = dataclasses.asdict(project.job(planned))
        steps = STEPS[planned.model]
        request: dict[str, Any] = {"job": job, "steps": steps, "validation": VALIDATION}
        trainers = {
            way: Trainer((sys.executable, str(HERE / "trainers.py")), {"way": way, **request})
            for way in ("keras", "reportgen")
        }
        seconds: dict[str, list[float]] = {way: [] for way in trainers}
        for number in range(1 + chosen.rounds):
            for way, each in trainers.items():
                took = each.round()["train"]
                if number:  # the first compiles
                    seconds[way].append(took)
        for each in trainers.values():
            each.end()
        ratios = [fit / own for fit, own in zip(seconds["keras"], seconds["reportgen"], strict=True)]
        median = {way: 1000 * statistics.median(times) / steps for way, times in seconds.items()}
        rows.append(
            (
                planned.spec.title,
                f"{median['keras']:.1f}",
                f"{median['reportgen']:.1f}",
                f"{statistics.median(ratios):.2f}",
                f"{min(ratios):.2f} to {max(ratios):.2f}",
            )
        )
        print(*rows[-1], flush=True)
    header = ("model", "`fit`", "reportgen", "ratio, median", "ratios of the rounds")
    about = f"Milliseconds a step, float32; {chosen.rounds} rounds in turn. {busy}"
    text = f"{markdown.table(header, rows)}\n{about}"
    markdown.publish(f"{text}\n{timing.machine()}", "others", chosen.write)


if __name__ == "__main__":
    main()
