"""Validation and test of a family of models, against what varies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from reportgen.errors import Problem, RenderError
from reportgen.figures import chart, style
from reportgen.figures.figure import Figure
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, Look
from reportgen.figures.svg import finish
from reportgen.figures.words import Words, words
from reportgen.language import Quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEIGHT, _LEFT, _BELOW, _RIGHT = 6.2, 1.6, 1.05, 1.9  # cm, as all of these
_WIDE = 8  # times its lowest value: what varies so far has a logarithmic axis
_SPLITS = (("validation", style.LINES[1]), ("test", style.LINES[0]))
_APART = 2.0  # points between the marks of the two splits

Values = Sequence[float | str]


def variation(
    models: Sequence[ShownModel], title: str, name: str, values: Values, look: Look = PLAIN
) -> Figure:
    """Return accuracy, or the mean absolute error, with its interval against a varied parameter.

    Parameters
    ----------
    models : sequence of ShownModel
        The models of the family.
    title, name : str
        Of the family, and of what varies; several names are joined by commas.
    values : sequence of float or str
        One a model.
    """
    if "," in name:
        message = f"{title} varies {name}: a figure has room for one of them"
        raise RenderError(Problem("", 0, message, "show the table of its variants instead"))
    say = words(look.language, look.pictures)
    found = {split: [model.measured(split).measure for model in models] for split, _ in _SPLITS}
    share = found["test"][0].kind == "share"
    scale = 100.0 if share else 1.0
    places, logarithmic = _places(values)
    with chart.sheet(look, look.width, _HEIGHT) as sheet:
        axes = chart.place(sheet, _LEFT, _BELOW, look.width - _LEFT - _RIGHT, _HEIGHT - _BELOW - 0.3)
        _frame(axes, places, values, logarithmic, say)
        _reach(axes, [scale * end for each in found.values() for one in each for end in one.interval], say)
        axes.set_xlabel(name, labelpad=3)
        axes.set_ylabel(
            {"amount": say.mean_error_axis, "ratio": "R²"}.get(found["test"][0].kind, say.accuracy_axis)
        )
        axes.yaxis.set_label_coords(-1.15 / (look.width - _LEFT - _RIGHT), 0.5)
        _draw(axes, places, found, scale, say)
        raw = chart.render(sheet, look)

    def number(value: float) -> str:
        return say.percent(value) if share else say.significant(value)

    told = "; ".join(
        say.alt_variant.format(
            value=_told(value, say), validation=number(held_out.value), test=number(test.value)
        )
        for value, held_out, test in zip(values, found["validation"], found["test"], strict=True)
    )
    alt = say.alt_variation.format(title=title, name=name, models=told)
    caption = say.caption_variation.format(title=title, count=say.counted(say.models, len(models)))
    keys = tuple(key for model in models for key in model.keys)
    return Figure(finish(raw, alt, look), alt, caption, keys)


def _places(values: Values) -> tuple[list[float], bool]:
    """Return where each value stands on the axis, and whether it is logarithmic; words stand in order."""
    numbers = [float(value) for value in values if not isinstance(value, str)]
    if len(numbers) < len(values):
        return [float(place) for place in range(len(values))], False
    return numbers, min(numbers) > 0 and max(numbers) / min(numbers) >= _WIDE


def _frame(axes: Axes, places: Sequence[float], values: Values, logarithmic: bool, say: Words) -> None:
    if logarithmic:
        axes.set_xscale("log")
        reach = max((max(places) / min(places)) ** 0.08, 1.05)
        axes.set_xlim(min(places) / reach, max(places) * reach)
    else:
        reach = 0.08 * (max(places) - min(places)) or 0.5
        axes.set_xlim(min(places) - reach, max(places) + reach)
    axes.minorticks_off()
    axes.set_xticks(places, [_told(value, say) for value in values])


def _reach(axes: Axes, ends: Sequence[float], say: Words) -> None:
    low, high = min(ends), max(ends)
    beyond = 0.08 * (high - low) or 0.5
    axes.set_ylim(low - beyond, high + beyond)
    ticks = chart.even_ticks(low - beyond, high + beyond, 5)
    axes.set_yticks(ticks, say.ticks(ticks))
    axes.grid(axis="y")


def _draw(
    axes: Axes, places: Sequence[float], found: dict[str, list[Quantity]], scale: float, say: Words
) -> None:
    """Draw a line with intervals for each split, a little beside the other, and name it at its end."""
    from matplotlib.transforms import ScaledTranslation

    order, ends = np.argsort(places), []
    dots = axes.get_figure().dpi_scale_trans  # type: ignore[union-attr]
    for number, (split, line) in enumerate(_SPLITS):
        shift = ScaledTranslation((number - 0.5) * 2 * _APART / 72, 0, dots)
        moved = axes.transData + shift
        values = np.array([scale * one.value for one in found[split]])
        bounds = scale * np.array([one.interval for one in found[split]])
        across = np.array(places)
        axes.vlines(across, *bounds.T, color=line["color"], linewidth=0.9, alpha=0.6, transform=moved)
        axes.plot(
            across[order], values[order], marker="o", markersize=3.4, linewidth=1.1, transform=moved, **line
        )
        ends.append(float(axes.transData.transform((1, values[order][-1]))[1]))
    window = axes.get_window_extent()
    heights = chart.spread([end - window.y0 for end in ends], style.NORMAL + 1, 2, window.height - 4)
    for (split, line), where in zip(_SPLITS, heights, strict=True):
        axes.annotate(
            say.validation if split == "validation" else say.test_items,
            (1, where / window.height),
            (5, -0.3 * style.NORMAL),
            xycoords="axes fraction",
            textcoords="offset points",
            color=line["color"],
            fontsize=style.NORMAL,
            va="baseline",
            annotation_clip=False,
        )


def _told(value: float | str, say: Words) -> str:
    return value if isinstance(value, str) else say.rate(value)
