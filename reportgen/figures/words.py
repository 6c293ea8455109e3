"""Words of figures, as one value for each language."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from reportgen import locales
from reportgen.language import numbers
from reportgen.language.numbers import NumberStyle
from reportgen.locales import Locale


@dataclass(frozen=True)
class Words:
    """Every label, and every sentence with its values in braces; a pair is (one, many).

    It is the table ``[figures]`` of a language in `reportgen.locales`, with the language's number style.
    Values come in as text that is already formatted in the language's way.
    """

    numbers: NumberStyle

    # curves and confusion matrix
    epoch: str
    epochs: tuple[str, str]
    loss: str
    accuracy_axis: str
    training: str
    validation: str
    true_class: str
    predicted_class: str
    test_accuracy: str
    matrix_of_seed: str
    mean_of_seeds: str
    of_seed: str
    with_required: str
    falls: str
    rises: str
    stays: str
    diverges: str
    untold: str
    falls_then_rises: str
    rises_then_falls: str
    alt_curves: str
    alt_evaluation: str
    alt_fitted: str
    alt_confused: str
    alt_flawless: str
    confused: str
    caption_evaluation: str
    caption_fitted: str
    caption_seeds: str
    caption_required: str
    caption_shared: str
    caption_no_counts: str
    caption_most_confused: str

    # all models
    parameters_axis: str
    test_accuracy_axis: str
    models: tuple[str, str]
    alt_comparison: str
    alt_compared: str
    caption_comparison: str
    caption_seed_mean: str
    caption_side_by_side: str
    on_dataset: str
    caption_dataset: str

    # by class
    recall: str
    precision: str
    overall: str
    share_axis: str
    never_predicted: str
    none_of_class: str
    alt_per_class: str
    alt_class: str
    caption_per_class: str
    caption_first_seed: str
    caption_lowest: str

    # mistakes
    true_is: str
    above: str
    no_mistake: str
    alt_mistakes: str
    alt_mistake: str
    alt_no_mistake: str
    caption_mistakes: str
    caption_no_mistake: str

    # architecture
    parameters: tuple[str, str]
    alt_architecture: str
    alt_step: str
    alt_skip: str
    caption_architecture: str
    caption_skips: str
    caption_branches: str

    # learning curves of several models
    alt_learning_curves: str
    alt_of_model: str
    caption_learning_curves: str
    caption_bands: str

    # difference of two confusion matrices
    minus: str
    taken: str
    nothing: str
    alt_difference: str
    alt_difference_confused: str
    caption_difference: str
    caption_difference_seeds: str
    caption_no_differences: str

    # ROC and precision-recall curves
    false_positive_axis: str
    recall_axis: str
    precision_axis: str
    alt_roc: str
    caption_roc: str
    caption_roc_seeds: str

    # predicted numbers
    true_value: str
    predicted_value: str
    error_axis: str
    alt_losses: str
    alt_predictions: str
    caption_predictions: str
    caption_losses: str
    caption_points: str
    caption_predicted_seed: str

    # several predicted numbers
    panel_of_target: str
    alt_targets: str
    alt_target: str
    caption_targets: str
    caption_target_losses: str
    caption_first_targets: str

    # several labels an item
    label_f1_axis: str
    label_items: str
    alt_labels: str
    alt_label: str
    caption_labels: str
    caption_label_losses: str
    caption_per_label: str
    caption_lowest_labels: str
    mean_of_labels: str
    alt_label_roc: str
    alt_label_rank: str
    caption_label_roc: str
    caption_label_ends: str
    caption_label_unranked: str

    # accuracy by seed
    seeds: tuple[str, str]
    seeds_mean: str
    minus_first: str
    difference_with_interval: str
    alt_by_seed: str
    alt_seeds: str
    alt_differs: str
    caption_by_seed: str
    caption_one_seed: str

    # images of a data set
    images: tuple[str, str]
    alt_samples: str
    caption_samples: str
    caption_first_classes: str

    # augmentation
    image_itself: str
    augmented_by: str
    alt_augmented: str
    caption_augmented: str

    # learning rate
    learning_rate: str
    alt_learning_rate: str
    caption_learning_rate: str

    # importance of columns
    lost_accuracy_axis: str
    gained_error_axis: str
    lost_explained_axis: str
    alt_importance: str
    alt_importance_inputs: str
    alt_column: str
    caption_importance: str
    caption_importance_inputs: str
    caption_columns: str

    # a family of models
    test_items: str
    mean_error_axis: str
    alt_variation: str
    alt_variant: str
    caption_variation: str

    # accuracy, time and size
    accuracy: str
    time: str
    weights: str
    alt_efficiency: str
    caption_efficiency: str
    caption_means: str

    # reliability
    confidence_axis: str
    right_axis: str
    answers_axis: str
    right_mean: str
    sure_mean: str
    alt_reliability: str
    alt_bin: str
    caption_reliability: str
    caption_pooled: str

    # filters
    alt_filters: str
    caption_filters: str
    caption_first_filters: str

    def count(self, value: int) -> str:
        """Return ``12,523,266``."""
        return numbers.decimal(value, 0, self.numbers)

    def percent(self, share: float) -> str:
        """Return ``63.1 %``."""
        return numbers.percent(share, 1, self.numbers) if math.isfinite(share) else "–"

    def signed(self, value: float, digits: int = 0) -> str:
        """Return ``+12``, ``−3`` or ``0``."""
        text = numbers.decimal(value, digits, self.numbers)
        return f"+{text}" if value > 0 and text.strip("0.,") else text

    def points(self, share: float) -> str:
        """Return ``9.7 points``."""
        return numbers.points(share, 1, self.numbers)

    def ticks(self, values: Sequence[float]) -> list[str]:
        """Return the numbers of an axis, all with as many decimals as the longest needs: ``0.8``, ``1.0``."""
        digits = max((len(f"{value:.6f}".rstrip("0").partition(".")[2]) for value in values), default=0)
        return [numbers.decimal(value, digits, self.numbers) for value in values]

    def significant(self, value: float) -> str:
        """Return three digits: ``1.72``, ``0.0534``."""
        return numbers.significant(value, 3, self.numbers) if math.isfinite(value) else self.numbers.diverged

    def rate(self, value: float) -> str:
        """Return three digits without zeros at the end, never in powers of ten: ``0.01``, ``0.000025``."""
        digits = f"{Decimal(f'{value:.3g}'):f}".partition(".")[2].rstrip("0")
        return numbers.decimal(value, len(digits), self.numbers)

    def duration(self, seconds: float) -> str:
        """Return ``12.3 min``."""
        return numbers.duration(seconds, self.numbers)

    def counted(self, pair: tuple[str, str], value: int) -> str:
        """Return ``1 epoch`` or ``15 epochs``."""
        return pair[numbers.many(value, 0, self.numbers)].format(n=self.count(value))


@cache
def words(language: Locale | str, pictures: bool = True, items: tuple[str, str] | None = None) -> Words:
    """Return the words of a language tag such as ``sv`` or ``sv-FI``.

    Parameters
    ----------
    pictures : bool
        Whether to speak of images, or else of examples.
    items : tuple of str, optional
        What to speak of instead, as one and as several.

    Raises
    ------
    InputError
        If the language is not known.
    """
    table = locales.table(language, "figures")
    if items:
        table = locales.of_items(language, table, *items)
    elif not pictures:
        table = locales.of_examples(language, table)
    return Words(numbers.style_of(language), **table)
