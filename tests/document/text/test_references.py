"""Sources: what is read of ``references.bib``, and one error for what can't be."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.document.text import references
from reportgen.errors import InputError

GOOD = r"""
@inproceedings{ioffe,
  author = {Ioffe, Sergey and von der Szegedy, Christian},
  title = {Batch {N}ormalization: M{\"u}ller \& more},
  booktitle = {ICML}, year = {2015}, pages = {1--9}, url = {https://arxiv.org/abs/1502.03167_a},
}
@misc{arxiv, author = {{The Group}}, title = {X}, year = 2020, eprint = {1803.08494}}
@misc{web, title = {Y}, howpublished = {\url{https://e.org/a_b}}}
"""


def read(folder: Path, text: str) -> object:
    (folder / "references.bib").write_text(text, encoding="utf-8")
    return references.read(folder)


def test_a_source_is_read_without_its_latex(tmp_path: Path) -> None:
    found = references.read(tmp_path)
    assert found == {}
    (tmp_path / "references.bib").write_text(GOOD, encoding="utf-8")
    found = references.read(tmp_path)
    assert found["ioffe"] == {
        "id": "ioffe",
        "type": "paper-conference",
        "title": "Batch Normalization: Müller & more",
        "container-title": "ICML",
        "page": "1–9",
        "URL": "https://arxiv.org/abs/1502.03167_a",
        "author": [
            {"family": "Ioffe", "given": "Sergey"},
            {"family": "von der Szegedy", "given": "Christian"},
        ],
        "issued": {"date-parts": [[2015]]},
    }
    assert found["arxiv"]["URL"] == "https://arxiv.org/abs/1803.08494"
    assert found["arxiv"]["author"] == [{"literal": "The Group"}]
    assert found["web"]["URL"] == "https://e.org/a_b"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("@article{a,\n title = {x}\n year=2 }", ":3"),
        ("@article{b\n", ":2"),
        ("@article{a, title={x}}\n@article{a,title={y}}", ""),
        ("@article{c, author={A, B, C, D, E}, title={x}}", ""),
        ("@article{c, title={x}", ":1"),
    ],
)
def test_what_is_no_bibtex_is_one_error_with_its_line(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    (problem,) = caught.value.problems
    assert f"references.bib{line}: " in str(problem)
    assert "(write it as BibTeX)" in str(problem)


@given(st.text(alphabet="@{}\\\"',=a$ \n", max_size=60))
def test_any_text_is_sources_or_one_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("bib")
    try:
        read(folder, GOOD + text)
    except InputError as error:
        assert len(error.problems) == 1


@given(st.text(alphabet="@{}\\\"',=a$& \n", max_size=40))
def test_any_value_is_text_or_one_error(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    folder = tmp_path_factory.mktemp("bib")
    try:
        read(folder, f"@misc{{k, title = {{{value}}}, author = {{{value}}}, year = {{{value}}}}}")
    except InputError as error:
        assert len(error.problems) == 1
