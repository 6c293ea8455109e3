"""The words of the document are those that templates and lists use."""

import dataclasses
import re
from dataclasses import replace

from reportgen import themes
from reportgen.document.labels import Labels, labels
from reportgen.language import Show
from reportgen.language.joint_figures import TOGETHER
from reportgen.results import facts, listing
from tests.factories import make_facts, make_numbers, make_records, make_report
from tests.results import test_family_facts


def test_languages_are_found_by_tag() -> None:
    assert labels("en-GB") == replace(labels("en"), language="en-GB")
    assert labels("sv").contents == "Innehåll"


def test_every_figure_has_a_title_for_lists() -> None:
    report = make_report(("fc",))
    of_two = facts(report, make_records(report, classes=2), {"cifar10": ("no", "yes")})
    of_numbers = facts(report, {"fc": [make_numbers("fc")]}, {"cifar10": ()})
    families = test_family_facts.facts()
    listed = (entry for each in (make_facts(), of_two, of_numbers, families) for entry in listing(each))
    shown = {entry.value.kind for entry in listed if isinstance(entry.value, Show)}
    tables = {"table", "summary", "training", "variants"}  # their captions are their titles
    assert (shown | set(TOGETHER)) - tables == set(labels("en").titles)


def test_words_that_templates_use_exist() -> None:
    names = {field.name for field in dataclasses.fields(Labels)}
    for template in themes.FOLDER.glob("*/*.j2"):
        assert set(re.findall(r"\bwords\.(\w+)", template.read_text())) <= names, template
