"""Build the report in the working folder where TensorFlow can't be imported, on made-up machines."""

import sys
from dataclasses import replace
from importlib.machinery import PathFinder
from pathlib import Path

from reportgen.commands.build import build
from reportgen.executors.engine import Engine
from reportgen.pipeline.project import open_project


class Without(PathFinder):
    """Finds modules, but not these."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name in ("tensorflow", "keras") else PathFinder.find_spec(name, path, target)


def main():
    sys.meta_path[sys.meta_path.index(PathFinder)] = Without
    share = Path("../share").resolve().as_uri()
    options = {"store": share, "module": "tests.executors.made_up_worker"}
    engine = Engine("made up", "tests.executors.fake_engine", options, lambda _: None)
    project = replace(open_project(Path(), store=share, required=True), executor=engine)
    try:
        built = build(project, [Path("report.md")], observe=lambda *_: None, step=lambda _: None)
    finally:
        project.close()
    print(*(path.name for path in built.written))


if __name__ == "__main__":
    main()
