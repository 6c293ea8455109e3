"""The planted mistakes of benchmarks/detection.py, on made-up results."""

import random
import runpy
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def test_every_planted_mistake_is_found_and_no_right_statement_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    detection = runpy.run_path(str(BENCHMARKS / "detection.py"))
    report, records, classes = detection["synthetic"]()
    known = detection["facts"](report, records, classes)
    bench = detection["Bench"](report, known, detection["judge"](report, known))
    families: dict[str, list[Any]] = {}
    by_model = {name: classes[spec.training.dataset] for name, spec in report.models.items()}
    for plant in detection["plants"](records, by_model, random.Random(1)):
        families.setdefault(plant.family, []).append(plant)
    assert families.keys() == {
        "hidden number",
        "overclaim",
        "says nothing",
        "true last week",
        "typed number",
        "wrong class pair",
        "wrong number",
        "wrong order",
        "wrong sign",
    }
    for number, plant in enumerate(plant for plants in families.values() for plant in plants[:2]):
        section = number % len(report.sections)
        assert bench.finds(plant, section), plant.wrong
        assert bench.accepts(plant, section), plant.right
        # The bench itself can fail: a right statement is not "found", nor a wrong one accepted.
        swapped = detection["Plant"](plant.family, plant.wrong, plant.right)
        assert not bench.finds(swapped, section)
        assert not bench.accepts(swapped, section)
