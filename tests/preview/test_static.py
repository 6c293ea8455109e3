"""The page's own script is typed, works offline, and its libraries are the released ones."""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from reportgen.datasets import npm
from reportgen.datasets.fetch_types import UnavailableError, silent
from reportgen.preview.app import STATIC

VENDOR = STATIC / "vendor"
PACKAGES = json.loads((VENDOR / "packages.json").read_text())
TYPESCRIPT = "typescript@5.9.3"
STRICT = (
    *("--noEmit", "--allowJs", "--checkJs", "--strict", "--noUncheckedIndexedAccess", "--noUnusedLocals"),
    *("--skipLibCheck", "--target", "es2022", "--module", "es2022", "--lib", "es2022,dom,dom.iterable"),
)


def test_the_libraries_are_what_was_released() -> None:
    known = {name: digest for package in PACKAGES.values() for name, digest in package["files"].items()}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir()}
    assert {name: digest for name, digest in found.items() if name != "packages.json"} == known
    for package in PACKAGES.values():
        assert any(name.endswith(".LICENSE") for name in package["files"])


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.*")), ids=lambda path: path.name)
def test_the_page_asks_for_nothing_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.findall(r"https?://\S+|//cdn", text)
    if path.suffix == ".html":  # which the policy would forbid, too
        assert not re.findall(r"\sstyle=|\son\w+=|<style|<script(?! src=)", text)
    for name in re.findall(r'(?:src|href)="/static/([^"]+)"|from "\./([^"]+)"', text):
        assert (STATIC / "".join(name)).is_file()


@pytest.fixture(scope="module")
def compiler(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node.js to run the TypeScript compiler")
    folder = tmp_path_factory.mktemp("typescript")
    try:
        archive = npm.pack(TYPESCRIPT, folder, silent)
    except UnavailableError as error:
        pytest.skip(f"the TypeScript compiler can't be had: {error}")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return [node, str(folder / "package/lib/tsc.js"), *STRICT]


def test_the_script_is_typed(compiler: list[str], tmp_path: Path) -> None:
    declared = str(Path(__file__).with_name("globals.d.ts"))
    scripts = sorted(map(str, STATIC.glob("*.js")))
    done = subprocess.run([*compiler, declared, *scripts], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    # The compiler really looks: what is wrong is found.
    wrong = tmp_path / "wrong.js"
    wrong.write_text("// @ts-check\n/** @type {number} */\nexport const x = 'a';\n")
    assert subprocess.run([*compiler, str(wrong)], capture_output=True, check=False).returncode != 0
