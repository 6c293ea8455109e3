"""Tell facts about what was trained (causes) from facts about what came out."""

from __future__ import annotations

from reportgen.language import owner_of
from reportgen.results.configuration import ConfiguredFacts
from reportgen.results.model_facts import ModelFacts
from reportgen.results.network_facts import EnvironmentFacts, built


def is_cause(name: str) -> bool:
    """Return whether a fact, by its name, says what was declared, built or read.

    An argument of an optimizer or a loss, which only report.toml knows by name, is one too.
    """
    root = owner_of(name)
    rest = name.removeprefix(root).removeprefix(".")
    if root == "report":
        return rest in ("title", "questions")
    member, _, below = rest.partition(".")
    member = member.partition("[")[0]
    if member == "environment":
        return isinstance(EnvironmentFacts._members.get(below.partition(".")[0]), built)
    known = ModelFacts._members.get(member)
    return bool(rest) and (known is None or member in ConfiguredFacts._members or isinstance(known, built))
