"""What a log says of a training that is under way."""

import pytest

from reportgen.cli.terminal.progress import progress


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
