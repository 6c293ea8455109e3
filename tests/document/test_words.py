"""The document's own words are complete in every language."""

import dataclasses
import re

import pytest

from reportgen import themes
from reportgen.document.labels import ENGLISH, SWEDISH, Labels, labels
from reportgen.errors import InputError
from reportgen.language import Show
from reportgen.language.together import TOGETHER
from reportgen.results import listing
from tests.factories import make_facts


def test_languages_are_found_by_tag() -> None:
    assert labels("en") == labels("en-GB") == ENGLISH
    assert labels("SV-fi") == SWEDISH


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InputError, match=r"language 'xx' is not known \(use one of en, sv\)"):
        labels("xx")


@pytest.mark.parametrize("language", [ENGLISH, SWEDISH], ids=["en", "sv"])
def test_no_word_is_missing(language: Labels) -> None:
    for field in dataclasses.fields(language):
        assert getattr(language, field.name), field.name


def test_patterns_have_the_same_gaps_in_every_language() -> None:
    for field in dataclasses.fields(Labels):
        one, other = str(getattr(ENGLISH, field.name)), str(getattr(SWEDISH, field.name))
        assert re.findall(r"\{\w*\}", one) == re.findall(r"\{\w*\}", other), field.name
    assert set(ENGLISH.titles) == set(SWEDISH.titles)


def test_every_figure_has_a_title_for_lists() -> None:
    shown = {entry.value.kind for entry in listing(make_facts()) if isinstance(entry.value, Show)}
    tables = {"table", "summary", "training"}  # their captions are their titles
    assert (shown | set(TOGETHER)) - tables == set(ENGLISH.titles)


def test_words_that_templates_use_exist() -> None:
    names = {field.name for field in dataclasses.fields(Labels)}
    for template in themes.FOLDER.glob("*/*.j2"):
        assert set(re.findall(r"\bwords\.(\w+)", template.read_text())) <= names, template
