"""The executors that the contract is tried on, each with a worker that trains nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reportgen.executors.engine import Engine
from reportgen.executors.local import Local
from reportgen.executors.seam import Executor
from reportgen.store import Store

FAKE = "tests.executors.fake_worker"
ROOT = Path(__file__).parent.parent.parent


@contextmanager
def local(store: Store, root: Path) -> Iterator[Executor]:
    executor = Local(store, root, 2, FAKE)
    try:
        yield executor
    finally:
        executor.close()


@contextmanager
def made_up(store: Store, root: Path) -> Iterator[Executor]:
    with _engine("the made-up engine", "tests.executors.fake_engine", store) as engine:
        yield engine


@contextmanager
def _engine(name: str, module: str, store: Store, **options: object) -> Iterator[Executor]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))  # the workers run in other folders
        engine = Engine(name, module, {"store": store.url, "module": FAKE, **options}, lambda _: None)
        try:
            yield engine
        finally:
            engine.close()


ENGINES = {"local": local, "made_up": made_up}
