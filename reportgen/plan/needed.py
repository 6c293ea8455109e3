"""Find the results that the last builds needed, so that pruning keeps them."""

import json
import time

from reportgen.plan.key import canonical
from reportgen.plan.last_run import report_name
from reportgen.plan.result import Plan
from reportgen.report.types import Report
from reportgen.store import Store

KIND = "needs"
REMEMBERED = 50


def record_build(report: Report, store: Store, plan: Plan) -> None:
    """Remember what a build needs; call it when the build begins, so that a prune in between spares it."""
    name = report_name(report, store, make=True)
    content = canonical({"report": name, "keys": sorted(plan.keys)})
    earlier = _of(store, name)
    store.note(KIND, f"{time.time_ns():020d} {name}", content)
    # What needs the same as before takes its place, so that the last few that are remembered differ.
    same = [each for each in earlier[-1:] if store.noted(KIND, each) == content]
    for each in (*same, *earlier[: 1 - REMEMBERED]):
        store.forget(KIND, each)


def needed(report: Report, store: Store, plan: Plan, builds: int) -> frozenset[str]:
    """Return the keys that the plan and the last `builds` builds need, of this report and of all others.

    Of the others the last one always counts: what they need now is theirs to say.
    """
    found, own = set(plan.keys), report_name(report, store)
    names: dict[str, list[str]] = {}
    for each in store.notes(KIND):
        names.setdefault(each.partition(" ")[2], []).append(each)
    counted = (
        each
        for name, of_one in names.items()
        for each in of_one[max(0, len(of_one) - (builds if name == own else max(builds, 1))) :]
    )
    for each in counted:
        try:
            found.update(json.loads(store.noted(KIND, each) or b"{}")["keys"])
        except (ValueError, KeyError, TypeError):
            continue
    return frozenset(found)


def _of(store: Store, name: str) -> list[str]:
    return [each for each in store.notes(KIND) if each.partition(" ")[2] == name]
