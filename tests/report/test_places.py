import tomllib

from hypothesis import given
from hypothesis import strategies as st

from reportgen.report.places import Places

KEYS = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
VALUES = st.sampled_from(
    ["1", '"a"', '"""x\n[no.table]\nkey = 1\n"""', '[\n  "p",\n  "q",\n]', "{ k = 1 }", "'#'"]
)


@given(st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, max_size=5), max_size=5))
def test_every_key_is_found_on_the_line_where_it_stands(tables: dict[str, dict[str, str]]) -> None:
    lines: list[str] = []
    expected: dict[tuple[str, str], int] = {}
    for table, keys in tables.items():
        lines.append(f"[{table}]  # a comment")
        for key, value in keys.items():
            expected[table, key] = len(lines) + 1
            lines += f"{key} = {value}".split("\n")
    text = "\n".join(lines)
    tomllib.loads(text)
    places = Places(text)
    assert {path: places(*path) for path in expected} == expected


def test_items_inline_keys_and_parents() -> None:
    places = Places('[a]\nr = [\n  "one", # [\n  "two",\n]\no = { name = "x", rate = 1 }\nb.c = 2\n', 10)
    assert places("a", "r", 1) == 13
    assert places("a", "o", "rate") == 15
    assert places("a", "b", "c") == 16
    assert places("a", "missing") == 10
    assert places("nothing") == 10
