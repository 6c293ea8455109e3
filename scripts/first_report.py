"""Write docs/first-report.md: the first minutes with reportgen, run from its wheel in an empty folder.

python scripts/first_report.py --write docs/first-report.md   (trains on the processor, about four minutes)
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = """\
# The first report

Written by `python scripts/first_report.py --write docs/first-report.md`: every command below was run, from
the package's wheel, in an empty folder, with TensorFlow installed, on {cores} cores. Seconds stand behind
each command.

## From nothing to a PDF

`reportgen new` asks at most four questions; `--yes` takes the defaults, a small network on scikit-learn's
digits.

{begin}
Open `report.pdf`. The number in its answer is bound to the training, and the sentence around it is a claim.
Change the claim in `answers/01-a-first-network.md` to one that is false, and the build stops:

{false}
Put it back and add a sentence instead: nothing is trained again.

{edit}
[Writing answers](writing.md) and [models](models.md) have the rest; `reportgen facts` lists
every number that can be printed.

## A table

One row an item; the last column is predicted unless `--target` names another. Words become inputs, too:

{table}
## A folder of images

One folder a class, with PNG or JPEG files in it:

{images}
## Arrays

An `.npz` file of `x_train`, `y_train`, `x_test` and `y_test`:

{arrays}"""


def main() -> None:
    """Run the commands and write the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", type=Path, required=True)
    target = options.parse_args().write.resolve()
    with tempfile.TemporaryDirectory() as folder:
        site, empty = installed(Path(folder)), Path(folder) / "empty"
        empty.mkdir()

        def shell(*commands: str, where: Path = empty) -> str:
            return "```console\n" + "".join(ran(command, where, site) for command in commands) + "```\n"

        page = PAGE.format(cores=os.cpu_count(), **parts(empty, shell))
    target.write_text(page, encoding="utf-8")


def parts(empty: Path, shell: Callable[..., str]) -> dict[str, str]:
    """Return what each part of the page shows."""
    lab = empty / "lab"
    made = {
        "begin": shell("reportgen new lab --yes")
        + shell("cd lab", "reportgen build", "reportgen check --strict", where=lab)
    }
    (answer,) = (lab / "answers").glob("01-*.md")
    claim = next(line for line in answer.read_text(encoding="utf-8").splitlines() if "{% claim" in line)
    false = claim.replace(".lower >", ".lower <")
    made["false"] = edited(answer, claim, false) + shell("reportgen build", where=lab)
    more = f"It is a small network.\n{claim}"
    made["edit"] = edited(answer, false, more) + shell("reportgen build", where=lab)
    write_data(empty)
    made["table"] = shell(
        "cd ..", "head -4 birds.csv", "reportgen new birds-lab --data birds.csv --yes"
    ) + shell("cd birds-lab", "reportgen build", where=empty / "birds-lab")
    made["images"] = shell("cd ..", "ls shapes", "reportgen new shapes-lab --data shapes --yes") + shell(
        "cd shapes-lab", "reportgen build", where=empty / "shapes-lab"
    )
    made["arrays"] = shell("cd ..", "reportgen new arrays-lab --data arrays.npz --yes") + shell(
        "cd arrays-lab", "reportgen build", where=empty / "arrays-lab"
    )
    return made


def edited(path: Path, old: str, new: str) -> str:
    """Replace a text in a file, and return that as a difference."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    lines = [f"-{line}" for line in old.splitlines()] + [f"+{line}" for line in new.splitlines()]
    return "```diff\n" + "\n".join(lines) + "\n```\n"


def installed(folder: Path) -> Path:
    """Build the wheel and install it alone; its dependencies are those of this Python."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    alone = ["--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "wheel", *alone, "-w", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([*pip, "install", *alone, "--target", str(folder / "site"), str(wheel)], check=True)
    return folder / "site"


def ran(command: str, where: Path, site: Path) -> str:
    """Run a command; return it with its seconds and what it said."""
    if command.startswith("cd "):  # `where` says so already
        return f"$ {command}\n"
    environment = os.environ | {"PYTHONPATH": str(site), "PATH": f"{site / 'bin'}:{os.environ['PATH']}"}
    begun = time.perf_counter()
    done = subprocess.run(
        command,
        shell=True,
        cwd=where,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = f"{time.perf_counter() - begun:.1f} s"
    said = [line for line in done.stdout.splitlines() if "epoch" not in line]
    status = f", exit status {done.returncode}" if done.returncode else ""
    return "\n".join([f"$ {command}    # {seconds}{status}", *said]) + "\n"


def write_data(folder: Path) -> None:
    """Write a table, a folder of images by class, and the same images as arrays."""
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(1)
    birds = ["wing,mass,island,species"]
    for number in range(300):
        species, wing, mass = (("auk", 186, 3700), ("tern", 195, 3900), ("gull", 217, 5100))[number % 3]
        island = ("east", "west")[random.integers(2)]
        measured = f"{random.normal(wing, 6):.0f},{random.normal(mass, 350):.0f}"
        birds.append(f"{measured},{island},{species}")
    (folder / "birds.csv").write_text("\n".join(birds) + "\n", encoding="utf-8")
    images, labels = [], []
    for label, name in enumerate(("across", "down")):
        (folder / "shapes" / name).mkdir(parents=True)
        for number in range(300):
            image = random.integers(0, 90, (16, 16), np.uint8)
            place = random.integers(3, 12)
            image[(place, slice(None)) if label == 0 else (slice(None), place)] = 220
            Image.fromarray(image).save(folder / "shapes" / name / f"{number:03}.png")
            images.append(image)
            labels.append(label)
    order = random.permutation(len(images))
    x, y = np.array(images)[order, ..., None], np.array(labels)[order]
    np.savez(folder / "arrays.npz", x_train=x[:500], y_train=y[:500], x_test=x[500:], y_test=y[500:])


if __name__ == "__main__":
    main()
