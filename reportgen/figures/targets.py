"""Draw several predicted numbers: a panel a target, predicted against true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from reportgen.figures import chart, curves, style
from reportgen.figures.figure import Figure
from reportgen.figures.predictions import draw_predictions, notes
from reportgen.figures.style import PLAIN, Look
from reportgen.figures.svg import finish
from reportgen.figures.words import Words, words
from reportgen.results.regression import metrics
from reportgen.results.regression.several import column
from reportgen.training.record import Evaluation, Record

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet

_COLUMNS, _SIDE, _LEFT, _GAP, _HEAD, _BELOW = 3, 3.75, 1.45, 1.6, 0.7, 0.95  # cm but for the first
_MOST = 8  # panels of targets


def targets(title: str, records: Sequence[Record], names: Sequence[str], look: Look = PLAIN) -> Figure:
    """Return predicted against true numbers of the test items, a panel a target.

    Of more targets than there is room for, those with the lowest R²; of several seeds the first is shown.
    """
    return _figure(title, records, names, look, losses=False)


def trained_to_targets(
    title: str, records: Sequence[Record], names: Sequence[str], look: Look = PLAIN
) -> Figure:
    """Return the loss by epoch, then `targets`; without epochs these alone."""
    return _figure(title, records, names, look, losses=bool(curves.trained_by_epochs(records)))


def _figure(
    title: str, records: Sequence[Record], names: Sequence[str], look: Look, *, losses: bool
) -> Figure:
    say = words(look.language, look.pictures, look.items)
    tests = [record.evaluations["test"] for record in records]
    chosen = _chosen(tests)
    rows = -(-(len(chosen) + losses) // _COLUMNS)
    height = rows * (_SIDE + _HEAD + _BELOW)
    with chart.sheet(look, style.WIDTH, height) as sheet:
        if losses:
            _draw_losses(_panel(sheet, 0, height), records, say)
        for place, rank in enumerate(chosen, losses):
            axes = _panel(sheet, place, height)
            draw_predictions(axes, column(tests[0], rank), say, ticks=4)
            name = style.shortened(names[rank], 2.4 * style.POINTS, style.NORMAL, look.family)
            head = say.panel_of_target.format(target=name, r2=_explained(tests[:1], rank, say))
            axes.set_title(head, loc="left", pad=4, fontsize=style.NORMAL)
            if place // _COLUMNS < rows - 1 and place + _COLUMNS < len(chosen) + losses:
                axes.set_xlabel("")
            if place % _COLUMNS and place > losses:
                axes.set_ylabel("")
        raw = chart.render(sheet, look)
    alt = _alt(title, records, tests, chosen, names, say, losses=losses)
    sentence = say.caption_target_losses if losses else say.caption_targets
    caption = [sentence.format(title=title, count=say.count(len(tests[0].labels)))]
    if len(chosen) < len(names):
        caption.append(say.caption_first_targets.format(targets=len(names), shown=len(chosen)))
    whole = " ".join([*caption, *notes(records, say)])
    return Figure(finish(raw, alt, look), alt, whole, tuple(record.key for record in records))


def _panel(sheet: Sheet, place: int, height: float) -> Axes:
    row, across = divmod(place, _COLUMNS)
    bottom = height - (row + 1) * (_SIDE + _HEAD + _BELOW) + _BELOW
    return chart.place(sheet, _LEFT + across * (_SIDE + _GAP), bottom, _SIDE - 0.1, _SIDE)


def _draw_losses(axes: Axes, records: Sequence[Record], say: Words) -> None:
    curves.draw_losses(axes, records, say, named=False)
    axes.set_title(say.training, loc="left", pad=4, fontsize=style.NORMAL, color=style.BLUE)
    axes.set_title(say.validation, loc="right", pad=4, fontsize=style.NORMAL, color=style.RUST)
    axes.yaxis.set_label_coords(-0.28, 0.5)


def _chosen(tests: Sequence[Evaluation]) -> list[int]:
    """Return the targets that are shown, in their order."""
    width = tests[0].labels.shape[1]
    worst = sorted(range(width), key=lambda rank: _value(tests[:1], rank))[:_MOST]
    return sorted(worst)


def _value(tests: Sequence[Evaluation], rank: int) -> float:
    """Return R² of a target, the mean over seeds; NaN where its true numbers are all equal."""
    found = [metrics.explained(test.labels[:, rank], test.predicted[:, rank]) for test in tests]
    return float(np.mean([each.value if each else np.nan for each in found]))


def _explained(tests: Sequence[Evaluation], rank: int, say: Words) -> str:
    return say.significant(_value(tests, rank))


def _alt(
    title: str,
    records: Sequence[Record],
    tests: Sequence[Evaluation],
    chosen: Sequence[int],
    names: Sequence[str],
    say: Words,
    *,
    losses: bool,
) -> str:
    told = []
    for rank in chosen:
        errors = [
            metrics.mean_absolute_error(test.labels[:, rank], test.predicted[:, rank]).value for test in tests
        ]
        told.append(
            say.alt_target.format(
                target=names[rank],
                r2=_explained(tests, rank, say),
                error=say.significant(float(np.mean(errors))),
                baseline=say.significant(metrics.baseline(tests[0].labels[:, rank])),
            )
        )
    mean = say.significant(float(np.mean([_value(tests, rank) for rank in range(len(names))])))
    measured = say.alt_targets.format(count=len(names), r2=mean, targets="; ".join(told))
    if not losses:
        return f"{title}. {measured}"
    epochs = say.counted(say.epochs, curves.longest(records))
    course = say.alt_of_model.format(title=title, epochs=epochs, curves=curves.told(records, say))
    return f"{course} {measured}"
