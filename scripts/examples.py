"""Write the PDF files of examples that docs/ shows: python scripts/examples.py (about two minutes)."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHOWN = ("tumours", "languages")


def main() -> None:
    """Build each example in a folder of its own."""
    for name in SHOWN:
        with tempfile.TemporaryDirectory() as folder:
            lab = Path(shutil.copytree(ROOT / "examples" / name, Path(folder) / name))
            subprocess.run([sys.executable, "-m", "reportgen", "build"], cwd=lab, check=True)
            shutil.copy(lab / "report.pdf", ROOT / "docs/example" / f"{name}.pdf")


if __name__ == "__main__":
    main()
