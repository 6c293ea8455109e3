"""Run tasks on an executor: what can't run anywhere is refused, what was lost is tried again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reportgen.errors import InputError, Problem
from reportgen.executors.interface import Executor, Outcome, Task, TaskObserver
from reportgen.executors.process import Event
from reportgen.report.types import Needs

RETRIES = 3
"""How often a task is started again that was lost."""


def run(executor: Executor, tasks: Sequence[Task], observe: TaskObserver) -> Iterator[Outcome]:
    """Run tasks and yield the outcome of each as it ends; to stop iterating cancels the rest.

    Raises
    ------
    InputError
        If no machine has what a task needs; nothing is started then.
    """
    _refuse_what_fits_nowhere(tasks, executor)
    open_ = {task.id: task for task in tasks}
    attempts = dict.fromkeys(open_, 1)
    try:
        for task in tasks:
            executor.start(task, observe)
        while open_:
            found = executor.outcome()
            if found.task not in open_:
                continue
            again = found.kind == "lost" and attempts[found.task] <= RETRIES and not executor.gone
            if again:
                attempts[found.task] += 1
                observe(found.task, _lost(found))
                executor.start(open_[found.task], observe)
                continue
            del open_[found.task]
            yield replace(found, attempts=attempts[found.task])
    finally:
        if open_:
            executor.cancel()


def _lost(outcome: Outcome) -> Event:
    """Return the progress event that says why a task starts again."""
    why = "; ".join(problem.message for problem in outcome.problems)
    return {"event": "progress", "phase": "waiting", "note": f"warning: {why}; it is started again"}


def _refuse_what_fits_nowhere(tasks: Sequence[Task], executor: Executor) -> None:
    machines = executor.machines()
    offered = "; ".join(map(str, machines[:5])) + " …" * (len(machines) > 5)
    remedy = f"there {'is' if len(machines) == 1 else 'are'} {offered}" if machines else "there is no machine"
    problems = {
        (task.path, task.line, str(needs)): Problem(
            task.path, task.line, f"{task.name} needs {needs}, which no machine has", remedy
        )
        for task in reversed(tasks)
        if (needs := _lacking(task, executor))
    }
    if problems:
        raise InputError(problems.values())


def _lacking(task: Task, executor: Executor) -> Needs | None:
    """Return what a task needs, if no machine has it.

    This machine may well compute with more threads than it has cores; others keep a core for each.
    """
    for needs in (task.needs, task.reserved) if executor.shared else (task.needs,):
        if not any(machine.has(needs) for machine in executor.machines()):
            return needs
    return None
