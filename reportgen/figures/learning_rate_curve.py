"""Learning rate against epoch."""

from __future__ import annotations

import numpy as np

from reportgen.errors import RenderError
from reportgen.figures import chart, curves, style
from reportgen.figures.figure import Figure
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, Look
from reportgen.figures.svg import finish
from reportgen.figures.words import words

_HEIGHT, _LEFT, _BELOW = 4.2, 1.6, 0.95  # cm


def learning_rate_curve(model: ShownModel, look: Look = PLAIN) -> Figure:
    """Return the learning rate at the end of each epoch: of several seeds, that of the longest run."""
    if not any(record.history.learning_rate for record in model.records):
        curves.require_epochs(model)
        raise RenderError(
            f"{model.title} has no learning rates: {model.first.function}() did not tell of them"
        )
    say = words(look.language, look.pictures, look.items)
    record = max(model.records, key=lambda record: len(record.history))
    rates = np.array(record.history.learning_rate, np.float64)
    epochs = np.arange(1, len(rates) + 1)
    with chart.sheet(look, look.width, _HEIGHT) as sheet:
        axes = chart.place(sheet, _LEFT, _BELOW, look.width - _LEFT - 0.3, _HEIGHT - _BELOW - 0.25)
        axes.plot(epochs, rates, color=style.BLUE, marker="o", markersize=3, linewidth=1.3, clip_on=False)
        curves.frame_epochs(axes, len(rates), say)
        high = float(rates.max()) or 1.0
        axes.set_ylim(0, 1.08 * high)
        ticks = chart.even_ticks(0, 1.08 * high, 5)
        axes.set_yticks(ticks, [say.rate(tick) for tick in ticks])
        axes.grid(axis="y")
        axes.set_xlabel(say.epoch, labelpad=3)
        axes.set_ylabel(say.learning_rate)
        axes.yaxis.set_label_coords(-1.2 / (look.width - _LEFT - 0.3), 0.5)
        raw = chart.render(sheet, look)
    told = curves.course(rates, say, say.rate, highest=True)
    alt = say.alt_learning_rate.format(
        title=model.title, epochs=say.counted(say.epochs, len(rates)), course=told
    )
    caption = say.caption_learning_rate.format(title=model.title)
    return Figure(finish(raw, alt, look), alt, caption, (record.key,))
