"""Draw the evaluation image: learning curves and confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reportgen.figures import chart, curves, evaluations, style
from reportgen.figures.confusion import Counts, among, draw_matrix, shown, top_pairs
from reportgen.figures.curves import Extent
from reportgen.figures.figure import Figure
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, Look
from reportgen.figures.svg import columns, finish
from reportgen.figures.words import Words, words
from reportgen.training.record import Evaluation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEIGHT = 8.9  # cm, as all of these
_LEFT, _ACROSS, _DOWN = 1.15, 5.2, 3.4
_TOP = 0.65
_CUT = _LEFT + _ACROSS + 1.53  # between the names of the curves and that of the true class
_PARTS = columns(style.WIDTH * style.POINTS, _HEIGHT * style.POINTS, _CUT * style.POINTS)
_TRAINING: dict[str, Any] = {"color": style.BLUE, "linestyle": "solid"}
_VALIDATION: dict[str, Any] = {"color": style.RUST, "linestyle": (0, (3.2, 1.4))}


def evaluation_image(model: ShownModel, shared: Extent | None = None, look: Look = PLAIN) -> Figure:
    """Return learning curves and the confusion matrix on the test images; of other tasks what is theirs.

    Parameters
    ----------
    model : ShownModel
        Of several seeds the confusion matrix is the first one's.
    shared : Extent, optional
        What the axes reach, for all models that this one may be compared with.
    """
    if other := evaluations.of(model.first):
        return other(model, look)
    say = words(look.language, look.pictures, look.items)
    if not curves.trained_by_epochs(model.records):
        return _matrix_alone(model, say, look)
    test = model.first.evaluations["test"]
    reach = shared or curves.extent([model])
    with chart.sheet(look, style.WIDTH, _HEIGHT) as sheet:
        upper = chart.place(sheet, _LEFT, _HEIGHT - _TOP - _DOWN, _ACROSS, _DOWN)
        lower = chart.place(sheet, _LEFT, 0.95, _ACROSS, _DOWN)
        _draw_losses(upper, model, reach.loss, say)
        _draw_accuracies(lower, model, reach.accuracy, say)
        for axes in (upper, lower):
            axes.yaxis.set_label_coords(-0.78 / _ACROSS, 0.5)
        box = (_LEFT + _ACROSS + _names_width(say, look), 0.0, style.WIDTH - 0.05, _HEIGHT - _TOP)
        counts, names = _matrix(test, model.names)
        counted = draw_matrix(sheet, counts, names, _heading(model, say), say, look, box=box)
        raw = chart.render(sheet, look)
    alt = _alt(model, say)
    caption = [say.caption_evaluation.format(title=model.title, count=say.count(len(test.labels)))]
    if model.required is not None:
        caption.append(say.caption_required)
    if len(model.records) > 1:
        caption.append(say.caption_seeds.format(runs=len(model.records), seed=model.first.seed))
    if shared:
        caption.append(say.caption_shared)
    if not counted:
        most = say.count(int(counts.max()))
        caption.append(say.caption_no_counts.format(classes=len(names), most=most))
    if len(names) < len(model.names):
        caption.append(
            say.caption_most_confused.format(shown=len(names), classes=say.count(len(model.names)))
        )
    return Figure(
        finish(raw, alt, look, parts=_PARTS),
        alt,
        " ".join(caption),
        model.keys,
    )


def _matrix_alone(model: ShownModel, say: Words, look: Look) -> Figure:
    """Return the confusion matrix of what was not trained by epochs."""
    test = model.first.evaluations["test"]
    counts, names = _matrix(test, model.names)
    middle = 0.5 * look.width
    with chart.sheet(look, look.width, _HEIGHT) as sheet:
        box = (middle - 0.6 * _HEIGHT, 0.0, middle + 0.5 * _HEIGHT, _HEIGHT - _TOP)
        draw_matrix(sheet, counts, names, _heading(model, say), say, look, box=box)
        raw = chart.render(sheet, look)
    accuracy = say.percent(model.test.measure.value)
    alt = f"{say.alt_fitted.format(title=model.title, accuracy=accuracy)} {_confused(model, say)}"
    caption = say.caption_fitted.format(title=model.title, count=say.count(len(test.labels)))
    if len(names) < len(model.names):
        told = say.caption_most_confused.format(shown=len(names), classes=say.count(len(model.names)))
        caption = f"{caption} {told}"
    if len(model.records) > 1:
        caption = f"{caption} {say.caption_first_seed.format(runs=len(model.records), seed=model.first.seed)}"
    return Figure(finish(raw, alt, look), alt, caption, model.keys)


def _matrix(test: Evaluation, classes: Sequence[str]) -> tuple[Counts, list[str]]:
    """Return the confusion matrix and the names of its classes, of very many those confused most."""
    chosen = shown(test.labels, test.predicted, len(classes))
    return among(test.labels, test.predicted, chosen, len(classes)), [classes[each] for each in chosen]


def _names_width(say: Words, look: Look) -> float:
    """Return what the names at the ends of the curves take, in cm."""
    widest = max(style.text_width(name, style.NORMAL, look.family) for name in (say.training, say.validation))
    return max(1.55, widest / style.POINTS + 0.25)


def _heading(model: ShownModel, say: Words) -> str:
    """Return the title of the matrix: of several seeds its own, as the text tells their mean."""
    if len(model.records) > 1:
        return say.matrix_of_seed.format(seed=model.first.seed)
    return say.test_accuracy.format(accuracy=say.percent(model.test.measure.value))


def _draw_losses(axes: Axes, model: ShownModel, reach: tuple[float, float], say: Words) -> None:
    curves.frame(axes, "loss", curves.longest([model]), reach, say)
    _draw(axes, model, ("loss", "val_loss"), say)
    axes.tick_params(labelbottom=False)


def _draw_accuracies(axes: Axes, model: ShownModel, reach: tuple[float, float], say: Words) -> None:
    curves.frame(axes, "accuracy", curves.longest([model]), reach, say)
    if model.required is not None:
        axes.axhline(
            100 * model.required, color=style.INK, linewidth=0.6, linestyle=(0, (1, 1.5)), zorder=1.5
        )
    _draw(axes, model, ("accuracy", "val_accuracy"), say)
    axes.set_xlabel(say.epoch, labelpad=3)


def _draw(axes: Axes, model: ShownModel, names: tuple[str, str], say: Words) -> None:
    """Draw training and validation, the best epoch of the latter, and the finished model."""
    for name, line in ((names[1], _VALIDATION), (names[0], _TRAINING)):
        curves.draw(axes, model, name, **line)
    for name, line in zip(names, (_TRAINING, _VALIDATION), strict=True):
        curves.mark(axes, model, name, line["color"])
    training, validation = (curves.stacked(model, name) for name in names)
    curves.name_ends(axes, training, validation, say)


def _alt(model: ShownModel, say: Words) -> str:
    epochs = say.counted(say.epochs, curves.longest([model]))
    accuracy = say.percent(model.test.measure.value)
    if model.required is not None:
        accuracy = say.with_required.format(accuracy=accuracy, required=say.percent(model.required))
    told = say.alt_evaluation.format(
        title=say.mean_of_seeds.format(title=model.title, runs=len(model.records))
        if len(model.records) > 1
        else model.title,
        epochs=epochs,
        accuracy=accuracy,
        curves=curves.told(model, say),
    )
    return f"{told} {_confused(model, say)}"


def _confused(model: ShownModel, say: Words) -> str:
    """Return the most frequent confusions of the first seed in words."""
    test = model.first.evaluations["test"]
    pairs = [
        say.confused.format(true=model.names[true], predicted=model.names[taken], count=say.count(count))
        for true, taken, count in top_pairs(test.labels, test.predicted, 3)
    ]
    confused = say.alt_confused.format(pairs="; ".join(pairs)) if pairs else say.alt_flawless
    seed = say.of_seed.format(seed=model.first.seed) if len(model.records) > 1 else ""
    return f"{seed}{confused}"
