"""Draw how well the probabilities of several labels rank the items: ROC and precision-recall curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reportgen.errors import RenderError
from reportgen.figures import chart, style
from reportgen.figures.figure import Figure
from reportgen.figures.roc import frame, guess, thinned
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, POINTS, Look
from reportgen.figures.svg import columns, finish
from reportgen.figures.words import Words, words
from reportgen.results import probabilities
from reportgen.results.influence import Numbers
from reportgen.results.multilabel.facts import LabelFacts
from reportgen.training.record import Evaluation

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet

_HEIGHT, _SIDE, _LEFT, _BELOW, _GAP = 5.3, 4.1, 1.3, 0.95, 1.4  # cm, as all of these
_LEGEND, _SAMPLE, _COLUMN, _ROW = _LEFT + 2 * _SIDE + _GAP + 0.3, 0.7, 0.8, 0.42
_MOST = len(style.LINES)  # curves
_ENDS = 3  # of more labels, how many of the best and of the worst are drawn
_POINTS = np.linspace(0, 1, 401)  # of the mean curves


@dataclass(frozen=True)
class _Ranked:
    """What is drawn of a label, or of all: its ROC curve, its precision-recall curve, and what they give."""

    name: str
    area: float
    average: float
    roc: tuple[Numbers, Numbers]
    precision: tuple[Numbers, Numbers]


def label_roc(model: ShownModel, look: Look = PLAIN) -> Figure:
    """Return the ROC curve and the precision-recall curve of each label, the best first.

    Of more labels than can be told apart, the mean curve and those of the best and worst by the area under
    the ROC curve; of several seeds the first is shown.

    Raises
    ------
    RenderError
        No probabilities were kept, or there is no label that some test items have and some have not.
    """
    test, names = model.first.evaluations["test"], model.names
    if len(test.confidence) != len(test.labels):
        raise RenderError("no confidences were kept of its answers")
    facts = model.of_first_seed.tested(LabelFacts)
    found = [_ranked(name, test, rank, facts) for rank, name in enumerate(names)]
    every = sorted((each for each in found if each), key=lambda each: -each.area)
    if not every:
        raise RenderError("every label is one that all or none of the test examples have")
    say = words(look.language, look.pictures, look.items)
    mean = _mean(every, say)
    drawn = every if len(every) <= _MOST else [mean, *every[:_ENDS], *every[-_ENDS:]]
    height = max(_HEIGHT, _row(len(drawn)) + 0.2)
    with chart.sheet(look, style.WIDTH, height) as sheet:
        _draw(sheet, drawn, say)
        _draw_legend(sheet, drawn, say, look)
        raw = chart.render(sheet, look)
    told = "; ".join(
        say.alt_label_rank.format(
            name=each.name, area=_told(each.area, say), precision=_told(each.average, say)
        )
        for each in drawn
        if each is not mean
    )
    alt = say.alt_label_roc.format(
        title=model.title, labels=told, area=_told(mean.area, say), precision=_told(mean.average, say)
    )
    caption = [say.caption_label_roc.format(title=model.title, count=say.count(len(test.labels)))]
    if len(drawn) < len(every):
        caption.append(say.caption_label_ends.format(labels=len(every), shown=_ENDS))
    if unranked := [name for name, each in zip(names, found, strict=True) if each is None]:
        caption.append(say.caption_label_unranked.format(names=", ".join(unranked)))
    if len(model.records) > 1:
        caption.append(say.caption_first_seed.format(runs=len(model.records), seed=model.first.seed))
    cuts = (cut * POINTS for cut in (_LEFT + _SIDE + 0.25, _LEGEND - 0.05))
    parts = columns(style.WIDTH * POINTS, height * POINTS, *cuts)
    return Figure(finish(raw, alt, look, parts=parts), alt, " ".join(caption), model.keys)


def _ranked(name: str, test: Evaluation, rank: int, facts: LabelFacts) -> _Ranked | None:
    """Return the curves of a label; None where all or none of the items have it."""
    area = facts.auc[name]
    if not area.decided:
        return None
    labels, scores = test.labels[:, rank].astype(np.uint8), test.confidence[:, rank].astype(np.float64)
    precision, recall, false = probabilities.precision_recall(labels, scores)
    roc = np.append(0, false), np.append(0, recall)
    return _Ranked(name, area.value, facts.average_precision[name].value, roc, (recall, precision))


def _mean(every: Sequence[_Ranked], say: Words) -> _Ranked:
    """Return the mean recall at each false positive rate, and the mean precision at each recall."""
    recall = [np.interp(_POINTS, *each.roc) for each in every]
    precision = [each.precision[1][np.searchsorted(each.precision[0], _POINTS)] for each in every]
    return _Ranked(
        say.mean_of_labels,
        float(np.mean([each.area for each in every])),
        float(np.mean([each.average for each in every])),
        (np.append(0, _POINTS), np.append(0, np.mean(recall, axis=0))),
        (_POINTS, np.mean(precision, axis=0)),
    )


def _draw(sheet: Sheet, drawn: Sequence[_Ranked], say: Words) -> None:
    bottom = sheet.get_size_inches()[1] * 2.54 - _HEIGHT + _BELOW
    left = chart.place(sheet, _LEFT, bottom, _SIDE, _SIDE)
    right = chart.place(sheet, _LEFT + _SIDE + _GAP, bottom, _SIDE, _SIDE)
    guess(left, (0, 100))
    for each, line in zip(drawn, style.LINES, strict=False):
        for axes, curve in ((left, each.roc), (right, each.precision)):
            across, up = thinned(100 * np.stack(curve))
            axes.plot(across, up, linewidth=1.1, **line)
    frame(left, right, say)


def _draw_legend(sheet: Sheet, drawn: Sequence[_Ranked], say: Words, look: Look) -> None:
    """Write the labels with what they are drawn by, and the two numbers of each."""
    height = sheet.get_size_inches()[1] * 2.54
    axes = chart.place(sheet, 0, 0, style.WIDTH, height)
    axes.set(xlim=(0, style.WIDTH), ylim=(0, height))
    axes.axis("off")
    edges = (style.WIDTH - _COLUMN - 0.05, style.WIDTH - 0.05)
    for edge, head in zip(edges, ("AUC", "AP"), strict=True):
        axes.text(edge, height - _row(0), head, va="center_baseline", ha="right", fontsize=style.SMALL)
    room = (edges[0] - _COLUMN - _LEGEND - _SAMPLE) * POINTS
    for row, (each, line) in enumerate(zip(drawn, style.LINES, strict=False), 1):
        y = height - _row(row)
        axes.plot([_LEGEND, _LEGEND + _SAMPLE - 0.15], [y, y], linewidth=1.3, **line)
        name = style.shortened(each.name, room, style.NORMAL, look.family)
        axes.text(_LEGEND + _SAMPLE, y, name, va="center_baseline", fontsize=style.NORMAL)
        for edge, value in zip(edges, (each.area, each.average), strict=True):
            axes.text(edge, y, _told(value, say), va="center_baseline", ha="right", fontsize=style.SMALL)


def _row(row: int) -> float:
    return 0.35 + _ROW * row


def _told(value: float, say: Words) -> str:
    return say.significant(value)
