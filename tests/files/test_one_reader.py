"""What lies below a project is read by `reportgen.files` alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import reportgen

PACKAGE = Path(reportgen.__file__).parent
# What reads otherwise reads the package's own files, the machine's, or what this program has written itself.
OTHERS = {
    "artifacts.py": "sources of the package",
    "cli/check.py": "appends to GitHub's summary",
    "cli/terminal/console.py": "/dev/null",
    "cli/terminal/failures.py": "writes logs",
    "datasets/cache.py": "the cache, whose every byte is verified",
    "datasets/download.py": "its own partial downloads",
    "datasets/places.py": "archives, with a limit of their own",
    "document/assets.py": "fonts of installed packages",
    "document/limits.py": "/proc",
    "document/pdf/writing.py": "a colour profile of WeasyPrint",
    "document/templates.py": "files that it found to be regular and small",
    "executors/node.py": "what a worker has written",
    "executors/on_this_machine.py": "what a worker has written",
    "executors/slurm/client.py": "what its own jobs have written",
    "training/checkpoint.py": "its own checkpoints",
    "training/processor.py": "/proc",
    "training/train.py": "files by their digests, in the worker",
    "training/worker.py": "weights out of the store",
    "files/disk.py": "the store",
    "files/lock.py": "locks",
    "files/reading.py": "the reader itself",
    "plan/versions.py": "what is said of installed packages",
    "commands/build.py": "what the last build wrote",
    "commands/new.py": "writes a new report",
    "commands/bundle.py": "what the last build wrote",
    "pipeline/write_files.py": "what the last build wrote",
    "store/archive.py": "files on their way into the store",
    "store/local.py": "the store",
    "store/remote.py": "the store",
    "store/stored.py": "the store, whose every byte is verified",
}
NO_FILES = ("Store", "Image", "Pillow", "archive", "tarfile")
READING = {"read_bytes", "read_text"}


def reads(path: Path) -> Iterator[int]:
    """Yield the lines on which a module opens files by itself."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            own = isinstance(owner, ast.Name) and owner.id in (
                "Store",
                "Image",
                "Pillow",
                "archive",
                "tarfile",
            )
            if node.func.attr in READING or (node.func.attr == "open" and not own):
                yield node.lineno


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_files_are_read_in_one_place(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    lines = list(reads(path))
    assert not lines or name in OTHERS, f"{name}:{lines[0]} opens a file: use reportgen.files"
