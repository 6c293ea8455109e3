"""Divide the trainings of a report among machines that share nothing but a store."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from reportgen.plan.result import ModelPlan, Plan

_SHARD = re.compile(r"([1-9][0-9]{0,4})/([1-9][0-9]{0,4})")


@dataclass(frozen=True)
class Shard:
    """One of `count` shares of the trainings, counted from 1."""

    index: int
    count: int

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Return the shard that ``2/5`` means; anything else is a ValueError."""
        found = _SHARD.fullmatch(text.strip())
        shard = cls(int(found[1]), int(found[2])) if found else None
        if shard is None or shard.index > shard.count:
            raise ValueError(f"{text!r} is not I/N, such as 2/5 for the second of five shards")
        return shard

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"

    def of(self, plan: Plan, models: Collection[str]) -> tuple[ModelPlan, ...]:
        """Return what of these models, with each of their seeds, belongs to this shard.

        The first of them in the report belongs to shard 1, and so on in rotation, whether it is fresh or
        not: so every shard finds the same division. What has the same key as an earlier one, and so is the
        same result, belongs to that one's shard.
        """
        first: dict[str, int] = {}
        mine = []
        for number, each in enumerate(each for each in plan.models if each.model in models):
            place = first.setdefault(each.key or each.source_keys["exact"], number)
            if place % self.count == self.index - 1:
                mine.append(each)
        return tuple(mine)
