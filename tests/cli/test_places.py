"""It runs where people run it: in any folder, without a home, on a console of any encoding."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import environment

# Where not even root may write.
NO_CACHE: dict[str, str | None] = {"XDG_CACHE_HOME": "/proc/cache", "HOME": "/proc"}
# A folder and an environment are independent of each other, so a place tries one of each.
PLACES: dict[str, tuple[str, dict[str, str | None]]] = {
    "no HOME, spaces and letters": ("my lab – Ж é 報告", {"HOME": None}),
    "HOME that is nowhere, ASCII": ("project", {"HOME": "/nonexistent", "PYTHONIOENCODING": "ascii"}),
    "HOME and cache that can't be written, Latin-1, signs of shells and URLs": (
        "50% off #1 & 'so' [x]",
        {**NO_CACHE, "PYTHONIOENCODING": "latin-1"},
    ),
    "locale C": ("Ж é 報告", {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
}


@pytest.mark.parametrize("place", PLACES)
def test_check_status_and_build(place: str, original: Path, tmp_path: Path) -> None:
    name, changes = PLACES[place]
    folder = Path(shutil.copytree(original, tmp_path / name))
    answer = folder / "answers/01-accuracy.md"
    answer.write_text(answer.read_text(encoding="utf-8") + "\nЖ é 報.\n".replace("報", ""), encoding="utf-8")
    given = {key: value for key, value in (environment() | changes).items() if value is not None}
    for command, status in (("check", 0), ("status", 0), ("build", 0), ("verify report.pdf", 0)):
        done = subprocess.run(
            [sys.executable, "-m", "reportgen", *command.split()],
            cwd=folder,
            env=given,
            capture_output=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == status, f"{command}: {os.fsdecode(done.stderr)}"
        assert b"Traceback" not in done.stderr + done.stdout
        assert b"warning" not in done.stderr, os.fsdecode(done.stderr)
