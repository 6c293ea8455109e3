"""Draw the evaluation image: learning curves and confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reportgen.figures import chart, curves, evaluations, style
from reportgen.figures.confusion import Counts, among, draw_matrix, shown, top_pairs
from reportgen.figures.curves import Extent
from reportgen.figures.figure import Figure
from reportgen.figures.style import PLAIN, Look
from reportgen.figures.svg import finish
from reportgen.figures.words import Words, words
from reportgen.results.split_facts import test_facts
from reportgen.training.record import Evaluation, Record

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEIGHT = 8.9  # cm, as all of these
_LEFT, _ACROSS, _DOWN = 1.15, 5.2, 3.4
_TOP = 0.65
_CUT = _LEFT + _ACROSS + 1.53  # between the names of the curves and that of the true class
_TRAINING: dict[str, Any] = {"color": style.BLUE, "linestyle": "solid"}
_VALIDATION: dict[str, Any] = {"color": style.RUST, "linestyle": (0, (3.2, 1.4))}


def evaluation_image(
    title: str,
    records: Sequence[Record],
    classes: Sequence[str],
    required: float | None = None,
    shared: Extent | None = None,
    look: Look = PLAIN,
) -> Figure:
    """Return learning curves and the confusion matrix on the test images; of other tasks what is theirs.

    Parameters
    ----------
    title : str
        What the report calls the model.
    records : sequence of Record
        One for every seed; the confusion matrix is the first one's.
    classes : sequence of str
        Names of classes, labels or targets in order.
    required : float, optional
        The test accuracy that the model must reach.
    shared : Extent, optional
        What the axes reach, for all models that this one may be compared with.
    """
    if other := evaluations.of(records[0]):
        return other(title, records, classes, look)
    say = words(look.language, look.pictures, look.items)
    if not curves.trained_by_epochs(records):
        return _matrix_alone(title, records, classes, say, look)
    test = records[0].evaluations["test"]
    reach = shared or curves.extent(records, [] if required is None else [required])
    with chart.sheet(look, style.WIDTH, _HEIGHT) as sheet:
        upper = chart.place(sheet, _LEFT, _HEIGHT - _TOP - _DOWN, _ACROSS, _DOWN)
        lower = chart.place(sheet, _LEFT, 0.95, _ACROSS, _DOWN)
        _draw_losses(upper, records, reach.loss, say)
        _draw_accuracies(lower, records, reach.accuracy, required, say)
        for axes in (upper, lower):
            axes.yaxis.set_label_coords(-0.78 / _ACROSS, 0.5)
        box = (_LEFT + _ACROSS + _names_width(say, look), 0.0, style.WIDTH - 0.05, _HEIGHT - _TOP)
        counts, names = _matrix(test, classes)
        counted = draw_matrix(sheet, counts, names, _heading(records, say), say, look, box=box)
        raw = chart.render(sheet, look)
    alt = _alt(title, records, classes, required, say)
    caption = [say.caption_evaluation.format(title=title, count=say.count(len(test.labels)))]
    if required is not None:
        caption.append(say.caption_required)
    if len(records) > 1:
        caption.append(say.caption_seeds.format(runs=len(records), seed=records[0].seed))
    if shared:
        caption.append(say.caption_shared)
    if not counted:
        most = say.count(int(counts.max()))
        caption.append(say.caption_no_counts.format(classes=len(names), most=most))
    if len(names) < len(classes):
        caption.append(say.caption_most_confused.format(shown=len(names), classes=say.count(len(classes))))
    return Figure(
        finish(raw, alt, look, cuts=[_CUT * style.POINTS]),
        alt,
        " ".join(caption),
        tuple(record.key for record in records),
    )


def _matrix_alone(
    title: str, records: Sequence[Record], classes: Sequence[str], say: Words, look: Look
) -> Figure:
    """Return the confusion matrix of what was not trained by epochs."""
    test = records[0].evaluations["test"]
    counts, names = _matrix(test, classes)
    with chart.sheet(look, style.WIDTH, _HEIGHT) as sheet:
        box = (0.5 * style.WIDTH - 0.6 * _HEIGHT, 0.0, 0.5 * style.WIDTH + 0.5 * _HEIGHT, _HEIGHT - _TOP)
        draw_matrix(sheet, counts, names, _heading(records, say), say, look, box=box)
        raw = chart.render(sheet, look)
    accuracy = say.percent(test_facts(records).accuracy.value)
    alt = f"{say.alt_fitted.format(title=title, accuracy=accuracy)} {_confused(records, classes, say)}"
    caption = say.caption_fitted.format(title=title, count=say.count(len(test.labels)))
    if len(names) < len(classes):
        told = say.caption_most_confused.format(shown=len(names), classes=say.count(len(classes)))
        caption = f"{caption} {told}"
    if len(records) > 1:
        caption = f"{caption} {say.caption_first_seed.format(runs=len(records), seed=records[0].seed)}"
    return Figure(finish(raw, alt, look), alt, caption, tuple(record.key for record in records))


def _matrix(test: Evaluation, classes: Sequence[str]) -> tuple[Counts, list[str]]:
    """Return the confusion matrix and the names of its classes, of very many those confused most."""
    chosen = shown(test.labels, test.predicted, len(classes))
    return among(test.labels, test.predicted, chosen, len(classes)), [classes[each] for each in chosen]


def _names_width(say: Words, look: Look) -> float:
    """Return what the names at the ends of the curves take, in cm."""
    widest = max(style.text_width(name, style.NORMAL, look.family) for name in (say.training, say.validation))
    return max(1.55, widest / style.POINTS + 0.25)


def _heading(records: Sequence[Record], say: Words) -> str:
    """Return the title of the matrix: of several seeds its own, as the text tells their mean."""
    if len(records) > 1:
        return say.matrix_of_seed.format(seed=records[0].seed)
    return say.test_accuracy.format(accuracy=say.percent(test_facts(records).accuracy.value))


def _draw_losses(axes: Axes, records: Sequence[Record], reach: tuple[float, float], say: Words) -> None:
    curves.frame(axes, "loss", curves.longest(records), reach, say)
    _draw(axes, records, ("loss", "val_loss"), say)
    axes.tick_params(labelbottom=False)


def _draw_accuracies(
    axes: Axes, records: Sequence[Record], reach: tuple[float, float], required: float | None, say: Words
) -> None:
    curves.frame(axes, "accuracy", curves.longest(records), reach, say)
    if required is not None:
        axes.axhline(100 * required, color=style.INK, linewidth=0.6, linestyle=(0, (1, 1.5)), zorder=1.5)
    _draw(axes, records, ("accuracy", "val_accuracy"), say)
    axes.set_xlabel(say.epoch, labelpad=3)


def _draw(axes: Axes, records: Sequence[Record], names: tuple[str, str], say: Words) -> None:
    """Draw training and validation, the best epoch of the latter, and the finished model."""
    for name, line in ((names[1], _VALIDATION), (names[0], _TRAINING)):
        curves.draw(axes, records, name, **line)
    for name, line in zip(names, (_TRAINING, _VALIDATION), strict=True):
        curves.mark(axes, records, name, line["color"])
    training, validation = (curves.stacked(records, name) for name in names)
    curves.name_ends(axes, training, validation, say)


def _alt(
    title: str, records: Sequence[Record], classes: Sequence[str], required: float | None, say: Words
) -> str:
    epochs = say.counted(say.epochs, curves.longest(records))
    accuracy = say.percent(test_facts(records).accuracy.value)
    if required is not None:
        accuracy = say.with_required.format(accuracy=accuracy, required=say.percent(required))
    told = say.alt_evaluation.format(
        title=say.mean_of_seeds.format(title=title, runs=len(records)) if len(records) > 1 else title,
        epochs=epochs,
        accuracy=accuracy,
        curves=curves.told(records, say),
    )
    return f"{told} {_confused(records, classes, say)}"


def _confused(records: Sequence[Record], classes: Sequence[str], say: Words) -> str:
    """Return the most frequent confusions of the first seed in words."""
    test = records[0].evaluations["test"]
    pairs = [
        say.confused.format(true=classes[true], predicted=classes[taken], count=say.count(count))
        for true, taken, count in top_pairs(test.labels, test.predicted, 3)
    ]
    confused = say.alt_confused.format(pairs="; ".join(pairs)) if pairs else say.alt_flawless
    seed = say.of_seed.format(seed=records[0].seed) if len(records) > 1 else ""
    return f"{seed}{confused}"
