"""Compare each section with what it was last built from, to explain why it is stale.

This explains to people why pages are built anew. Whether they are is not decided here (see
`reportgen.pipeline.inputs`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from reportgen import __version__, files, language, themes
from reportgen.errors import InputError
from reportgen.plan.key import digest_bytes
from reportgen.plan.last_run import Memory
from reportgen.plan.result import Data, ModelPlan, Reason, SectionPlan
from reportgen.plan.versions import writing
from reportgen.report.types import Report, Section

TITLE = "title page"


def plan_sections(
    report: Report,
    models: Sequence[ModelPlan],
    data: Callable[[str], Data],
    memory: Memory,
    versions: Mapping[str, str],
) -> tuple[tuple[SectionPlan, ...], SectionPlan]:
    """Return the plan of every section, in order, and that of the title page."""
    templates = _templates(report.templates)
    look = {"language": str(report.language), "theme": report.theme, "paper": report.paper}
    common: dict[str, object] = {
        "template": templates,
        "look": look,
        "version": {"reportgen": __version__, **writing(versions)},
    }
    by_name: dict[str, list[ModelPlan]] = {}
    for model in models:
        by_name.setdefault(model.model, []).append(model)
    sections = []
    for section in report.sections:
        used = [plan for name in section.models for plan in by_name.get(name, [])]
        old = memory.sections.get(section.id)
        projection = {**common, **_own(section, report, used, data), "image": _again(old, report)}
        sections.append(_compare(section.id, projection, used, old))
    title = {
        **common,
        "title": {name: _text(value) for name, value in asdict(report.title_block).items()},
        "contents": {section.id: section.title for section in report.sections},
    }
    return tuple(sections), _compare(TITLE, title, [], memory.sections.get(TITLE))


def seen(section: SectionPlan, report: Report, files: Iterable[str]) -> SectionPlan:
    """Return the plan of a section with the files of the authors' that were opened for its pages."""
    image = {name: _file(report.answers / name) for name in files}
    return replace(section, projection={**section.projection, "image": image})


def _again(old: Mapping[str, object] | None, report: Report) -> dict[str, str]:
    """Return the files that were opened when the section was built, as they are now."""
    opened = (old or {}).get("image")
    return {name: _file(report.answers / name) for name in opened} if isinstance(opened, Mapping) else {}


def _own(
    section: Section, report: Report, used: Sequence[ModelPlan], data: Callable[[str], Data]
) -> dict[str, object]:
    answer = language.parse(section.body, section.path, section.body_line)
    names = language.mentioned(answer)
    shown, claimed = language.apart(answer)
    text = "\0".join((section.title, section.question, shown))
    specs = {plan.model: plan.spec for plan in used}
    return {
        "number": str(section.number),
        "text": {section.path.name: digest_bytes(text.encode())},
        "claims": {section.path.name: digest_bytes("\0".join(claimed).encode())},
        "requirements": {
            name: "; ".join(each.expression for each in spec.requirements) for name, spec in specs.items()
        },
        "published": {
            name: f"{each.value} ({each.source})"
            for name, each in report.published.items()
            if f"published.{name}" in names
        },
        "titles": {name: spec.title for name, spec in specs.items()},
        "results": {
            f"{plan.model}/{plan.seed}": f"{plan.key} {plan.evaluation_key or ''}".strip() for plan in used
        },
        "classes": {
            name: ", ".join(data(name).classes) for name in {spec.training.dataset for spec in specs.values()}
        },
        "code": {
            plan.model: digest_bytes(plan.code.encode()) for plan in used if f"{plan.model}.code" in names
        },
    }


def _compare(
    id: str, new: Mapping[str, object], used: Sequence[ModelPlan], old: Mapping[str, object] | None
) -> SectionPlan:
    names = tuple(dict.fromkeys(plan.model for plan in used))
    downstream = tuple(_downstream(used))
    own = (
        tuple(_changed(old, new, stale={reason.via[0] for reason in downstream}))
        if old is not None
        else (Reason("never built"),)
    )
    reasons = tuple(dict.fromkeys((*downstream, *own)))
    verdict = all(reason.cause in ("claims", "requirements") for reason in reasons)
    return SectionPlan(id, "fresh" if not reasons else "verdict" if verdict else "stale", reasons, names, new)


def _downstream(used: Sequence[ModelPlan]) -> Iterator[Reason]:
    for plan in used:
        for reason in plan.reasons:
            yield Reason(reason.cause, reason.item, reason.old, reason.new, (plan.name, *reason.via))


def _changed(old: Mapping[str, object], new: Mapping[str, object], stale: set[str]) -> Iterator[Reason]:
    for cause, after in new.items():
        before = old.get(cause)
        if before == after:
            continue
        if not isinstance(after, Mapping) or not isinstance(before, Mapping):
            yield Reason(cause, "", str(before or ""), str(after))
            continue
        for item in sorted({*before, *after}):
            if before.get(item) == after.get(item):
                continue
            if cause == "results":
                model = item.rpartition("/")[0]
                if not any(name == model or name.startswith(f"{model} (") for name in stale):
                    yield Reason("results", "trained since" if item in before else "newly used", via=(model,))
            elif cause in (
                "look",
                "version",
                "title",
                "titles",
                "requirements",
                "classes",
                "published",
                "contents",
            ):
                yield Reason(cause, item, str(before.get(item, "")), str(after.get(item, "")))
            else:
                yield Reason(cause, item)


def _templates(folder: Path) -> dict[str, str]:
    return {name: _file(path) for name, path in themes.walk(folder) if not path.name.startswith(".")}


def _file(path: Path) -> str:
    try:
        return files.digest(path)
    except InputError:
        return ""


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
