"""The figures of docs/guarantees.md are those of the tests that it names."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cli import test_mutations, test_verify
from tests.plan import test_mutations as test_plan_mutations
from tests.plan import test_soundness
from tests.store import faults, test_crash, test_remote
from tests.training import features

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/guarantees.md").read_text(encoding="utf-8")
FIGURES = {
    label.strip(): int(count)
    for label, count in re.findall(
        r"^\| ([^|]+) \| ([\d]+) \| ", TEXT.partition("## Figures")[2], re.MULTILINE
    )
}
SHARED = (
    test_remote.test_a_dropped_upload_is_invisible_and_made_up_for,
    test_remote.test_a_slow_server_is_not_waited_for,
    test_remote.test_a_corrupt_object_is_never_used_and_replaced,
    test_remote.test_a_corrupt_link_leads_nowhere,
    test_remote.test_a_damaged_local_copy_is_had_again,
    test_remote.test_no_credentials_is_said_once,
    test_remote.test_a_bucket_that_is_not_there_stops_nothing,
    test_remote.test_a_server_that_is_away_stops_nothing,
)


def cases(test: Callable[..., object]) -> int:
    """Return how often a test is run, by its parameters."""
    marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
    return len(marks[0].args[1]) if marks else 1


def changes(test: Any) -> int:
    """Return how many changes a test tries, where its parameters end in a list of them."""
    (mark,) = (mark for mark in test.pytestmark if mark.name == "parametrize")
    return sum(len(row[-1]) for row in mark.args[1])


def examples(test: Any) -> int:
    return int(test._hypothesis_internal_use_settings.max_examples)


def killed(folder: Path) -> int:
    """Return at how many points the scenarios are killed."""
    points = 0
    for scenario in faults.SCENARIOS:
        command = [sys.executable, "-m", "tests.store.faults", scenario, str(folder / scenario), "killed"]
        points += json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout)
    return points


def refused(folder: Path) -> int:
    """Return how many calls a bad disk refuses: all but removals, in every scenario and way."""
    count = 0
    (mark,) = test_crash.test_a_disk_that_fails_at_any_call_is_one_clear_error.pytestmark
    for number, (scenario, _) in enumerate(mark.args[1]):
        calls: list[str] = []
        store = faults.prepared(folder / str(number))
        with faults.intercepted(lambda name, _, calls=calls: calls.append(name)):  # type: ignore[misc]
            faults.SCENARIOS[scenario](store)
        count += sum(name not in ("unlink", "rmdir") for name in calls)
    return count


def test_the_figures_are_those_of_the_tests(tmp_path: Path) -> None:
    pages = (test_verify.test_a_digit_on_a_page_is_found, test_verify.test_one_prediction_is_found)
    unusable = (
        test_verify.test_evidence_that_cannot_be_used_is_one_clear_error,
        test_verify.test_what_is_no_report_is_one_clear_error,
    )
    points = killed(tmp_path)
    assert {
        "edits of a really trained report": len(test_mutations.ROWS) + len(test_mutations.VERSIONS),
        "edits with everything built anew, and undone": len(test_plan_mutations.ROWS),
        "pairs of random programs, every run": examples(test_soundness.test_equal_projections_build_the_same)
        + examples(test_soundness.test_what_reads_otherwise_builds_the_same),
        "points at which a publish, a record or a prune was killed": points,
        "the same as a power cut": points,
        "calls that a full, broken or read-only disk refused": refused(tmp_path),
        "faults of the shared store": sum(map(cases, SHARED)),
        "ways to interrupt one training": 3,
        "edits of a PDF or its evidence": len(pages)
        + changes(test_verify.test_a_digit_in_the_evidence_is_found),
        "files that are not a usable report": sum(map(cases, unusable)),
        "optimizers and schedules": len(features.OPTIMIZERS),
        "losses": len(features.LOSSES),
        "metrics": len(features.METRICS["metrics"].training["metrics"]) - 1,  # but for accuracy
        "layers, wrappers, penalties, constraints, dtypes": len(features.LAYERS)
        - len(features.KINDS)
        + sum(map(len, features.KINDS.values())),
        "graphs: shared layers, cut and popped models, skips, frozen parts": len(features.GRAPHS),
        "custom layers, models, training steps and losses": len(features.OWN),
        "refused by name before the first epoch": len(features.REFUSED),
    } == FIGURES


def test_the_tests_that_are_named_are_there() -> None:
    named = re.findall(r"`(tests/[\w/]+(?:\.py)?/?)`", TEXT)
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).exists()] == []
