"""The documentation as a site: every page is in it, and every link leads somewhere."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.docs.pages import ROOT

SETTINGS = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))


def pages(nav: object) -> Iterator[str]:
    match nav:
        case str():
            yield nav
        case list():
            for each in nav:
                yield from pages(each)
        case dict():
            for each in nav.values():
                yield from pages(each)


def built(folder: Path, site: Path) -> subprocess.CompletedProcess[str]:
    if importlib.util.find_spec("material") is None:
        pytest.skip("mkdocs-material is not installed")
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)],
        cwd=folder,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contents_list_every_page_once() -> None:
    here = sorted(path.name for path in (ROOT / "docs").glob("*.md"))
    assert sorted(pages(SETTINGS["nav"])) == here
    assert SETTINGS["strict"] is True


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    done = built(ROOT, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    assert (tmp_path / "writing/index.html").is_file()


def test_a_link_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=shutil.ignore_patterns("*.pdf", "*.html"))
    with (tmp_path / "docs/models.md").open("a", encoding="utf-8") as file:
        file.write("\n[a](modles.md) and [b](claims.md#nowhere)\n")
    done = built(tmp_path, tmp_path / "site")
    assert done.returncode != 0
    assert "modles.md" in done.stderr
    assert "nowhere" in done.stderr
