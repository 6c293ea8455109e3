"""A language that a project adds, from its file to the pages, and what is wrong with one."""

from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.locales import Locale
from reportgen.report import load
from tests.projects import REPORT, write_project

DUTCH = 'base = "en"\n\n[document]\nfigure = "Figuur"\n'


def project(folder: Path, tag: str, **own: str) -> Path:
    """Write a project in a language, with files of its own for languages."""
    write_project(
        folder, report__toml=REPORT.replace('title = "Digits"', f'title = "Digits"\nlanguage = "{tag}"')
    )
    (folder / "templates/locales").mkdir(parents=True)
    for name, text in own.items():
        (folder / f"templates/locales/{name.replace('_', '-')}.toml").write_text(text, encoding="utf-8")
    return folder


def problem(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load(folder)
    (found,) = caught.value.problems
    return str(found)


def test_a_project_can_add_a_language(tmp_path: Path) -> None:
    assert load(project(tmp_path, "nl-BE", nl=DUTCH)).language == Locale("nl-BE", DUTCH)


def test_the_file_of_a_region_goes_first(tmp_path: Path) -> None:
    own = '[document]\nfigure = "Abb."\n'
    assert load(project(tmp_path, "de-AT", de=DUTCH, de_AT=own)).language.own == own


def test_an_unknown_language_is_named_with_those_of_the_project(tmp_path: Path) -> None:
    said = problem(project(tmp_path, "nm", nl=DUTCH))
    assert "report.toml:3: there is no language 'nm', neither in " in said
    assert "`nl`" in said


def test_what_is_wrong_in_it_is_told_with_its_line(tmp_path: Path) -> None:
    said = problem(project(tmp_path, "nl", nl=DUTCH + 'tabel = "Tabel"\n'))
    assert 'templates/locales/nl.toml:5: unknown key "tabel" (did you mean `table` or' in said


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    said = problem(project(tmp_path, "nl", nl=DUTCH + "x"))
    assert "templates/locales/nl.toml:5: is not valid TOML" in said


def test_a_link_out_of_the_project_is_no_language(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.toml").write_text(DUTCH)
    folder = project(tmp_path / "project", "nl")
    (folder / "templates/locales/nl.toml").symlink_to(tmp_path / "elsewhere.toml")
    assert "there is no language 'nl'" in problem(folder)
