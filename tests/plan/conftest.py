import os
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pytest

from reportgen.plan import Projection, Projector, Snapshot

Project = Callable[..., Projection]


@pytest.fixture(scope="session", autouse=True)
def no_power_cut() -> Iterator[None]:
    """Syncing is what takes time in these tests, and what they are not about."""
    with mock.patch.object(os, "fsync"):
        yield


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Project a function of a models.py with this text; keywords are helper modules (``a__b`` is ``a/b``)."""
    count = 0

    def do(text: str, name: str = "build", **helpers: str) -> Projection:
        nonlocal count
        count += 1
        folder = tmp_path / str(count)
        for module, content in {"models": text, **helpers}.items():
            place = "blocks/__init__" if module == "blocks____init__" else module.replace("__", "/")
            path = folder / (place if "." in place else f"{place}.py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        return Projector(Snapshot.read(folder / "models.py")).project(name)

    return do
