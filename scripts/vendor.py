"""Fetch the page's libraries anew, as reportgen/preview/static/vendor/packages.json names them.

Put another version there, run ``python scripts/vendor.py``, and commit what has changed.
"""

import hashlib
import json
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from reportgen.datasets import npm  # noqa: E402
from reportgen.datasets.fetch_types import silent  # noqa: E402

VENDOR = ROOT / "reportgen/preview/static/vendor"


def main() -> None:
    """Replace every file by that of its package, and note its digest."""
    packages = json.loads((VENDOR / "packages.json").read_text(encoding="utf-8"))
    for name, package in packages.items():
        with tempfile.TemporaryDirectory() as folder:
            archive = npm.pack(f"{name}@{package['version']}", Path(folder), silent)
            with tarfile.open(archive) as packed:
                for file in package["files"]:
                    inside = "LICENSE" if file.endswith(".LICENSE") else f"dist/{file}"
                    member = packed.extractfile(f"package/{inside}")
                    assert member is not None, file
                    data = member.read()
                    (VENDOR / file).write_bytes(data)
                    package["files"][file] = hashlib.sha256(data).hexdigest()
    (VENDOR / "packages.json").write_text(json.dumps(packages, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
