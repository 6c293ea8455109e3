"""Draw the difference between the confusion matrices of two models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.figures import chart, style
from reportgen.figures.confusion import LONGEST, among, name_axes, shown, write_cells
from reportgen.figures.figure import Figure
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, POINTS, Look
from reportgen.figures.svg import finish
from reportgen.figures.words import Words, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW, _BELOW, _ABOVE = 0.58, 1.15, 0.7  # cm, as all of these
_TALLEST = 14.0  # of all rows together
_TOLD = 3  # changes of each kind in the alternative text


def confusion_difference(one: ShownModel, other: ShownModel, look: Look = PLAIN) -> Figure:
    """Return the confusion matrix of `one` minus that of `other` on the test images, means over seeds."""
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Rectangle

    say = words(look.language, look.pictures, look.items)
    test, count = one.first.evaluations["test"], len(one.names)
    chosen = shown(test.labels, test.predicted, count)
    change = _mean_counts(one, chosen, count) - _mean_counts(other, chosen, count)
    classes = [one.names[each] for each in chosen]
    names = [style.shortened(name, LONGEST, style.SMALL, look.family) for name in classes]
    widest = max(style.text_width(name, style.SMALL, look.family) for name in names) / POINTS
    left, rows = 0.7 + widest, min(_ROW * len(names), _TALLEST)
    width = look.width - left - 0.1
    slanted = widest + 0.05 > width / len(names)
    below = _BELOW + (0.71 * widest if slanted else 0.0)
    with chart.sheet(look, look.width, rows + below + _ABOVE) as sheet:
        axes = chart.place(sheet, left, below, width, rows)
        reach = max(float(np.abs(change).max()), 1.0)
        edge = min(0.5, rows * POINTS / len(names) / 30)
        mesh = axes.pcolormesh(
            change,
            cmap=ListedColormap(style.diverging()),
            vmin=-reach,
            vmax=reach,
            edgecolors=style.PAPER,
            linewidth=edge,
            rasterized=False,
        )
        axes.invert_yaxis()
        for i in range(len(names)):
            axes.add_patch(Rectangle((i, i), 1, 1, fill=False, edgecolor=style.INK, linewidth=0.7))
        _write_heading(axes, say.minus.format(one=one.title, other=other.title), left, width, look)
        name_axes(axes, names, rows, slanted, say)
        texts = np.array([[say.signed(float(value)) for value in row] for row in change])
        cell = (width * POINTS / len(names), rows * POINTS / len(names))
        written = write_cells(axes, np.rint(change), texts, mesh.to_rgba(change), cell, look)
        raw = chart.render(sheet, look)
    alt = _alt(one, other, change, classes, say)
    caption = [say.caption_difference.format(one=one.title, other=other.title)]
    if len(one.records) > 1 or len(other.records) > 1:
        caption.append(say.caption_difference_seeds.format(runs=len(one.records), others=len(other.records)))
    if not written:
        most = say.count(round(reach))
        caption.append(say.caption_no_differences.format(classes=len(classes), most=most))
    if len(classes) < count:
        caption.append(say.caption_most_confused.format(shown=len(classes), classes=say.count(count)))
    return Figure(finish(raw, alt, look), alt, " ".join(caption), (*one.keys, *other.keys))


def _write_heading(axes: Axes, heading: str, left: float, width: float, look: Look) -> None:
    """Write the heading above the matrix, on a narrow drawing smaller and above the names as well."""
    middle, room, size = 0.5, width, style.LARGE
    if look.narrow:
        middle, room, size = (0.5 * look.width - left) / width, look.width - 0.2, style.NORMAL
    text = style.shortened(heading, room * POINTS, size, look.family, bold=True)
    axes.set_title(text, x=middle, pad=5, fontsize=size, fontweight="semibold")


def _mean_counts(model: ShownModel, chosen: NDArray[np.intp], classes: int) -> chart.Values:
    tests = [record.evaluations["test"] for record in model.records]
    counts = np.stack([among(test.labels, test.predicted, chosen, classes) for test in tests])
    found: chart.Values = counts.mean(axis=0, dtype=np.float64)
    return found


def _alt(one: ShownModel, other: ShownModel, change: chart.Values, classes: Sequence[str], say: Words) -> str:
    right = np.diag(change)
    told = say.alt_difference.format(
        one=one.title,
        other=other.title,
        more=_named(
            [(classes[i], right[i]) for i in np.argsort(-right, kind="stable") if right[i] >= 0.5], say
        ),
        less=_named(
            [(classes[i], right[i]) for i in np.argsort(right, kind="stable") if right[i] <= -0.5], say
        ),
    )
    errors = change - np.diag(right)
    pairs = [
        (
            say.taken.format(true=classes[i // len(classes)], predicted=classes[i % len(classes)]),
            errors.flat[i],
        )
        for i in np.argsort(errors, axis=None, kind="stable")
    ]
    worse = _named([pair for pair in reversed(pairs) if pair[1] >= 0.5], say)
    better = _named([pair for pair in pairs if pair[1] <= -0.5], say)
    return f"{told} {say.alt_difference_confused.format(more=worse, less=better)}"


def _named(changes: Sequence[tuple[str, float]], say: Words) -> str:
    """Return the largest changes, as ``cat +31, dog +5``."""
    return ", ".join(f"{name} {say.signed(float(value))}" for name, value in changes[:_TOLD]) or say.nothing
