"""What a plan knows of estimators: how a result shows that it is one, and what does not apply to them."""

from reportgen.errors import InputError, Problem, shown
from reportgen.plan.result import Reason
from reportgen.plan.trace import Trace
from reportgen.report.dataset_file import DatasetFile
from reportgen.report.types import ModelSpec

FITTED = "by its own fit()"
"""How the way of an estimator begins; alone it is of one that was given float64, whatever its data were."""
NO_METRICS = "set metrics = [] for it"
GIVEN = Reason("given", "numbers that estimators are given", "float64", "of the type of the data")


def doubted(trace: Trace, declared: DatasetFile | None) -> bool:
    """Tell whether an estimator was given float64, and would now be given what its data may be."""
    return trace.way == FITTED and not (declared and declared.table)


def for_networks(model: str, key: str) -> str:
    """Return the message that an estimator has no use for a key of report.toml."""
    return f"{model}: {key} is for networks, and its builder returns an estimator"


def check_metrics(spec: ModelSpec, trace: Trace) -> None:
    """Refuse to measure a fitted estimator by metrics of Keras.

    Raises
    ------
    InputError
        With their line.
    """
    if set(spec.training.metrics) - {"accuracy"} and trace.way.startswith(FITTED):
        line = spec.lines.get("metrics") or spec.place.line
        message = for_networks(spec.name, "metrics")
        raise InputError(Problem(shown(spec.place.path), line, message, NO_METRICS))
