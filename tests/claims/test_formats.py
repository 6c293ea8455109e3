from pathlib import Path
from xml.etree import ElementTree

import pytest

from reportgen.claims import FORMATS, RunSummary, Verdict, formatted, job_summary, text_lines
from reportgen.claims.text import p_text
from tests.claims.runs import DOUBTFUL, FALSE, HOLDS, UNDECIDED, make_run

PROJECT = Path("/project")
ALL = make_run(HOLDS, DOUBTFUL, FALSE, UNDECIDED)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_ends_with_one_line_break(form: str) -> None:
    text = formatted(ALL, form, PROJECT)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_json_is_the_runs() -> None:
    assert RunSummary.from_json(formatted(ALL, "json", PROJECT), "x") == ALL


# ---- plain text ------------------------------------------------------------------------------------


def test_text_says_place_sentence_expression_and_measurements() -> None:
    text = formatted(ALL, "text", PROJECT)
    assert "/project/answers/05-cnn, fc.md:7: FALSE: claim of q5\n" in text
    assert f'    "{FALSE.sentence}"\n    {FALSE.expression}\n' in text
    assert "    test: difference 15.6 points, exact McNemar test; p adjusted" in text
    assert "/project/answers/report.toml:40: UNDECIDED: results of own\n" in text
    assert "    reason: stale: seed 1 → 2\n" in text
    assert "07-compare.md:9: holds with a warning" in text
    assert "report.toml:25" not in text
    assert text.endswith("2 of 4 hold (1 with a warning), 1 false, 1 undecided.\n")


def test_verbose_text_lists_what_holds() -> None:
    text = formatted(ALL, "text", PROJECT, verbose=True)
    assert "/project/answers/report.toml:25: holds: requirement of cnn\n" in text
    assert "    measured: cnn.test.accuracy = 63.1 %\n" in text


def test_lines_say_what_they_are_about() -> None:
    about = [about for about, _ in text_lines(ALL, PROJECT, verbose=True) if about]
    assert about == ["holds", "warning", "false", "undecided", "undecided"]
    assert list(text_lines(make_run(HOLDS), PROJECT)) == [("holds", "1 of 1 hold.")]


def test_paths_are_printed_as_seen_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert formatted(ALL, "text", tmp_path / "lab").startswith("lab/answers/07-compare.md:9:")


@pytest.mark.parametrize(("p_value", "text"), [(1e-9, "< 0.001"), (0.0428, "0.043"), (0.5, "0.50")])
def test_p_values(p_value: float, text: str) -> None:
    assert p_text(p_value) == text


# ---- JUnit -----------------------------------------------------------------------------------------


def test_junit_counts_failures_and_errors() -> None:
    tree = ElementTree.fromstring(formatted(ALL, "junit", PROJECT))
    assert (tree.tag, tree.get("tests"), tree.get("failures"), tree.get("errors")) == (
        "testsuites",
        "4",
        "1",
        "1",
    )
    suites = {suite.get("name"): suite for suite in tree}
    assert suites.keys() == {"reportgen.requirement", "reportgen.claim", "reportgen.results"}
    assert suites["reportgen.claim"].get("tests") == "2"
    (failure,) = tree.iter("failure")
    assert failure.get("message") == FALSE.sentence
    assert "05-cnn, fc.md:7" in (failure.text or "")
    (error,) = tree.iter("error")
    assert error.get("message") == "stale: seed 1 → 2"
    (noted,) = tree.iter("system-out")
    assert "chance explains" in (noted.text or "")


def test_junit_names_file_line_and_a_unique_case() -> None:
    twice = make_run(HOLDS, Verdict(**{**vars(HOLDS), "number": 2}))
    cases = list(ElementTree.fromstring(formatted(twice, "junit", PROJECT)).iter("testcase"))
    assert [case.get("name") for case in cases] == ["test.accuracy > 0.6", "test.accuracy > 0.6 #2"]
    assert {case.get("classname") for case in cases} == {"requirement.cnn"}
    assert (cases[0].get("file"), cases[0].get("line")) == ("/project/answers/report.toml", "25")


def test_junit_survives_what_xml_cannot_carry() -> None:
    nasty = Verdict("claim", "q1", "a.md", 1, "x", False, sentence='\x00\x1b[31m<&">\ud800 ]]>\uffff')
    tree = ElementTree.fromstring(formatted(make_run(nasty), "junit", PROJECT))
    (failure,) = tree.iter("failure")
    assert failure.get("message") == '��[31m<&">� ]]>�'


# ---- GitHub ----------------------------------------------------------------------------------------


def test_annotations_are_at_file_and_line_most_serious_first() -> None:
    lines = formatted(ALL, "github", PROJECT).splitlines()
    assert lines[0].startswith(
        "::error file=/project/answers/05-cnn%2C fc.md,line=7,title=claim of q5%3A FALSE::"
    )
    assert "100%25 of us <say> so" in lines[0]
    assert "%0A" in lines[0]
    assert lines[1].startswith(
        "::error file=/project/answers/report.toml,line=40,title=results of own%3A UNDECIDED::"
    )
    assert lines[2].startswith("::warning file=/project/answers/07-compare.md,line=9,")
    assert lines[3].startswith("::notice title=reportgen::2 of 4 hold")
    assert len(lines) == 4


def test_annotations_are_relative_to_what_github_checked_out() -> None:
    text = formatted(ALL, "github", Path("/work/repo/lab"), root=Path("/work/repo"))
    assert "file=lab/answers/report.toml,line=40" in text


def test_a_message_cannot_smuggle_in_a_command() -> None:
    evil = Verdict("claim", "q1", "a.md", 1, "x", False, sentence="a\n::set-output name=x::y\r\n::error::z")
    lines = formatted(make_run(evil), "github", PROJECT).splitlines()
    assert len(lines) == 2
    assert sum(line.startswith("::") for line in lines) == 2


def test_the_job_summary_is_a_table_of_all() -> None:
    text = job_summary(ALL, PROJECT)
    rows = [line for line in text.splitlines() if line.startswith("|")][2:]
    assert [row.split("|")[1].strip() for row in rows] == [
        "❌ FALSE",
        "❔ UNDECIDED",
        "⚠️ holds with a warning",
        "✅ holds",
    ]
    assert r"\<say\> so \| and \`more\`" in rows[0]
    assert "`fc.test is significantly_better_than(cnn.test)`" in rows[0]
    assert "stale: seed 1 → 2" in rows[1]
    assert "### A report" in text


def test_a_cell_stays_one_cell() -> None:
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(job_summary(ALL, PROJECT))
    assert html.count("<tr>") == 5
    assert html.count("<td>") == 16
