"""The wheel and the sdist of this checkout: built, and installed into a folder of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILD = "import setuptools.build_meta as b; print(b.build_sdist('dist')); print(b.build_wheel('dist'))"


def run(command: Sequence[str], folder: Path, **environment: str) -> str:
    """Run a command that succeeds, and return what it prints."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("REPORTGEN_")}
    done = subprocess.run(
        command, cwd=folder, env=ours | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(tree: Path) -> Path:
    """Build wheel and sdist of a copy of this checkout, and return the folder in which they lie."""
    for name in ("reportgen", "answers", "templates"):
        shutil.copytree(ROOT / name, tree / name, symlinks=True)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree / name)
    run([sys.executable, "-c", BUILD], tree)
    return tree / "dist"


def installed(built: Path, pattern: str, folder: Path) -> Path:
    """Install what was built, and nothing else, into a folder."""
    (file,) = built.glob(pattern)
    alone = ("--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check")
    run([sys.executable, "-m", "pip", "install", *alone, "--target", str(folder), str(file)], built)
    return folder
