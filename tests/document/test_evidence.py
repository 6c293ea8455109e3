"""Sources are carried by name, in order, and never from outside their folder."""

from pathlib import Path

from reportgen import files
from reportgen.document.evidence import sources


def test_sources_are_the_files_below_a_folder_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    (folder / "plots").mkdir(parents=True)
    for name in ("b.md", "a.md", "plots/c.svg", "d.txt"):
        (folder / name).write_text(name)
    found = list(sources(files.walk(folder), "answers", "What the authors wrote", (".md", ".svg")))
    assert [(each.name, each.data) for each in found] == [
        ("answers/a.md", b"a.md"),
        ("answers/b.md", b"b.md"),
        ("answers/plots/c.svg", b"plots/c.svg"),
    ]
    assert {(each.description, each.relationship) for each in found} == {("What the authors wrote", "Source")}


def test_links_out_of_the_folder_are_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    folder.mkdir()
    (tmp_path / "secret.md").write_text("secret")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    assert list(sources(files.walk(folder), "answers", "", (".md",))) == []
