"""Tables of figures as Markdown, printed and put into the documentation between two markers."""

import argparse
import re
from collections.abc import Iterable, Sequence
from pathlib import Path


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; every column but the first is aligned to the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with the option that every benchmark with a table has."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--write", type=Path, metavar="FILE", help="put the table into this Markdown file")
    return made


def publish(text: str, name: str, path: Path | None) -> None:
    """Print `text`, and put it between the markers ``<!-- NAME -->`` and ``<!-- /NAME -->`` of a file."""
    print(text)
    if path is None:
        return
    page = path.read_text(encoding="utf-8")
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not marked.search(page):
        raise SystemExit(f"{path}: no place marked <!-- {name} --> … <!-- /{name} -->")
    path.write_text(marked.sub(lambda found: f"{found[1]}\n{text}\n{found[2]}", page), encoding="utf-8")
