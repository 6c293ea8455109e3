"""Words of figures by language.

A sentence that one language lacks is found by the type checker; a value that one doesn't name, by a test.
"""

from reportgen.figures.english import ENGLISH
from reportgen.figures.swedish import SWEDISH
from reportgen.figures.words import Words
from reportgen.language import numbers


def words(language: str) -> Words:
    """Return the words of a language tag such as ``sv`` or ``sv-FI``; English for those not known."""
    return SWEDISH if numbers.style_of(language) is numbers.SWEDISH else ENGLISH
