"""Check that the results in a PDF were made by the code, parameters and data that it carries.

A result's key is the hash of its projection: what could change its numbers, as read before training. So
the projection can't be changed without the key, and all else is held against the projection. Nothing of
what is carried is run.
"""

from collections.abc import Iterator

from reportgen import __version__, datasets
from reportgen import plan as plans
from reportgen.commands.verify.json_diff import Difference, leaves
from reportgen.pipeline.gather import Gathered
from reportgen.plan import ModelPlan
from reportgen.training.record import Record

_COMPARED = ("training", "seed", "data")


def differences(gathered: Gathered) -> Iterator[Difference]:
    """Yield where a result is not what the report says that it was trained by."""
    for name, records in gathered.records.items():
        if len(records) != len(gathered.plan.of(name)):
            yield Difference(f"results of {name}", str(len(records)), str(len(gathered.plan.of(name))))
    for planned, record in _trained(gathered):
        try:
            key = plans.result_key(record.projection)
        except (KeyError, TypeError, ValueError, AssertionError):
            yield Difference(f"key of {planned.name}", record.key[:12], "none")
            continue
        if key != record.key:
            yield Difference(f"key of {planned.name}", record.key[:12], key[:12])
        for part in _COMPARED:
            for leaf in leaves(planned.projection[part], record.projection.get(part), part):
                yield Difference(f"training of {planned.name}", *leaf)
        yield from _record(planned.name, record)
        name = planned.spec.training.dataset
        if name not in gathered.facts.report.datasets and datasets.fingerprint(name) != record.dataset:
            yield Difference(f"data of {planned.name}", record.dataset[:12], datasets.fingerprint(name)[:12])
        if _other_code(planned, record) and not _may_build_the_same(record):
            yield Difference(f"code of {planned.name}", *_code(planned, record))


def undecided(gathered: Gathered) -> dict[str, str]:
    """Return the models whose code is another text than the one that was trained, with a sentence on each."""
    return {
        planned.model: f"the attached code of {planned.model} is not the code that produced its result; "
        f"verify --retrain {planned.model} runs it, and checks whether it builds the same model"
        for planned, record in _trained(gathered)
        if _other_code(planned, record) and _may_build_the_same(record)
    }


def same_network(planned: ModelPlan, record: Record) -> bool:
    """Return whether a model that was built now is the one of a record, as far as what is built tells."""
    before, now = (each.projection.get("built") for each in (record, planned))
    return before is None or now is None or before == now


def _trained(gathered: Gathered) -> Iterator[tuple[ModelPlan, Record]]:
    for name, records in gathered.records.items():
        yield from zip(gathered.plan.of(name), records, strict=False)


def _record(name: str, record: Record) -> Iterator[Difference]:
    """Compare what a record says beside its projection with that."""
    projection = record.projection
    said: dict[str, object] = {"seed": record.seed, "data": {"fingerprint": record.dataset}}
    versions = projection.get("versions")
    if isinstance(versions, dict):
        noted = record.environment.versions
        said["versions"] = {each: noted[each] for each in versions if each in noted}
    built = projection.get("built")
    if isinstance(built, dict):
        said["built"] = {"config": plans.digest_bytes(record.config.encode())}
    for part, value in said.items():
        found = projection.get(part)
        if isinstance(value, dict) and isinstance(found, dict):
            found = {each: found.get(each) for each in value}
        for leaf in leaves(value, found, part):
            yield Difference(f"record of {name}", *leaf)


def _other_code(planned: ModelPlan, record: Record) -> bool:
    before, now = _code(planned, record)
    return before != now


def _code(planned: ModelPlan, record: Record) -> tuple[str, str]:
    return str(planned.projection["builder"])[:12], str(record.projection.get("builder"))[:12]


def _may_build_the_same(record: Record) -> bool:
    """Return whether a result is known by what its code builds, or was made by another reportgen."""
    version = record.environment.versions.get("reportgen")
    built = record.projection.get("built")
    by_what_is_built = isinstance(built, dict) and "source" not in built
    return by_what_is_built or version != __version__
