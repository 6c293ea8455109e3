from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.pipeline.project import open_project
from reportgen.pipeline.validate import problems, validated
from reportgen.report import load
from tests.projects import write_project

ANSWER = """+++
title = "Accuracy"
question = "How [good](ftp://x) is it?"
+++
It reaches {{ small.test.acuracy }}.

![A cat](cat.png) ![](dog.png)

{% if small.epochs > 99 %}[here](javascript:x) ![b][b] {{ small.test.acc }}{% endif %}

[b]: <no such.svg>
"""
RIGHT = """+++
title = "Accuracy"
question = "How good is it?"
+++
[fine](https://example.org) [too](#q1) ![{{ small.test.accuracy }}](dot.svg)
[any]({{ small.title }}) `![no](picture.png)` $![a](b)$
"""
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><circle r="4"/></svg>'


def test_names_pictures_and_addresses_are_told_at_once(tmp_path: Path) -> None:
    project = open_project(write_project(tmp_path, **{"01-accuracy__md": ANSWER}))
    with pytest.raises(InputError) as caught:
        validated(project, project.plan(build=False))
    found = [(each.line, each.message) for each in caught.value.problems]
    assert [line for line, _ in found] == [3, 5, 7, 9, 9]
    told = " ".join(message for _, message in found)
    for what in (
        "'ftp://x'",
        "test.acuracy`",
        "no alternative text",
        "'javascript:x'",
        "test.acc`",
    ):
        assert what in told


def test_pictures_that_are_not_there_are_told(tmp_path: Path) -> None:
    answer = ANSWER.replace("![](dog.png)", "").replace("[here](javascript:x) ", "").replace("ftp:", "https:")
    report = load(write_project(tmp_path, **{"01-accuracy__md": answer}))
    assert [(each.line, each.message.partition(" does")[0]) for each in problems(report)] == [
        (7, "image 'cat.png'"),
        (9, "image 'no such.svg'"),
    ]


@pytest.mark.parametrize(
    ("anchor", "there"),
    [
        ("q1", True),
        ("small-evaluation-image", True),
        ("efficiency", True),
        ("table", True),
        ("digits-samples", True),
        ("q11", False),
        ("references", False),  # nothing is cited
    ],
)
def test_a_link_to_a_section_that_is_not_there_is_told(tmp_path: Path, anchor: str, there: bool) -> None:
    answer = RIGHT.replace("(#q1)", f"(#{anchor})")
    folder = write_project(tmp_path, **{"01-accuracy__md": answer})
    (folder / "answers/dot.svg").write_text(DOT)
    report = load(folder)
    found = [str(each) for each in problems(report) if "#" in each.message]
    assert bool(found) != there
    assert all(f"01-accuracy.md:5: a link leads to #{anchor}, " in each for each in found)


def test_a_link_to_the_list_of_sources_is_right_where_one_is_cited(tmp_path: Path) -> None:
    answer = RIGHT.replace("(#q1)", "(#references) as told [@a]")
    folder = write_project(tmp_path, **{"01-accuracy__md": answer})
    (folder / "answers/dot.svg").write_text(DOT)
    (folder / "answers/references.bib").write_text("@misc{a, title={A}, year={2001}}\n")
    assert list(problems(load(folder))) == []


def test_what_is_right_passes(tmp_path: Path) -> None:
    folder = write_project(tmp_path, **{"01-accuracy__md": RIGHT})
    (folder / "answers/dot.svg").write_text(DOT)
    assert list(problems(load(folder))) == []


def test_sources_that_are_not_there_are_told_and_a_broken_file_of_them_once(tmp_path: Path) -> None:
    answer = '+++\ntitle = "A"\nquestion = "B"\n+++\nA [@tow].\n'
    folder = write_project(tmp_path, **{"03-a__md": answer, "04-b__md": answer})
    (folder / "answers/references.bib").write_text("@misc{two, title={X}}")
    assert [each.message for each in problems(load(folder))].count("no source is called 'tow'") == 2
    (folder / "answers/references.bib").write_text("@misc{two")
    assert len([each for each in problems(load(folder)) if each.path.endswith("references.bib")]) == 1
