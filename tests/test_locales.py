"""Every language has every word, with the same gaps as in English."""

import dataclasses
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from reportgen import locales
from reportgen.document.labels import Labels, labels
from reportgen.errors import InputError
from reportgen.figures.words import Words, words
from reportgen.language.numbers import NumberStyle, style_of
from reportgen.language.prose_words import ProseWords
from reportgen.locales import Locale

TABLES = {
    "numbers": {field.name for field in dataclasses.fields(NumberStyle)},
    "document": {field.name for field in dataclasses.fields(Labels)} - {"language"},
    "figures": {field.name for field in dataclasses.fields(Words)} - {"numbers"},
    "prose": {field.name for field in dataclasses.fields(ProseWords)},
}


def sentences(table: Mapping[str, object], of: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a table with its key."""
    for key, value in table.items():
        match value:
            case str():
                yield of + key, value
            case tuple():
                yield from sentences({str(n): each for n, each in enumerate(value)}, f"{of}{key}.")
            case dict():
                yield from sentences(value, f"{of}{key}.")


def gaps(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_which_languages_there_are() -> None:
    assert locales.known() == ("de", "en", "es", "fr", "sv")


def test_starters_name_them_all() -> None:
    starters = Path(locales.__file__).parents[1] / "starters"
    lines = [
        line for path in starters.glob("*/answers/report.toml") for line in path.read_text().splitlines()
    ]
    told = [line.rpartition("#")[2].strip() for line in lines if line.startswith("# language")]
    assert told and {tuple(sorted(each.split(", "))) for each in told} == {locales.known()}


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en", "en"), ("en-GB", "en"), ("en-US", "en"), ("de-AT", "de"), ("SV-fi", "sv"), ("es-419", "es")],
)
def test_a_tag_is_of_a_language_whatever_its_region(tag: str, language: str) -> None:
    assert locales.language_of(tag) == language


@pytest.mark.parametrize(
    ("tag", "remedy"),
    [
        ("xx", "there are: `de`, `en`, `es`, `fr`, `sv`"),
        ("English", "did you mean `en`?"),
        ("de_AT", "did you mean `de`?"),
        ("../en", "there are: "),
        ("", "there are: "),
    ],
)
def test_another_is_refused_with_the_nearest(tag: str, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        locales.language_of(tag)
    assert f"there is no language {tag!r}" in str(caught.value)
    assert remedy in str(caught.value)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("language", locales.known())
def test_a_table_has_the_fields_of_its_class(language: str, name: str) -> None:
    assert locales.table(language, name).keys() == TABLES[name]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["document", "figures"])
@pytest.mark.parametrize("language", locales.known())
def test_sentences_have_the_gaps_and_the_end_of_the_english(language: str, name: str) -> None:
    english = dict(sentences(locales.table("en", name)))  # type: ignore[arg-type]
    here = dict(sentences(locales.table(language, name)))  # type: ignore[arg-type]
    assert here.keys() == english.keys()
    for key, text in here.items():
        assert text, key
        assert gaps(text) == gaps(english[key]), key
        assert text.endswith(".") == english[key].endswith("."), key


@pytest.mark.parametrize("language", locales.known())
def test_numbers_have_all_their_words(language: str) -> None:
    style = style_of(language)
    assert len(style.points) == 2
    assert len(style.small) == 13
    assert style.ordinals[-1][0] == "*"  # any number has an ending


def test_only_the_language_that_is_asked_for_is_read() -> None:
    locales._read.cache_clear()
    locales.table("de-AT", "numbers")
    locales.table("de", "figures")
    assert locales._read.cache_info().misses == 1


# Of a drawn network, which may well hold images.
KEPT = {"caption_architecture", "evaluation_image"}


@pytest.mark.parametrize("language", locales.known())
def test_where_there_are_no_images_none_are_spoken_of(language: str) -> None:
    table = locales.table(language, "figures")
    found = dict(sentences(locales.of_examples(language, table)))
    image = re.compile(r"(?<!\{)(imag|imág|bild)", re.IGNORECASE)
    assert [key for key, text in found.items() if key not in KEPT and image.search(text)] == []
    for key, text in sentences(table):
        assert gaps(found[key]) == gaps(text), key
        assert found[key] == text or image.search(text), key


@pytest.mark.parametrize("language", locales.known())
def test_items_are_called_what_the_authors_say(language: str) -> None:
    table = locales.table(language, "figures")
    found = dict(sentences(locales.of_items(language, table, "zorp", "zorpen")))
    other = re.compile(r"(?<!\{)(imag|imág|bild|beispiel|exemp|ejemplo|example)", re.IGNORECASE)
    of_images = {key for key, text in sentences(table) if "{colours}" in text}
    assert [key for key, text in found.items() if key not in KEPT | of_images and other.search(text)] == []
    for key, text in sentences(table):
        assert gaps(found[key]) == gaps(text), key
        assert found[key] == text or other.search(text), key
    assert sum("zorpen" in text for text in found.values()) >= 8


def test_items_are_put_in_as_they_are() -> None:
    cells = words("en", items=("{cell}", "{cells}"))
    assert cells.caption_fitted.format(title="CNN", count=3).endswith("of the 3 test {cells}.")
    assert words("en", items=("patient", "patients")).matrix_of_seed == "Test patients, seed {seed}"
    assert words("sv", True, ("patient", "patienter")).caption_fitted.endswith("{count} patienter i testet.")


def test_figures_speak_of_what_there_is() -> None:
    assert words("en").share_axis == "share of test images, %"
    assert words("en", pictures=False).share_axis == "share of test examples, %"
    assert words("es", pictures=False).caption_fitted.endswith("los {count} ejemplos de prueba.")


def test_a_file_of_a_project_goes_over_its_base_key_by_key() -> None:
    own = Locale("de-AT", '[numbers]\nsmall = ["null"]\n[document.titles]\ncode = "{model}: Programm"\n')
    assert locales.table(own, "numbers")["small"] == ("null",)
    assert locales.table(own, "numbers")["point"] == ","
    assert locales.table(own, "document")["titles"]["code"] == "{model}: Programm"
    assert (
        locales.table(own, "document")["titles"]["samples"]
        == locales.table("de", "document")["titles"]["samples"]
    )
    assert locales.table("de-AT", "numbers")["small"] != ("null",)
    dutch = Locale("nl", 'base = "sv"\n[document]\nfigure = "Figuur"')
    assert labels(dutch).figure == "Figuur"
    assert labels(dutch).contents == labels("sv").contents
    assert style_of(dutch) == style_of("sv")


@pytest.mark.parametrize("language", locales.known())
def test_no_packaged_file_is_wrong(language: str) -> None:
    tables = tomllib.loads((locales.FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    assert list(locales.wrong("xx", tables)) == []


@pytest.mark.parametrize(
    ("tag", "text", "key", "message", "remedy"),
    [
        ("de", '[documents]\nfigure = "x"', ("documents",), 'unknown key "documents"', "`document`"),
        ("de", '[document]\nfigur = "x"', ("document", "figur"), 'unknown key "figur"', "`figure`"),
        ("nl", 'base = "dee"', ("base",), "there is no language 'dee'", "`de`"),
        ("de", "[document]\nfigure = 1", ("document", "figure"), "not of the form", "as in 'Figure'"),
        ("de", 'document = "x"', ("document",), "not of the form", ""),
        ("de", '[numbers]\nsmall = ["null"]', ("numbers", "small"), "not of the form", "'zero'"),
        ("de", '[numbers]\nordinals = [["*1", "."]]', ("numbers", "ordinals"), "not of the form", "'*11'"),
        ("de", '[prose]\nunits = "Bild"', ("prose", "units"), "not of the form", ""),
        ("de", '[examples]\n"Bild" = 1', ("examples", "Bild"), "is no text", ""),
        (
            "de",
            '[figures]\nepochs = ["Epoche", "{n} Epochen"]',
            ("figures", "epochs"),
            "needs {n}",
            "'{n} epoch'",
        ),
        ("de", '[document]\nnot_built = "{x}"', ("document", "not_built"), "needs no braces", ""),
        ("de", '[document]\nnot_built = "{"', ("document", "not_built"), "needs no braces", ""),
    ],
)
def test_what_is_wrong_in_a_file_of_a_project_is_told(
    tag: str, text: str, key: tuple[str, ...], message: str, remedy: str
) -> None:
    ((place, said, what),) = locales.wrong(tag, tomllib.loads(text))
    assert place == key
    assert message in said
    assert remedy in what


def test_a_new_language_is_whole_or_names_its_base() -> None:
    found = list(locales.wrong("nl", tomllib.loads('[document]\nfigure = "Figuur"')))
    keys = {message for _, message, _ in found}
    assert {'the key "numbers" is missing', 'the key "document.table" is missing'} <= keys
    assert all('begin the file with base = "en"' in remedy for _, _, remedy in found)
    assert not any("examples" in message for message in keys)
    assert list(locales.wrong("nl", tomllib.loads('base = "en"\n[document]\nfigure = "Figuur"'))) == []
