"""Plan one model with one seed: find out whether the store has a result that is still valid."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace

from reportgen.errors import InputError, Problem, nearest, shown
from reportgen.plan.built_cache import built, built_key, remember_built
from reportgen.plan.estimators import GIVEN, check_metrics, doubted
from reportgen.plan.key import canonical, digest, digest_bytes
from reportgen.plan.last_run import Memory
from reportgen.plan.reads import changed
from reportgen.plan.reasons import why
from reportgen.plan.result import Data, Identify, Identity, ModelPlan, Reason
from reportgen.plan.source.closure import Projection, Projector, shares_values
from reportgen.plan.trace import TRACE, Trace, trace_of
from reportgen.plan.versions import POLICIES, computing, known, reduced
from reportgen.report.training_parameters import Component, Training
from reportgen.report.types import ModelSpec, Report
from reportgen.store import Store

FORMAT = 1
_KEYED_ELSEWHERE = ("dataset", "metrics")  # by the data's fingerprint, and in a key of their own
# What was so before it could be said: not in the key.
_LATER: Mapping[str, object] = {
    "scale": "unit",
    "early_stopping": None,
    "subset": None,
    "class_weights": None,
    "reduce_on_plateau": None,
    "folds": None,
    "train": None,
    "arguments": {},
}
TRAINER = 8  # raise it when the training loop or the evaluation gives other numbers than before


@dataclass(frozen=True)
class Planner:
    """Plans the models of one report.

    `versions` replaces installed versions of libraries; `policy` says how closely they must agree.
    """

    report: Report
    store: Store
    projector: Projector
    data: Callable[[str], Data]
    memory: Memory
    policy: str
    versions: Mapping[str, str]

    def plan(self, identify: Identify | None) -> tuple[ModelPlan, ...]:
        """Return a plan for every model and seed, in the report's order."""
        problems = [problem for spec in self.report.models.values() for problem in self._problems(spec)]
        if problems:
            raise InputError(problems)
        plans = [self._first(spec, seed) for spec in self.report.models.values() for seed in spec.seeds]
        unknown: dict[str, ModelPlan] = {}
        for each in plans:
            if each.key is None:
                unknown.setdefault(each.source_keys["exact"], each)
        identities = self._identities(unknown, identify)
        return tuple(
            self._second(each, identities[each.source_keys["exact"]])
            if each.key is None and each.source_keys["exact"] in identities
            else each
            for each in plans
        )

    def _identities(self, unknown: Mapping[str, ModelPlan], identify: Identify | None) -> dict[str, Identity]:
        """Return what the builders build; what was built before is known to the store."""
        known = {source: built(self.store, each) for source, each in unknown.items()}
        found = {source: identity for source, identity in known.items() if identity is not None}
        rest = {source: each for source, each in unknown.items() if source not in found}
        if identify is None or not rest:
            return found
        for (source, each), identity in zip(rest.items(), identify(tuple(rest.values())), strict=True):
            remember_built(self.store, each, identity)
            found[source] = identity
        return found

    def _problems(self, spec: ModelSpec) -> list[Problem]:
        wanted = [spec.builder, spec.training.augmentation or spec.builder]
        if isinstance(spec.training.learning_rate, str):
            wanted.append(spec.training.learning_rate)
        found = []
        for name in dict.fromkeys(wanted):
            if not self.projector.defines(name):
                remedy = nearest(name, self.projector.names) or "define it there"
                where = shown(self.report.models_path)
                message = f"model {spec.name} refers to {name!r}, which {where} does not define"
                found.append(Problem(shown(spec.place.path), spec.place.line, message, remedy))
        return found

    def _first(self, spec: ModelSpec, seed: int) -> ModelPlan:
        """Decide from text alone."""
        training, data = spec.training, self.data(spec.training.dataset)
        builder = self.projector.project(spec.builder)
        functions = self._functions(training)
        libraries = {name for each in (builder, *functions.values()) for name in each.libraries}
        versions = computing(libraries, self.versions)
        projection: dict[str, object] = {
            "format": FORMAT,
            "trainer": TRAINER,
            "builder": builder.digest,
            "training": _training(training, functions, data),
            "data": {"fingerprint": data.fingerprint, "classes": len(data.classes)},
            "seed": seed,
            "versions": versions,
        }
        keys = _keys(projection)
        policy = self.policy if known(versions) else "ignore"
        linked = self.store.resolve(keys[policy])
        plan = ModelPlan(
            model=spec.name,
            seed=seed,
            status="stale",
            reasons=(),
            key=None,
            evaluation_key=None,
            source_keys=keys,
            projection=projection,
            parameters=_readable(training, data),
            parts=(builder, *functions.values()),
            spec=spec,
            snapshot=self.projector.snapshot,
        )
        plan = replace(plan, built_key=built_key(self.store, plan))
        if linked is not None and linked in self.store:
            trace = self._trace(linked)
            moved = changed(trace.reads, self.projector.snapshot.folder)
            if not (moved or doubted(trace, self.report.datasets.get(training.dataset))):
                return self._found(replace(plan, reads=trace.reads), linked)
            reasons = tuple(Reason("read", name) for name in moved) or (GIVEN,)
            return replace(plan, reasons=reasons)
        old = self.memory.model(spec.name, spec.seeds, seed)
        return replace(plan, reasons=why(old, plan.memory, trained=linked is not None))

    def _trace(self, key: str) -> Trace:
        """Return how a stored result was made."""
        found = self.store.get(key)
        return trace_of(found.read(TRACE)) if found is not None and TRACE in found.names else Trace()

    def _second(self, plan: ModelPlan, identity: Identity) -> ModelPlan:
        """Decide from the built model: another source may well build the same."""
        config, weights, reads = identity
        built: dict[str, object] = {"config": digest_bytes(config.encode()), "weights": weights}
        if reads:
            built["reads"] = dict(reads)
        if not plan.parts[0].described or shares_values(plan.parts):
            built["source"] = plan.parts[0].digest
        keys = _keys({**plan.projection, "builder": built})
        versions = plan.projection["versions"]
        exact = self.policy == "exact" and isinstance(versions, Mapping) and known(versions)
        plan = replace(
            plan,
            key=keys["exact"],
            evaluation_key=_evaluation_key(keys["exact"], plan.spec.training),
            source_keys={**plan.source_keys, "built": keys["ignore"]},
            projection={**plan.projection, "built": built},
            config=config,
            reads=reads,
        )
        for candidate in (keys["exact"], None if exact else self.store.resolve(keys["ignore"])):
            if candidate is not None and candidate in self.store:
                found = self._found(plan, candidate)
                link(self.store, found)
                return found
        old = self.memory.model(plan.model, plan.spec.seeds, plan.seed)
        seen = tuple(reason for reason in plan.reasons if reason.cause in ("read", GIVEN.cause))
        return replace(plan, reasons=seen or why(old, plan.memory, trained=False))

    def _found(self, plan: ModelPlan, key: str) -> ModelPlan:
        evaluation_key = _evaluation_key(key, plan.spec.training)
        trace = self._trace(key)
        check_metrics(plan.spec, trace)
        plan = replace(
            plan, status="fresh", key=key, evaluation_key=evaluation_key, reasons=(), way=trace.way
        )
        if evaluation_key is None or evaluation_key in self.store:
            return plan
        old = self.memory.parameters(plan.model, plan.spec.seeds, plan.seed).get("metrics", "")
        reason = Reason("metrics", "metrics", old, ", ".join(plan.spec.training.metrics))
        return replace(plan, status="evaluate", reasons=(reason,))

    def _functions(self, training: Training) -> dict[str, Projection]:
        names = {
            "augmentation": training.augmentation,
            "loss": training.loss.name,
            "learning_rate": training.learning_rate,
        }
        return {
            role: self.projector.project(name)
            for role, name in names.items()
            if isinstance(name, str) and self.projector.defines(name)
        }


def result_key(projection: Mapping[str, object]) -> str:
    """Return the key of the result that was trained by a plan with this projection."""
    source = {name: value for name, value in projection.items() if name != "built"}
    return _keys({**source, "builder": projection.get("built", projection["builder"])})["exact"]


def link(store: Store, plan: ModelPlan) -> None:
    """Let every source key of a plan lead to its result."""
    if plan.key is not None:
        for key in plan.source_keys.values():
            if key != plan.key:
                store.link(key, plan.key)


def _evaluation_key(key: str, training: Training) -> str | None:
    further = sorted({*training.metrics} - {"accuracy"})
    return digest({"format": FORMAT, "result": key, "metrics": further}) if further else None


def _keys(projection: Mapping[str, object]) -> dict[str, str]:
    versions = projection["versions"]
    assert isinstance(versions, Mapping)
    return {policy: digest({**projection, "versions": reduced(versions, policy)}) for policy in POLICIES}


def _training(training: Training, functions: Mapping[str, Projection], data: Data) -> dict[str, object]:
    """Return all fields of a training but those that are keyed elsewhere; so a new field is in the key."""
    found: dict[str, object] = {
        name: value
        for name, value in asdict(training).items()
        if name not in _KEYED_ELSEWHERE and (name, value) not in _LATER.items()
    }
    if training.arguments:
        found["arguments"] = json.loads(canonical(training.arguments))  # as they are read again
    found["validation"] = data.validation if training.validation is None else training.validation
    for role, function in functions.items():
        code = {"function": function.digest}
        found[role] = {"name": code, "arguments": dict(training.loss.arguments)} if role == "loss" else code
    return found


def _readable(training: Training, data: Data) -> dict[str, str]:
    found = {}
    for name, value in asdict(training).items():
        if name == "dataset":
            continue
        if isinstance(getattr(training, name), Component):
            found[name] = value["name"]
            found.update({f"{name} {key}": str(item) for key, item in value["arguments"].items()})
        elif isinstance(value, dict):
            found.update({f"{name} {key}": str(item) for key, item in value.items()})
        elif isinstance(value, tuple):
            found[name] = ", ".join(map(str, value))
        else:
            found[name] = str(value) if value is not None else "none"
    found["validation"] = str(data.validation if training.validation is None else training.validation)
    return found
