from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.preview.served import Served, serving, write_lab


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with results, which no test changes."""
    return write_lab(tmp_path_factory.mktemp("lab"))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A preview of a report that the module's tests may change, and leave as it was."""
    with serving(write_lab(tmp_path_factory.mktemp("served"))) as running:
        yield running
