"""Draw several predicted numbers: a panel a target, predicted against true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportgen.figures import chart, curves, style
from reportgen.figures.figure import Figure
from reportgen.figures.predictions import draw_predictions, notes
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, Look
from reportgen.figures.svg import finish
from reportgen.figures.words import Words, words
from reportgen.language import Keyed
from reportgen.results.regression.facts import RegressionFacts
from reportgen.results.regression.several import TargetFacts, column

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet

_SIDE, _LEFT, _GAP, _HEAD, _BELOW = 3.75, 1.45, 1.6, 0.7, 0.95  # cm
_MOST = 8  # panels of targets


def targets(model: ShownModel, look: Look = PLAIN) -> Figure:
    """Return predicted against true numbers of the test items, a panel a target.

    Of more targets than there is room for, those with the lowest R²; of several seeds the first is shown.
    """
    return _figure(model, look, losses=False)


def trained_to_targets(model: ShownModel, look: Look = PLAIN) -> Figure:
    """Return the loss by epoch, then `targets`; without epochs these alone."""
    return _figure(model, look, losses=bool(curves.trained_by_epochs(model.records)))


def _figure(model: ShownModel, look: Look, *, losses: bool) -> Figure:
    say = words(look.language, look.pictures, look.items)
    test, names = model.first.evaluations["test"], model.names
    shown = model.of_first_seed.tested(TargetFacts).target
    chosen = _chosen(shown, names)
    columns = int((look.width - _LEFT + _GAP) / (_SIDE + _GAP))
    rows = -(-(len(chosen) + losses) // columns)
    height = rows * (_SIDE + _HEAD + _BELOW)
    with chart.sheet(look, look.width, height) as sheet:
        if losses:
            _draw_losses(_panel(sheet, 0, columns, height), model, say)
        for place, rank in enumerate(chosen, losses):
            axes = _panel(sheet, place, columns, height)
            draw_predictions(axes, column(test, rank), say, ticks=4)
            name = style.shortened(names[rank], 2.4 * style.POINTS, style.NORMAL, look.family)
            head = say.panel_of_target.format(target=name, r2=_explained(shown[names[rank]], say))
            axes.set_title(head, loc="left", pad=4, fontsize=style.NORMAL)
            if place // columns < rows - 1 and place + columns < len(chosen) + losses:
                axes.set_xlabel("")
            if place % columns and place > losses:
                axes.set_ylabel("")
        raw = chart.render(sheet, look)
    alt = _alt(model, [names[rank] for rank in chosen], say, losses=losses)
    sentence = say.caption_target_losses if losses else say.caption_targets
    caption = [sentence.format(title=model.title, count=say.count(len(test.labels)))]
    if len(chosen) < len(names):
        caption.append(say.caption_first_targets.format(targets=len(names), shown=len(chosen)))
    whole = " ".join([*caption, *notes(model, say)])
    return Figure(finish(raw, alt, look), alt, whole, model.keys)


def _panel(sheet: Sheet, place: int, columns: int, height: float) -> Axes:
    row, across = divmod(place, columns)
    bottom = height - (row + 1) * (_SIDE + _HEAD + _BELOW) + _BELOW
    return chart.place(sheet, _LEFT + across * (_SIDE + _GAP), bottom, _SIDE - 0.1, _SIDE)


def _draw_losses(axes: Axes, model: ShownModel, say: Words) -> None:
    curves.draw_losses(axes, model, say, named=False)
    axes.set_title(say.training, loc="left", pad=4, fontsize=style.NORMAL, color=style.BLUE)
    axes.set_title(say.validation, loc="right", pad=4, fontsize=style.NORMAL, color=style.RUST)
    axes.yaxis.set_label_coords(-0.28, 0.5)


def _chosen(facts: Keyed[RegressionFacts], names: Sequence[str]) -> list[int]:
    """Return the targets that are shown, in their order."""
    worst = sorted(range(len(names)), key=lambda rank: facts[names[rank]].r2.value)[:_MOST]
    return sorted(worst)


def _explained(facts: RegressionFacts, say: Words) -> str:
    return say.significant(facts.r2.value)


def _alt(model: ShownModel, chosen: Sequence[str], say: Words, *, losses: bool) -> str:
    facts = model.tested(TargetFacts)
    told = [
        say.alt_target.format(
            target=name,
            r2=_explained(facts.target[name], say),
            error=say.significant(facts.target[name].mae.value),
            baseline=say.significant(facts.target[name].baseline.value),
        )
        for name in chosen
    ]
    mean = say.significant(facts.r2.value)
    measured = say.alt_targets.format(count=len(model.names), r2=mean, targets="; ".join(told))
    if not losses:
        return f"{model.title}. {measured}"
    epochs = say.counted(say.epochs, curves.longest([model]))
    course = say.alt_of_model.format(title=model.title, epochs=epochs, curves=curves.told(model, say))
    return f"{course} {measured}"
