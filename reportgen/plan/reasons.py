"""Explain why a model is stale, from its earlier projection and the present one."""

import json
from collections.abc import Iterator, Mapping

from reportgen.plan.result import Reason
from reportgen.plan.source.diff import change, clip


def why(old: Mapping[str, object] | None, new: Mapping[str, object], *, trained: bool) -> tuple[Reason, ...]:
    """Return the causes, the code first, then parameters, data, seed and versions.

    Parameters
    ----------
    old : mapping or None
        What was remembered of the model when it was last trained or found fresh.
    trained : bool
        Its result is known, but no longer in the store.
    """
    if old is None:
        return (Reason("missing", "the stored result is missing"),) if trained else (Reason("never trained"),)
    found = list(_differences(old, new))
    return tuple(found) or (Reason("missing", "the stored result is missing"),)


def _differences(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Reason]:
    before, after = _part(old, "projection"), _part(new, "projection")
    training_before, training_after = _part(before, "training"), _part(after, "training")
    names = {*training_before, *training_after}
    changed = {name for name in names if training_before.get(name) != training_after.get(name)}
    functions = any(isinstance(_code(training_after, name), str) and name in changed for name in _ROLES)
    if before.get("builder") != after.get("builder") or functions:
        architecture = list(_architecture(old, new))
        yield from architecture
        definitions = list(_definitions(_part(old, "definitions"), _part(new, "definitions")))
        yield from definitions
        if not definitions and not architecture:
            yield Reason("source", "the model's code")
    if before.get("trainer") != after.get("trainer") or before.get("format") != after.get("format"):
        yield Reason("version", "reportgen's training", str(before.get("trainer")), str(after.get("trainer")))
    yield from _parameters(old, new, changed)
    data_before, data_after = _part(before, "data"), _part(after, "data")
    if data_before.get("fingerprint") != data_after.get("fingerprint"):
        yield Reason(
            "data",
            "images or labels",
            _short(data_before.get("fingerprint")),
            _short(data_after.get("fingerprint")),
        )
    if data_before.get("classes") != data_after.get("classes"):
        yield Reason(
            "data", "number of classes", str(data_before.get("classes")), str(data_after.get("classes"))
        )
    if before.get("seed") != after.get("seed"):
        yield Reason("seed", "seed", str(before.get("seed")), str(after.get("seed")))
    versions_before, versions_after = _part(before, "versions"), _part(after, "versions")
    for name in sorted({*versions_before, *versions_after}):
        if versions_before.get(name) != versions_after.get(name):
            yield Reason(
                "version", name, str(versions_before.get(name, "")), str(versions_after.get(name, ""))
            )


_ROLES = ("augmentation", "learning_rate", "loss")


def _parameters(old: Mapping[str, object], new: Mapping[str, object], changed: set[str]) -> Iterator[Reason]:
    before, after = _part(old, "parameters"), _part(new, "parameters")
    for name in dict.fromkeys([*after, *before]):
        if before.get(name) != after.get(name) and name.partition(" ")[0] in changed:
            changed = changed - {name}
            yield Reason("training", name, str(before.get(name, "")), str(after.get(name, "")))


def _definitions(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Reason]:
    old = {_label(name): str(text) for name, text in before.items()}
    for name, text in after.items():
        label = _label(name)
        if label not in old:
            yield Reason("source", name, "", "added")
        elif old[label] != text:
            yield Reason("source", name, *change(old[label], str(text)))
    now = {_label(name) for name in after}
    for name in before:
        if _label(name) not in now:
            yield Reason("source", name, "", "no longer used")


def _architecture(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Reason]:
    """Compare the built models layer by layer, where both were built."""
    if not (old.get("config") and new.get("config")):
        return
    before, after = _layers(str(old["config"])), _layers(str(new["config"]))
    if len(before) != len(after):
        yield Reason("architecture", "number of layers", str(len(before)), str(len(after)))
        return
    for one, two in zip(before, after, strict=True):
        if one.get("class_name") != two.get("class_name"):
            yield Reason("architecture", "layer", str(one.get("class_name")), str(two.get("class_name")))
            continue
        first, second = _part(one, "config"), _part(two, "config")
        for name in sorted({*first, *second}):
            if first.get(name) != second.get(name) and name not in ("name", "build_config"):
                kind = str(two.get("class_name")).lower()
                yield Reason(
                    "architecture", f"{kind} {name}", _value(first.get(name)), _value(second.get(name))
                )


def _layers(config: str) -> list[Mapping[str, object]]:
    try:
        value = json.loads(config)
        layers = value.get("config", value).get("layers", [])
        return [layer for layer in layers if isinstance(layer, dict)]
    except (ValueError, AttributeError):
        return []


def _label(name: str) -> str:
    return name.rpartition(" (")[0]


def _part(value: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = value.get(name)
    return part if isinstance(part, Mapping) else {}


def _code(training: Mapping[str, object], name: str) -> object:
    value = training.get(name)
    if isinstance(value, Mapping) and "name" in value:
        value = value["name"]
    return value.get("function") if isinstance(value, Mapping) else None


def _short(value: object) -> str:
    return str(value or "")[:12]


def _value(value: object) -> str:
    return clip(json.dumps(value) if not isinstance(value, str) else value)
