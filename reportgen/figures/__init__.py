"""Figures: from stored results to vector drawings with alt text made from the data.

Every maker takes plain values and a `Look` and returns a frozen `Figure`. The same input gives the same
bytes, on any machine with the same libraries. matplotlib is imported when the first chart is drawn, not
before; as its settings are global for the time of a drawing, charts are drawn one at a time.
"""

from reportgen.figures.accuracy_by_seed import accuracy_by_seed
from reportgen.figures.architecture import architecture
from reportgen.figures.augmented import augmented
from reportgen.figures.comparison import comparison
from reportgen.figures.confusion_difference import confusion_difference
from reportgen.figures.curves import Extent, extent
from reportgen.figures.efficiency import efficiency
from reportgen.figures.evaluation_image import evaluation_image
from reportgen.figures.evaluations import predictions, roc, unclassed
from reportgen.figures.figure import Figure
from reportgen.figures.first_layer_filters import filters
from reportgen.figures.importance import importance
from reportgen.figures.learning_curves import learning_curves
from reportgen.figures.learning_rate_curve import learning_rate_curve
from reportgen.figures.mistakes import mistakes
from reportgen.figures.narrow import with_narrow
from reportgen.figures.per_class import per_class
from reportgen.figures.reliability import reliability
from reportgen.figures.samples import samples
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import FAMILY, Look
from reportgen.figures.variation import variation

OF_CLASSES = frozenset(  # they show classes: of what predicts a number they say nothing
    [
        "accuracy_by_seed",
        "comparison",
        "confusion_difference",
        "efficiency",
        "mistakes",
        "per_class",
        "reliability",
        "roc",
    ]
)

__all__ = [
    "FAMILY",
    "OF_CLASSES",
    "Extent",
    "Figure",
    "Look",
    "ShownModel",
    "accuracy_by_seed",
    "architecture",
    "augmented",
    "comparison",
    "confusion_difference",
    "efficiency",
    "evaluation_image",
    "extent",
    "filters",
    "importance",
    "learning_curves",
    "learning_rate_curve",
    "mistakes",
    "per_class",
    "predictions",
    "reliability",
    "roc",
    "samples",
    "unclassed",
    "variation",
    "with_narrow",
]
