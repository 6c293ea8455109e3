"""Write docs/facts.md, every name that an answer may use: python scripts/facts.py > docs/facts.md."""

import re
from pathlib import Path

from reportgen.pipeline.gather import gather
from reportgen.pipeline.project import open_project
from reportgen.results import functions, listing

HEAD = """# Names that answers may use

Written by `python scripts/facts.py > docs/facts.md` from the catalogue; the values are those of this
repository's report. `reportgen facts` prints all of them, `reportgen facts cnn.test` those that begin so.
Rows of `cnn` hold for every model, rows of `test` for `train` and `validation` as well, and rows of one class
or layer for each.

| name | kind | here | meaning |
| --- | --- | --- | --- |"""
FUNCTIONS = """
## Functions

| call | meaning |
| --- | --- |"""
WANTED = re.compile(r"cnn\.(?!train\.|validation\.)|report\.(?!models)|data\.cifar10|published\.")
ENTRY = re.compile(r'\["?[^\]]*\]|(?<=recall\.)\w+|(?<=layer\.)\w+|(?<=precision\.)\w+|(?<=versions\.)\w+')


def main() -> None:
    """Print the page."""
    project = open_project(Path(__file__).parents[1])
    print(HEAD)
    seen: set[str] = set()
    for entry in listing(gather(project, project.plan()).facts):
        pattern = ENTRY.sub("…", entry.name)
        if WANTED.match(entry.name) and pattern not in seen:
            seen.add(pattern)
            text = entry.text.replace("|", "\\|").replace("\n", " ")[:60]
            print(f"| `{entry.name}` | {entry.kind} | {text} | {entry.description} |")
    print(FUNCTIONS)
    for entry in functions():
        print(f"| `{entry.name}` | {entry.description} |")


if __name__ == "__main__":
    main()
