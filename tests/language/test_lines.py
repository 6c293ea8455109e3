import pytest

from reportgen.language.lines import laid_out, marked, trimmed, unmarked

SHOW = "\ue000show:0\ue001"


def test_marks_can_be_taken_out_again():
    text = "a\n\n b\n"
    assert unmarked(marked(text, 7)) == text


def test_each_line_knows_where_it_came_from():
    lines, sources, misplaced = laid_out(marked("a\n", 3) + marked("b\nc", 9), 1)
    assert (lines, sources, misplaced) == (["a", "b", "c"], [3, 9, 10], [])


def test_text_without_marks_is_of_the_line_before():
    assert laid_out("a\nb", 4) == (["a", "b"], [4, 4], [])


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (SHOW, [SHOW]),
        (f"a\n{SHOW}\nb", ["a", "", SHOW, "", "b"]),
        (f"a\n\n{SHOW}\n\nb", ["a", "", SHOW, "", "b"]),
        (f"{SHOW}\n{SHOW}", [SHOW, "", SHOW]),
        (f"a\n  {SHOW}  \n", ["a", "", f"  {SHOW}  ", ""]),
    ],
)
def test_a_show_gets_room(text, lines):
    assert laid_out(text, 1)[0] == lines


@pytest.mark.parametrize("text", [f"see {SHOW}", f"{SHOW} see", f"{SHOW}{SHOW}"])
def test_a_show_within_a_line_is_told(text):
    assert laid_out(f"a\n{marked(text, 5)}", 1)[2] == [5]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a", ("", "a", "")),
        (" \n a b \n", (" \n ", "a b", " \n")),
        ("\ue0033\ue004 a\n\ue0034\ue004", ("\ue0033\ue004 ", "a", "\n\ue0034\ue004")),
        (" \n", (" \n", "", "")),
        ("", ("", "", "")),
    ],
)
def test_white_space_and_marks_are_trimmed(text, parts):
    assert trimmed(text) == parts


def test_a_long_run_of_spaces_is_trimmed_in_linear_time():
    text = "a" + " " * 200_000 + "b"
    assert trimmed(text) == ("", text, "")
