"""Match the facts of two runs by what they describe, and find those that differ."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import hypot, inf, sqrt
from statistics import variance

from reportgen.claims.run import Fact
from reportgen.language import Kind
from reportgen.language.numbers import KINDS, printed, style_of
from reportgen.results.distributions import two_sided
from reportgen.results.statistics import LEVEL

Facts = Mapping[str, Fact]


@dataclass(frozen=True)
class MovedFact:
    """A fact whose value differs; None where a run doesn't have it.

    `errors` says how many standard errors the difference is, where it has one.
    """

    name: str
    before: Fact | None
    after: Fact | None
    errors: float | None = None

    @property
    def missing(self) -> bool:
        """Whether one run has the fact without a value, as before its model was trained."""
        return any(fact is not None and fact.value is None for fact in (self.before, self.after))

    @property
    def in_both(self) -> bool:
        """Whether both runs have the fact."""
        return self.before is not None and self.after is not None

    def __str__(self) -> str:
        return f"{self.name}: {_text(self.before)} → {_text(self.after)}{self._change()}"

    def _change(self) -> str:
        """Return the difference in words."""
        if self.before is None or self.after is None:
            return ""
        old, new, kind = self.before.value, self.after.value, self.after.kind
        if not isinstance(old, int | float) or not isinstance(new, int | float) or kind not in KINDS:
            return ""
        unit: Kind = "points" if kind == "share" else kind  # type: ignore[assignment]
        change = ("+" if new > old else "") + printed(new - old, unit, style_of("en"))
        return f" ({change}" + (f", {self.errors:+.1f} standard errors)" if self.errors is not None else ")")


def moved(before: Facts, after: Facts) -> Iterator[MovedFact]:
    """Yield the facts that differ.

    An entry of a list is compared with the entry of the same name, wherever it stands: ``ranking["cat"]``.
    An entry on one side only shows that the lists differ, which is reported once.
    """
    old_facts, new_facts = _by_name(before), _by_name(after)
    for name in dict.fromkeys((*old_facts, *new_facts)):
        old, new = old_facts.get(name), new_facts.get(name)
        if old is None or new is None:
            if name in before or name in after:
                yield MovedFact(name, old, new)
        elif old.value != new.value:
            yield MovedFact(name, old, new, _errors(old, new))


def noise(before: Fact, after: Fact) -> tuple[float, float] | None:
    """Return the standard error of a difference of two facts and its degrees of freedom.

    None where they are exact, or nothing is known of their errors. Where one side has several seeds, the
    other borrows their variance.
    """
    several = [fact for fact in (before, after) if len(fact.seeds) > 1]
    if several:
        squares = [
            variance(fact.seeds if fact in several else several[0].seeds) / max(len(fact.seeds), 1)
            for fact in (before, after)
        ]
        return sqrt(sum(squares)), min(len(fact.seeds) for fact in several) - 1
    if before.lower is None or before.upper is None or after.lower is None or after.upper is None:
        return None
    reach = hypot(before.upper - before.lower, after.upper - after.lower) / 2
    return reach / two_sided(LEVEL), inf


def _errors(old: Fact, new: Fact) -> float | None:
    """Return the difference in units of its standard error."""
    if not isinstance(old.value, int | float) or not isinstance(new.value, int | float):
        return None
    found = noise(old, new)
    return (new.value - old.value) / found[0] if found and found[0] else None


def _by_name(facts: Facts) -> dict[str, Fact]:
    """Return facts with the entries of lists called by their words; the order of a list is a fact itself."""
    found: dict[str, Fact] = {}
    lists: dict[str, dict[int, dict[str, Fact]]] = defaultdict(lambda: defaultdict(dict))
    for name, fact in facts.items():
        owner, _, member = name.rpartition("]")
        owner, _, index = owner.rpartition("[")
        if owner and index.isdecimal() and len(index) < 10:
            lists[owner][int(index)][member] = fact
        else:
            found[name] = fact
    for owner, entries in lists.items():
        names = [_identity(entries[index]) for index in sorted(entries)]
        if not all(names) or len(set(names)) < len(names):
            found |= {
                f"{owner}[{index}]{member}": fact
                for index, entry in entries.items()
                for member, fact in entry.items()
            }
            continue
        order = "; ".join(names)
        found[owner] = Fact(order, order, "word")
        for name, place in zip(names, sorted(entries), strict=True):
            found |= {
                f"{owner}[{name}]{member}": fact
                for member, fact in entries[place].items()
                if fact.kind != "word"
            }
    return found


def _identity(entry: Mapping[str, Fact]) -> str:
    """Return the words that tell an entry from others: a class, or what was taken for what."""
    words = {
        member: fact.value for member, fact in entry.items() if fact.kind == "word" and fact.value is not None
    }
    if len(words) == 1:
        return str(next(iter(words.values())))
    return ", ".join(f"{member.removeprefix('.')} {words[member]}" for member in sorted(words, reverse=True))


def _text(fact: Fact | None) -> str:
    return "not there" if fact is None else fact.text
