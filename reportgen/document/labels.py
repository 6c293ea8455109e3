"""Fixed words of the document (Figure, Contents, …), by language."""

from collections.abc import Mapping
from dataclasses import dataclass

from reportgen.errors import InputError


@dataclass(frozen=True)
class Labels:
    """Words of one language; `quotes` are the double and single marks, opening and closing."""

    language: str
    quotes: str
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
    value: str
    model: str
    training_table: str
    summary_table: str
    results_table: str
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


ENGLISH = Labels(
    language="en",
    quotes="“”‘’",
    contents="Contents",
    figures="Figures",
    figure="Figure",
    table="Table",
    listing="Listing",
    question="Question",
    abstract="Abstract",
    deadline="Deadline",
    appendix="How these numbers were made",
    references="References",
    draft="Draft",
    default="default",
    claim_false="not supported by the measurements",
    claim_undecided="not decided",
    not_built="This section has not been built yet.",
    diverged="{model} has no results: its training diverged.",
    layer="Layer",
    output_shape="Output shape",
    activation="Activation",
    parameters="Parameters",
    total="Total",
    trainable="Trainable",
    non_trainable="Not trainable",
    setting="Setting",
    value="Value",
    model="Model",
    training_table="Training of {model}",
    summary_table="Layers of {model}",
    results_table="All models",
    provenance_table="Training runs",
    environment_table="Machine and libraries",
    data_table="Data sets",
    results="Results",
    display="Figure or table",
    origins_table="What each figure and table came from",
    models="Models",
    cores="Cores",
    settings_table="Training parameters",
    key="Key",
    seed="Seed",
    seeds="Seeds",
    dataset="Data set",
    fingerprint="Fingerprint (SHA-256)",
    train="Training",
    validation="Validation",
    test="Test",
    epochs="Epochs",
    batch_size="Minibatch",
    optimizer="Optimizer",
    learning_rate="Learning rate",
    loss="Loss",
    augmentation="Augmentation",
    precision="Precision",
    scale="Range of pixels",
    seconds="Time",
    processor="Processor",
    versions="Libraries",
    commit="Commit",
    started="Started",
    none="none",
    titles={
        "evaluation_image": "{model}: training and confusions",
        "per_class": "{model}: accuracy by class",
        "mistakes": "{model}: most confident mistakes",
        "architecture": "{model}: architecture",
        "learning_curves": "Learning curves: {model}",
        "confusion_difference": "Difference of confusions: {model}",
        "accuracy_by_seed": "Accuracy by seed: {model}",
        "samples": "{model}: images of each class",
        "augmented": "{model}: augmentation",
        "learning_rate_curve": "{model}: learning rate",
        "reliability": "{model}: reliability",
        "filters": "{model}: first filters",
        "efficiency": "Accuracy, time and size of all models",
        "code": "{model}: source",
        "comparison": "All models compared",
    },
    appendix_note=(
        "Every number in this report was measured by the training runs listed here and printed from their "
        "stored results. A key is the SHA-256 of everything that can change a run’s numbers; its first "
        "twelve digits name the run. The predictions for every image are attached to this file."
    ),
)

SWEDISH = Labels(
    language="sv",
    quotes="””’’",
    contents="Innehåll",
    figures="Figurer",
    figure="Figur",
    table="Tabell",
    listing="Listning",
    question="Fråga",
    abstract="Sammanfattning",
    deadline="Inlämning",
    appendix="Så togs siffrorna fram",
    references="Referenser",
    draft="Utkast",
    default="förval",
    claim_false="stöds inte av mätningarna",
    claim_undecided="ej avgjort",
    not_built="Det här avsnittet har ännu inte byggts.",
    diverged="{model} har inga resultat: träningen divergerade.",
    layer="Lager",
    output_shape="Utdataform",
    activation="Aktivering",
    parameters="Parametrar",
    total="Totalt",
    trainable="Träningsbara",
    non_trainable="Ej träningsbara",
    setting="Inställning",
    value="Värde",
    model="Modell",
    training_table="Träning av {model}",
    summary_table="Lager i {model}",
    results_table="Alla modeller",
    provenance_table="Träningskörningar",
    environment_table="Maskin och bibliotek",
    data_table="Datamängder",
    results="Resultat",
    display="Figur eller tabell",
    origins_table="Varifrån varje figur och tabell kommer",
    models="Modeller",
    cores="Kärnor",
    settings_table="Träningsparametrar",
    key="Nyckel",
    seed="Frö",
    seeds="Frön",
    dataset="Datamängd",
    fingerprint="Fingeravtryck (SHA-256)",
    train="Träning",
    validation="Validering",
    test="Test",
    epochs="Epoker",
    batch_size="Minibatch",
    optimizer="Optimerare",
    learning_rate="Inlärningstakt",
    loss="Förlust",
    augmentation="Augmentering",
    precision="Precision",
    scale="Pixlarnas område",
    seconds="Tid",
    processor="Processor",
    versions="Bibliotek",
    commit="Incheckning",
    started="Startad",
    none="ingen",
    titles={
        "evaluation_image": "{model}: träning och förväxlingar",
        "per_class": "{model}: träffsäkerhet per klass",
        "mistakes": "{model}: säkraste felen",
        "architecture": "{model}: arkitektur",
        "learning_curves": "Inlärningskurvor: {model}",
        "confusion_difference": "Skillnad i förväxlingar: {model}",
        "accuracy_by_seed": "Träffsäkerhet per slumpfrö: {model}",
        "samples": "{model}: bilder av varje klass",
        "augmented": "{model}: augmentering",
        "learning_rate_curve": "{model}: inlärningstakt",
        "reliability": "{model}: tillförlitlighet",
        "filters": "{model}: första filtren",
        "efficiency": "Alla modellers träffsäkerhet, tid och storlek",
        "code": "{model}: källkod",
        "comparison": "Alla modeller jämförda",
    },
    appendix_note=(
        "Varje siffra i rapporten är mätt av de träningskörningar som räknas upp här och hämtad ur deras "
        "sparade resultat. En nyckel är SHA-256 av allt som kan ändra körningens siffror; dess tolv första "
        "tecken står för körningen. Förutsägelserna för varje bild är bifogade filen."
    ),
)

_LANGUAGES = {"en": ENGLISH, "sv": SWEDISH}


def labels(language: str) -> Labels:
    """Return the words of `language` (``en`` or ``sv``; a region such as ``en-GB`` is ignored).

    Raises
    ------
    InputError
        If the language is not known.
    """
    found = _LANGUAGES.get(language.split("-")[0].lower())
    if found is None:
        raise InputError(f"language {language!r} is not known (use one of {', '.join(_LANGUAGES)})")
    return found
