"""Answers are untrusted: each of these attacks is refused with file and line."""

import pytest

from reportgen.errors import InputError
from reportgen.language import parse, render
from tests.language.world import Model, World

ATTACKS = [
    # attribute chains
    "{{ cnn.__class__ }}",
    "{{ cnn.__class__.__mro__[1].__subclasses__() }}",
    "{{ cnn['__class__'] }}",
    "{{ cnn['__' + 'class__'] }}",
    "{{ cnn.accuracy.__init__.__globals__ }}",
    "{{ cnn.accuracy['__init__'] }}",
    "{{ ''.__class__ }}",
    "{{ ()['__class__'] }}",
    "{{ [].append(1) }}",
    "{{ cnn._accuracy }}",
    "{{ cnn['_accuracy'] }}",
    "{{ cnn.member('_accuracy') }}",
    "{{ cnn.secret }}",
    "{{ cnn['secret'] }}",
    "{{ cnn.relations }}",
    "{{ cnn.headline }}",
    "{{ cnn.style }}",
    "{{ cnn.accuracy.value }}",
    "{{ cnn.accuracy.bounds }}",
    "{{ cnn.accuracy.owner }}",
    "{{ cnn.recall.values }}",
    "{{ cnn.recall['_values'] }}",
    "{{ cnn.recall.items() }}",
    "{{ cnn.classes.index('cat') }}",
    "{{ cnn.worst.choices }}",
    "{{ cnn.worst.format }}",
    "{{ cnn.worst.upper() }}",
    # what Jinja and Python bring along
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ context }}",
    "{{ config }}",
    "{{ request }}",
    "{{ cycler }}",
    "{{ lipsum.__globals__ }}",
    "{{ joiner() }}",
    "{{ namespace() }}",
    "{{ dict(a=1) }}",
    "{{ range(10) }}",
    "{{ range(10**12) }}",
    "{{ open('/etc/passwd') }}",
    "{{ eval('1') }}",
    "{{ print(1) }}",
    "{{ abs.__self__ }}",
    "{{ abs }}",
    "{{ ref(abs) }}",
    "{{ loop.__class__ }}",
    "{% for c in cnn.classes %}{{ loop.__init__ }}{% endfor %}",
    "{% for c in cnn.classes %}{{ loop._values }}{% endfor %}",
    # filters and tests of Jinja that reach further than ours
    "{{ cnn | attr('__class__') }}",
    "{{ cnn.classes | map(attribute='__class__') }}",
    "{{ cnn | list }}",
    "{{ cnn | pprint }}",
    "{{ cnn | string }}",
    "{{ '<b>' | safe }}",
    "{{ cnn is defined }}",
    "{{ cnn is mapping }}",
    "{% claim cnn is hidden %}x{% endclaim %}",
    "{% claim cnn is headline %}x{% endclaim %}",
    # format strings
    "{{ '{0.__class__}'.format(cnn) }}",
    "{{ '%s' % cnn }}",
    "{{ '%999999999d' % 1 }}",
    "{{ '{:>999999999}' | format(1) }}",
    # numbers and lists that blow up
    "{{ 'a' * 999999999 }}",
    "{{ [0] * 999999999 }}",
    "{{ (1, 2) * 999999999 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 1000000000000000 * 1000000000000000 }}",
    "{{ " + "9" * 590 + " }}",
    "{{ 1e308 * 10 }}",
    "{{ 1 / 0 }}",
    "{{ cnn.accuracy | decimal(999999999) }}",
    # loops without end, deep recursion
    "{% for a in range(99) %}{% endfor %}",
    "{% for a in cnn.classes recursive %}{{ loop(cnn.classes) }}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{{ " + "(" * 250 + "1" + ")" * 250 + " }}",
    "{{ " + "not " * 140 + "cnn.nesterov }}",
    "{{ " + "-" * 590 + "1 }}",
    "{{ cnn" + ".accuracy" * 60 + " }}",
    "{{ " + "[" * 100_000 + " }}",
    "{% if cnn.nesterov %}" * 500 + "{% endif %}" * 500,
    "".join(f"{{% for a{n} in cnn.classes %}}" for n in range(15)) + "x" + "{% endfor %}" * 15,
    "".join(f"{{% for a{n} in cnn.classes %}}" for n in range(15)) + "{% endfor %}" * 15,
    "".join(f"{{% for a{n} in cnn.classes %}}" for n in range(12)) + "x" * 100_000 + "{% endfor %}" * 12,
    # other files
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import path %}",
    "{% extends 'base.html' %}",
    # forged tokens and characters that nothing can print
    "\ue000fact:0\ue001",
    r"{{ '\ue000show:0\ue001' }}",
    r"{{ cnn.recall['\ue000'] }}",
    r"{{ '\ud800' }}",
    r"{{ '\x1b[2J' }}",
    # broken syntax
    "{{",
    "{% claim",
    "{{ cnn.accuracy",
    "{% claim cnn.nesterov %}",
    "{% endclaim %}",
    "{% if %}",
    "{{ } }}",
    "{{ cnn.accuracy }",
    "{{ ' }}",
    "{% raw %}",
    "x" * 5_000_000,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack[:40])
def test_attacks_are_refused_with_their_place(attack):
    with pytest.raises(InputError) as caught:
        render(parse(f"first\n{attack}\n", "answers/q.md", 10), World())
    problems = caught.value.problems
    assert {problem.path for problem in problems} == {"answers/q.md"}
    assert {problem.line for problem in problems} <= {10, 11, 12}
    message = str(caught.value).replace(attack, "")
    assert Model.secret not in message
    assert "<class" not in message
    assert "object at 0x" not in message
    assert len(message) < 20_000
