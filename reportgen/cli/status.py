"""``reportgen status``: show what is fresh, what is stale, and why."""

from pathlib import Path

import click

from reportgen.cli.terminal import console, options


@click.command("status")
@options.project
@options.seeds
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.option("--verbose", "-v", is_flag=True, help="Show every cause, not only the first.")
def command(
    project: Path, answers: Path | None, store: str | None, seeds: int | None, as_json: bool, verbose: bool
) -> None:
    """Show what is fresh, what is stale, and why. Trains nothing."""
    import json

    from reportgen.pipeline.project import open_project

    planned = open_project(project, answers, store, seeds=seeds).plan()
    if as_json:
        console.give(json.dumps(planned.to_json(), indent=2, ensure_ascii=False) + "\n", "json")
        return
    for model in planned.models:
        _tell(model.name, model.status, [str(reason) for reason in model.reasons], verbose)
        if model.way and verbose:
            console.tell(f"{'':<28} {'':<8}  trained {model.way}")
        if model.spec.assumed and verbose:
            assumed = ", ".join(f"{key} {model.parameters[key]}" for key in model.spec.assumed)
            console.tell(f"{'':<28} {'':<8}  by default: {assumed}")
    for section in (*planned.sections, planned.title):
        _tell(f"section {section.id}", section.status, [str(reason) for reason in section.reasons], verbose)
    for remark in planned.remarks:
        console.tell(f"note: {remark}")


def _tell(name: str, state: str, reasons: list[str], verbose: bool) -> None:
    colour = {"fresh": "green", "stale": "yellow"}.get(state, "cyan")
    told = reasons if verbose else reasons[:1]
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 and not verbose else ""
    cause = f"  ← {told[0]}{more}" if told else ""
    console.tell(f"{name:<28} ", console.styled(f"{state:<8}", fg=colour), cause)
    for reason in told[1:]:
        console.tell(f"{'':<28} {'':<8}  ← {reason}")
