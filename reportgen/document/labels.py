"""Fixed words of the document (Figure, Contents, …), by language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from reportgen import locales
from reportgen.locales import Locale


@dataclass(frozen=True)
class Labels:
    """Words of one language: its table ``[document]`` in `reportgen.locales`.

    `language` is that of the report, `locale` that of the list of sources; `quotes` are the double and single
    marks, opening and closing, with the spaces inside them.
    """

    language: Locale | str
    locale: str
    quotes: tuple[str, str, str, str]
    contents: str
    figures: str
    figure: str
    table: str
    listing: str
    question: str
    abstract: str
    deadline: str
    appendix: str
    references: str
    draft: str
    quick: str
    default: str
    claim_false: str
    claim_undecided: str
    not_built: str
    diverged: str
    layer: str
    output_shape: str
    activation: str
    parameters: str
    total: str
    trainable: str
    non_trainable: str
    setting: str
    step: str
    estimator: str
    training_function: str
    value: str
    model: str
    training_table: str
    steps_table: str
    summary_table: str
    variants_table: str
    results_table: str
    results_of_numbers: str
    results_of_targets: str
    results_of_labels: str
    provenance_table: str
    environment_table: str
    data_table: str
    results: str
    display: str
    origins_table: str
    models: str
    cores: str
    settings_table: str
    key: str
    seed: str
    seeds: str
    dataset: str
    fingerprint: str
    train: str
    validation: str
    test: str
    epochs: str
    batch_size: str
    optimizer: str
    learning_rate: str
    loss: str
    augmentation: str
    early_stopping: str
    reduce_on_plateau: str
    class_weights: str
    balanced: str
    subset: str
    folds: str
    folds_of_groups: str
    precision: str
    scale: str
    seconds: str
    processor: str
    versions: str
    commit: str
    started: str
    none: str
    titles: Mapping[str, str]
    appendix_note: str
    attached: str
    made_by: str

    def verdict(self, holds: bool | None) -> str:
        """Return what a draft says of a claim; nothing if it holds."""
        return "" if holds else self.claim_undecided if holds is None else self.claim_false


@cache
def labels(language: Locale | str) -> Labels:
    """Return the words of a language tag such as ``sv`` or ``en-GB``.

    Raises
    ------
    InputError
        If the language is not known.
    """
    return Labels(language, **locales.table(language, "document"))
