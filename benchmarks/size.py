"""How large things are: the files of the hand-in, the store, and what is installed.

The report is built as warm.py builds it: on its real results where there are some, else on made-up ones. An
install is the files of all packages that reportgen needs, as they lie in this Python's folders.

    python benchmarks/size.py --write docs/performance.md       half a minute
"""

import argparse
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution
from pathlib import Path

import markdown
import pikepdf
import timing
import warm
from packaging.requirements import Requirement
from timing import Command, reportgen

from reportgen.store import Store
from reportgen.training.codec import WEIGHTS

MB = 1e6
ROOT = Path(__file__).parents[1]
# What a report with figures and a PDF can't do without.
LEAST = ("matplotlib", "weasyprint", "jinja2", "click")


def without_attachments(path: Path) -> int:
    """Return the bytes of a PDF less those of the files that it carries."""
    with pikepdf.open(path) as document:
        carried = [each for each in document.objects if _is_file(each)]
        return path.stat().st_size - sum(len(each.read_raw_bytes()) for each in carried)


def _is_file(each: pikepdf.Object) -> bool:
    return isinstance(each, pikepdf.Stream) and each.get("/Type") == "/EmbeddedFile"


def stored(store: Store) -> tuple[int, int]:
    """Return the bytes of a store (checkpoints of unfinished trainings aside), and those of its weights."""
    files = (path for path in store.root.rglob("*") if path.is_file())
    whole = sum(path.stat().st_size for path in files if "partial" not in path.relative_to(store.root).parts)
    results = [store.get(each.key) for each in store.list()]
    return whole, sum(result.manifest.files[WEIGHTS].size for result in results if result)


def needed(*extras: str) -> list[str]:
    """Return what reportgen requires, with some of its extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [
        *project["dependencies"],
        *(line for extra in extras for line in project["optional-dependencies"][extra]),
    ]


def installed(requirements: Iterable[str]) -> int:
    """Return the bytes of packages and all that they need."""
    queue = [*map(Requirement, requirements)]
    found: dict[str, int] = {}
    while queue:
        wanted = queue.pop()
        name = wanted.name.lower().replace("_", "-")
        if name in found and not wanted.extras:
            continue
        package = distribution(name)
        found[name] = sum(_size(Path(str(file.locate()))) for file in package.files or ())
        for each in map(Requirement, package.requires or ()):
            asked = [{"extra": extra} for extra in wanted.extras or ("",)]
            if each.marker is None or any(map(each.marker.evaluate, asked)):
                queue.append(each)
    return sum(found.values())


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() and path.suffix != ".pyc" else 0


def rows(folder: Path, store: Store) -> Iterator[tuple[str, str, str]]:
    pdf = without_attachments(folder / "report.pdf")
    html = (folder / "report.html").stat().st_size
    whole, weights = stored(store)
    yield "PDF, its attachments aside", f"{pdf / 1e3:.0f} kB", _met(pdf, 600e3, "600 kB")
    yield "PDF, whole", f"{(folder / 'report.pdf').stat().st_size / MB:.2f} MB", ""
    yield "notebook as HTML", f"{html / 1e3:.0f} kB", _met(html, 1e6, "1 MB")
    ratio = whole / weights
    yield "store", f"{whole / MB:.1f} MB, {ratio:.2f} × its weights", _met(ratio, 1.5, "1.5 ×")
    own = sum(map(_size, (ROOT / "reportgen").rglob("*.py")))
    core, document = own + installed(needed()), own + installed(needed("document"))
    yield "install that checks results", f"{core / MB:.0f} MB", _met(core, 150e6, "150 MB")
    yield "install that also builds documents", f"{document / MB:.0f} MB", _met(document, 150e6, "150 MB")
    least = installed(LEAST)
    yield f"of it {', '.join(LEAST)}, and what they need", f"{least / MB:.0f} MB", ""


def _met(value: float, most: float, text: str) -> str:
    return f"≤ {text}: {'yes' if value <= most else '**no**'}"


def main() -> None:
    parser = markdown.parser(__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--made-up", action="store_true", help="made-up results, even if real ones are there")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reportgen-size-") as place:
        folder = Path(place, "report")
        folder.mkdir()
        project, what = warm.prepared(folder, False, chosen.made_up)
        timing.once(Command(reportgen("build", "--draft"), folder))
        table = markdown.table(("", "size", "target"), rows(folder, project.store))
    markdown.publish(f"{table}\nOf {what}; packages without TensorFlow.\n", "size", chosen.write)


if __name__ == "__main__":
    main()
