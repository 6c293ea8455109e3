"""Templates render, and reach nothing but their folder and their values."""

from pathlib import Path

import pytest

from reportgen.document.templates import Templates
from reportgen.errors import InputError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "templates" / "mine").mkdir(parents=True)
    return tmp_path / "templates"


def render(folder: Path, text: str, **values: object) -> str:
    (folder / "mine" / "report.html.j2").write_text(text)
    return Templates.read_from(folder).render(
        "mine/report.html.j2", {"name": "<b>", "items": (1, 2), **values}
    )


def test_values_are_escaped(folder: Path) -> None:
    assert render(folder, "{{ name }}{% for i in items %}{{ i }}{% endfor %}") == "&lt;b&gt;12"


def test_templates_extend_each_other(folder: Path) -> None:
    (folder / "base.html.j2").write_text("<p>{% block x %}{% endblock %}</p>")
    text = '{% extends "base.html.j2" %}{% block x %}mine{% endblock %}'
    assert render(folder, text) == "<p>mine</p>"


ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ name.__init__.__globals__ }}",
    "{{ items.__class__ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ cycler.__init__.__globals__.os }}",
    "{{ joiner.__init__.__globals__.os }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context.eval_ctx.environment.loader }}",
    "{{ range.__self__ }}",
    "{{ function.__globals__ }}",
    "{{ function.__code__.co_code }}",
    "{{ ''|attr('__class__')|attr('__base__') }}",
    "{{ '{0.__class__.__init__.__globals__}'.format(function) }}",
    "{{ ('{0.__class__}'|format)(name) }}",
    "{{ dict.__base__ }}",
    "{% set x = mutable.append(1) %}",
    "{{ mutable.clear() }}",
    "{{ [].__reduce_ex__(2) }}",
    "{% for i in range(100000000) %}{% endfor %}",
    "{{ 'x' * 3 ** 30 }}{{ ().__len__.__self__.__class__ }}",
    "{% include '../secret.txt' %}",
    "{% include '/etc/passwd' %}",
    "{% include 'mine/../../secret.txt' %}",
    "{% import 'file:///etc/passwd' as x %}",
    "{% extends '../secret.txt' %}",
    "{% include 'link.txt' %}",
    "{% include 'linked/secret.txt' %}",
    "{% include 'C:\\\\secret.txt' %}",
    "{% include '\0' %}",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_escapes_fail_and_show_nothing(folder: Path, text: str) -> None:
    def function() -> str:
        return "called"

    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "linked").symlink_to(folder.parent)
    mutable: list[int] = []
    try:
        shown = render(folder, text, function=function, mutable=mutable)
    except InputError as error:
        assert "secret.txt" not in str(error) or "no template" in str(error)
    else:
        assert not any(word in shown for word in ("secret", "root:", "<class", "module", "loader", "uid="))
    assert mutable == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a\n{{ nosuch }}", "mine/report.html.j2:2: 'nosuch' is undefined"),
        ("a\nb\n{% if %}", "mine/report.html.j2:3: "),
        ("{{ items.nosuch.more }}", "mine/report.html.j2:1: "),
        ("\n{{ 1 / 0 }}", "mine/report.html.j2:2: division by zero"),
        ("\n{{ items|nosuch }}", "mine/report.html.j2:2: No filter named 'nosuch'"),
        ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "mine/report.html.j2:1: maximum recursion"),
    ],
)
def test_what_a_template_does_wrong_is_named_with_its_line(folder: Path, text: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        render(folder, text)
    assert place in str(caught.value)


def test_errors_name_the_included_file(folder: Path) -> None:
    (folder / "part.html.j2").write_text("a\n{{ nosuch }}")
    with pytest.raises(InputError, match=r"part\.html\.j2:2: 'nosuch' is undefined"):
        render(folder, "{% include 'part.html.j2' %}")


def test_a_template_has_a_limit_and_an_encoding(folder: Path) -> None:
    (folder / "big.html").write_text("x" * 1_000_001)
    (folder / "latin.html").write_bytes("é".encode("latin-1"))
    with pytest.raises(InputError, match="of at most 1,000,000 bytes"):
        Templates.read_from(folder).read("big.html")
    with pytest.raises(InputError, match="not UTF-8"):
        Templates.read_from(folder).read("latin.html")


def test_what_is_edited_is_read_again_in_the_same_process(folder: Path) -> None:
    (folder / "part.html.j2").write_text("one")
    assert render(folder, "{% include 'part.html.j2' %}") == "one"
    (folder / "part.html.j2").write_text("two")
    assert render(folder, "{% include 'part.html.j2' %}") == "two"
