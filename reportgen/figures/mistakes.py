"""Draw the mistakes that a model is most confident of."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import RenderError
from reportgen.figures import style
from reportgen.figures.canvas import Canvas
from reportgen.figures.figure import Figure
from reportgen.figures.pixels import Pixels
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, POINTS, Look
from reportgen.figures.svg import columns, finish
from reportgen.figures.words import Words, words
from reportgen.training.record import Evaluation

MOST = 12
_COLUMNS = 6
_GAP = 0.45 * POINTS
_LINE = 9.0  # points from baseline to baseline
_APART = 9.0  # points from one row of images to the next


def mistakes(model: ShownModel, images: Pixels, look: Look = PLAIN) -> Figure:
    """Return the most confident mistakes on the test images, up to twelve.

    Of several seeds the first is shown. Images of equal confidence come in the data set's order.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, height, width, channels)
        The test images, in the order of the record's predictions; only those drawn are read.

    Raises
    ------
    RenderError
        The record kept no confidences, or has not as many predictions as there are images.
    """
    say = words(look.language, look.pictures, look.items)
    test = model.first.evaluations["test"]
    if images.dtype != np.uint8 or images.ndim != 4:
        raise RenderError(f"{model.title}: its mistakes can't be shown: they are numbers, not images")
    if len(images) != len(test.labels):
        raise RenderError(
            f"{model.title}: there are {len(images)} test images but {len(test.labels)} predictions"
        )
    if len(test.confidence) != len(test.labels):
        raise RenderError(f"{model.title}: its mistakes can't be ordered, as no confidences were kept")
    errors = int(np.count_nonzero(~test.correct))
    chosen = surest(test)
    values = surety(test)
    sure = [confidence(float(values[i]), say) for i in chosen]
    drawing = _draw(
        images[chosen],
        [(named(test.labels[i], model.names), named(test.predicted[i], model.names)) for i in chosen],
        sure,
        say,
        look,
    )
    told = [
        say.alt_mistake.format(
            true=named(test.labels[i], model.names),
            predicted=named(test.predicted[i], model.names),
            confidence=share,
        )
        for i, share in zip(chosen, sure, strict=True)
    ]
    if errors:
        alt = say.alt_mistakes.format(title=model.title, count=len(chosen), mistakes="; ".join(told))
        caption = say.caption_mistakes.format(title=model.title, count=len(chosen), errors=say.count(errors))
    else:
        alt, caption = (
            say.alt_no_mistake.format(title=model.title),
            say.caption_no_mistake.format(title=model.title),
        )
    cuts = [drawing.width / 2] if len(chosen) > _COLUMNS // 2 else []
    if len(model.records) > 1:
        caption = f"{caption} {say.caption_first_seed.format(runs=len(model.records), seed=model.first.seed)}"
    return Figure(
        finish(drawing.render(), alt, look, parts=columns(drawing.width, drawing.height, *cuts)),
        alt,
        caption,
        (model.first.key,),
    )


def surest(test: Evaluation, most: int = MOST) -> NDArray[np.intp]:
    """Return the places of the wrong answers given with most confidence, the surest first."""
    wrong = np.flatnonzero(~test.correct)
    order = np.argsort(-surety(test)[wrong], kind="stable")
    return wrong[order[:most]]


def surety(test: Evaluation) -> NDArray[np.float64]:
    """Return the probability of each answer, shape (n,); of several labels that of the surest wrong one.

    Of an item with all labels right it is that of the least sure one.
    """
    sure = test.confidence.astype(np.float64)
    if sure.ndim == 1:
        return sure
    found: NDArray[np.float64] = np.where(test.predicted, sure, 1 - sure)
    wrong = test.predicted != test.labels
    surest: NDArray[np.float64] = np.where(wrong, found, 0.0).max(axis=1)
    return np.where(wrong.any(axis=1), surest, found.min(axis=1))


def named(answer: Any, names: Sequence[str]) -> str:
    """Return the name of a class, or those of the labels that an item has."""
    if np.ndim(answer) == 0:
        return names[int(answer)]
    return ", ".join(name for name, has in zip(names, answer, strict=True) if has) or "–"


def confidence(share: float, say: Words) -> str:
    """Return a probability in per cent; never 100 %, which half precision can't tell from nearly that."""
    return say.above if share > 0.9995 - 1e-9 else say.percent(share)


def _draw(
    images: Pixels, names: Sequence[tuple[str, str]], sure: Sequence[str], say: Words, look: Look
) -> Canvas:
    rows = -(-len(images) // _COLUMNS)
    width = (style.WIDTH * POINTS - _GAP * (_COLUMNS - 1)) / _COLUMNS
    row_height = width + 2 * _LINE + _APART
    height = rows * row_height - _APART + 4 if rows else 3 * _LINE
    canvas = Canvas(look, height)
    if not rows:
        canvas.text(
            canvas.width / 2, 2 * _LINE, say.no_mistake, size=style.NORMAL, anchor="middle", fill=style.MUTED
        )
    for place, (image, (true, taken), share) in enumerate(zip(images, names, sure, strict=True)):
        row, column = divmod(place, _COLUMNS)
        x, y = column * (width + _GAP), row * row_height
        canvas.image(x, y, width, image)
        room = width - canvas.width_of(share) - 3
        answer = style.shortened(taken, room, style.SMALL, look.family, bold=True)
        canvas.text(x, y + width + _LINE + 1, answer, bold=True)
        canvas.text(x + width, y + width + _LINE + 1, share, anchor="end")
        below = style.shortened(say.true_is.format(name=true), width, style.SMALL, look.family)
        canvas.text(x, y + width + 2 * _LINE + 1, below, fill=style.MUTED)
    return canvas
