"""Which results the last builds needed, so that pruning keeps them."""

import json
import time

from reportgen.plan.key import canonical
from reportgen.plan.memory import report_name
from reportgen.plan.values import Plan
from reportgen.report.model import Report
from reportgen.store import Store

KIND = "needs"
REMEMBERED = 50


def record_build(report: Report, store: Store, plan: Plan, artifacts: tuple[str, ...] = ()) -> None:
    """Remember what a build needs. Call it when the build begins, so that a prune in between spares it too.

    Parameters
    ----------
    artifacts : tuple of str
        Keys of rendered things in the store that belong to the build.
    """
    name = report_name(report)
    needed = sorted({*plan.keys, *artifacts})
    store.note(KIND, f"{time.time_ns():020d} {name}", canonical({"report": name, "keys": needed}))
    for each in _of(store, name)[:-REMEMBERED]:
        store.forget(KIND, each)


def needed(store: Store, plan: Plan, builds: int) -> frozenset[str]:
    """Return the keys that the plan, and the last `builds` builds of every report in the store, need."""
    found = set(plan.keys)
    names: dict[str, list[str]] = {}
    for each in store.notes(KIND):
        names.setdefault(each.partition(" ")[2], []).append(each)
    for each in (each for of_one in names.values() for each in of_one[max(0, len(of_one) - builds) :]):
        try:
            found.update(json.loads(store.noted(KIND, each) or b"{}")["keys"])
        except (ValueError, KeyError, TypeError):
            continue
    return frozenset(found)


def _of(store: Store, name: str) -> list[str]:
    return [each for each in store.notes(KIND) if each.partition(" ")[2] == name]
