from hashlib import sha256
from pathlib import Path

import pytest

from reportgen.store import Store


def key(name: str) -> str:
    return sha256(name.encode()).hexdigest()


@pytest.fixture
def said() -> list[str]:
    """What the store told the user."""
    return []


@pytest.fixture
def store(tmp_path: Path, said: list[str]) -> Store:
    return Store.open(tmp_path / "store", tell=said.append)
