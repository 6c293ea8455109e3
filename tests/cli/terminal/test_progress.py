"""What a log says of a training that is under way."""

import io
import re
import sys

import pytest

from reportgen.cli.terminal.progress import progress
from reportgen.plan.underway import Row


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"phase": "training", "epoch": 0, "epochs": 0}, "forest: fitting"),
        ({"phase": "training", "epoch": 2, "epochs": 5, "loss": 0.5}, "forest: epoch 2/5, loss 0.500"),
        ({"phase": "building"}, "forest: building"),
    ],
)
def test_a_line_says_what_is_done(
    event: dict[str, object], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress() as display:  # stderr is no terminal here
        display.trained("forest", event)
    assert capsys.readouterr().err.strip() == said


def test_a_terminal_shows_one_table_of_all_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(written, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", written)
    for name, value in {"TERM": "xterm", "COLUMNS": "120", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    event = {"phase": "training", "epoch": 2, "epochs": 5, "step": 1, "steps": 2, "loss": 0.5}
    with progress() as display:
        for machine, seed in (("lab-1", "1"), ("lab-2", "2")):
            row = Row.of(machine, "forest", seed, event, 40)
            display.trained(f"forest (seed {seed})", {**event, "row": row.cells})
    lines = [line.split() for line in re.sub(r"\x1b\[[\d;?]*\w", "", written.getvalue()).splitlines()]
    assert ["machine", "model", "seed", "epoch", "time", "left"] in lines
    for machine, seed in (("lab-1", "1"), ("lab-2", "2")):
        assert any(line[:8] == [machine, "forest", seed, "2", "of", "5", "40", "s"] for line in lines), lines
