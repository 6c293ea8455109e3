"""Citations: numbered as they are cited, listed in one style, and never active content."""

from pathlib import Path

import pytest

from reportgen.document import page
from reportgen.document.notebook import notebook
from reportgen.errors import InputError
from tests.document import samples

BIB = r"""
@article{one, author={Ng, A.}, title={First <b>\&</b> <script>alert(1)</script>}, journal={J}, year=2001,
  url={https://e.org/?a=1&b=2}}
@book{two, author={Doe, Jane and Roe, R. and Poe, E. and Moe, X. and Loe, Y.}, title={Second}, publisher={P}}
"""


def made(folder: Path, bodies: dict[str, str], bib: str = BIB) -> page.Page:
    (folder / "answers").mkdir(exist_ok=True)
    (folder / "answers" / "references.bib").write_text(bib, encoding="utf-8")
    report, answers = samples.report(bodies, folder=folder)
    return page.assemble(report, answers, {})


def test_sources_are_numbered_in_the_order_of_the_text(tmp_path: Path) -> None:
    html = made(tmp_path, {"q1": "A [@two, p. 3]. B [@one; @two].", "q2": "[@one]"}).html
    assert '[<a href="#reference-1">1</a>, p. 3]' in html
    assert '[<a href="#reference-2">2</a>, <a href="#reference-1">1</a>]' in html
    first, second = html.index('<li id="reference-1">'), html.index('<li id="reference-2">')
    assert "<em>Second</em>" in html[first:second]
    assert "J. Doe et al." in html[first:second]
    assert "‘First" in html[second:]


def test_nothing_of_a_source_is_active(tmp_path: Path) -> None:
    (entry,) = made(tmp_path, {"q1": "[@one]"}).references
    assert "<script" not in entry
    assert "&lt;script&gt;" in entry
    assert 'href="https://e.org/?a=1&amp;b=2"' in entry


def test_an_unknown_key_names_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"q1\.md:\d+: no source is called 'tow' \(.*two"):
        made(tmp_path, {"q1": "[@tow]"})


def test_a_report_that_cites_nothing_has_no_list(tmp_path: Path) -> None:
    built = made(tmp_path, {"q1": "An address a@b and [a link](https://e.org) and `[@one]`."}, "@broken")
    assert built.references == ()
    assert 'id="references"' not in built.html


def test_the_notebook_lists_them_too(tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "references.bib").write_text(BIB, encoding="utf-8")
    report, answers = samples.report({"q1": "A [@two]."}, folder=tmp_path)
    built = notebook.make(report, page.assemble(report, answers, {}), {})
    texts = {cell["id"]: cell["source"] for cell in built.cells}
    assert texts["q1-answer-0"] == r"A \[1\]."
    assert "1. J. Doe et al." in texts["sources"]
    assert 'href="#reference-1"' in built.html["q1-answer-0"]
    assert 'id="reference-1"' in built.html["sources"]
