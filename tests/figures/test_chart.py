"""Ticks and label places; and that nothing outside decides what is drawn."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.figures import Look, chart

PROGRAM = """
import sys
from reportgen.figures import Look, architecture, comparison, evaluation_image, ShownModel
assert "matplotlib" not in sys.modules
from tests.factories import CIFAR10, make_record
record = make_record("cnn")
for figure in (
    evaluation_image(ShownModel("CNN", (record,), CIFAR10)),
    comparison([ShownModel("CNN", (record,), dataset="CIFAR-10")], Look("sv")),
    architecture(ShownModel("CNN", (record,))),
):
    sys.stdout.buffer.write(figure.to_bytes())
"""
HOSTILE = """
font.size: 30
svg.fonttype: path
axes.facecolor: red
axes.formatter.use_locale: True
lines.linewidth: 9
text.usetex: True
"""


def drawn(folder: Path, **environment: str) -> bytes:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "TZ"))}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**clean, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
        cwd=folder,
        capture_output=True,
        check=True,
    )
    return done.stdout


def test_same_bytes_under_another_environment(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text(HOSTILE)
    here = drawn(Path.cwd(), PYTHONHASHSEED="1", TZ="UTC")
    there = drawn(tmp_path, PYTHONHASHSEED="2", TZ="Asia/Tokyo", LC_ALL="C", SOURCE_DATE_EPOCH="1")
    assert len(here) > 10_000
    assert here == there


def test_settings_are_left_as_they_were() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    with chart.sheet(Look(), 5, 5) as sheet:
        chart.place(sheet, 1, 1, 3, 3)
        chart.render(sheet, Look())
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.05, 20_000, (0.1, 1, 10, 100, 1000, 10_000)),
        (50_000, 20_000_000, (100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)),
        (0.7, 2.4, (0.7, 1, 1.5, 2)),
        (0.91, 0.97, (0.92, 0.94, 0.96)),
    ],
)
def test_logarithmic_ticks(low: float, high: float, ticks: tuple[float, ...]) -> None:
    assert chart.log_ticks(low, high) == pytest.approx(ticks)


def test_even_ticks_are_round_and_inside() -> None:
    assert chart.even_ticks(43.2, 97.1, 6) == (50, 60, 70, 80, 90)
    assert chart.even_ticks(1, 15, 4, whole=True) == (5, 10, 15)


@settings(deadline=None)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=8))
def test_spread_labels_keep_their_distance_and_order(wanted: list[float]) -> None:
    placed = chart.spread(wanted, 10, 0, 100)
    inside = sorted(placed)
    assert all(after - before >= 10 - 1e-9 for before, after in pairwise(inside))
    assert inside[0] >= -1e-9
    assert inside[-1] <= 100 + 1e-9
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    assert [placed[i] for i in order] == inside


def test_labels_with_room_stay_where_they_belong() -> None:
    assert chart.spread([20, 60], 10, 0, 100) == [20, 60]
    assert chart.spread([50, 54], 10, 0, 100) == [47, 57]
