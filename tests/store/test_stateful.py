"""The store against the simplest model of it: dictionaries."""

import os
import shutil
import tempfile
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from reportgen.store import DamagedError, Store
from tests.store.conftest import key

KEYS = st.sampled_from([key(name) for name in "abcd"])
FILES = st.dictionaries(
    st.sampled_from(["weights.bin", "record.json", "_x-1.2"]), st.binary(max_size=40), max_size=3
)


class StoreMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.unsynced = mock.patch.object(os, "fsync")  # no power cut here
        self.unsynced.start()
        self.store = Store.open(self.folder / "store", tell=lambda _: None)
        self.results: dict[str, dict[str, bytes]] = {}
        self.links: dict[str, str] = {}
        self.notes: dict[str, bytes] = {}
        self.unfinished: set[str] = set()

    def teardown(self) -> None:
        self.unsynced.stop()
        shutil.rmtree(self.folder)

    @rule(key=KEYS, files=FILES)
    def publish(self, key: str, files: dict[str, bytes]) -> None:
        self.store.publish(key, files)
        self.results.setdefault(key, files)
        self.unfinished.discard(key)

    @rule(key=KEYS)
    def begin(self, key: str) -> None:
        (self.store.partial(key) / "epoch").write_bytes(b"1")
        self.unfinished.add(key)

    @rule(source=KEYS, key=KEYS)
    def link(self, source: str, key: str) -> None:
        self.store.link(source, key)
        self.links[source] = key

    @rule(name=st.text(min_size=1, max_size=5), data=st.binary(max_size=10))
    def note(self, name: str, data: bytes) -> None:
        self.store.note("models", name, data)
        self.notes[name] = data

    @rule(key=KEYS, position=st.integers(0, 100))
    def damage(self, key: str, position: int) -> None:
        files = [
            path
            for path in (self.folder / "store" / "results" / key[:2] / key).glob("*")
            if path.stat().st_size
        ]
        if not files:
            return
        path = files[position % len(files)]
        data = bytearray(path.read_bytes())
        data[position % len(data)] ^= 1 << (position % 8)
        path.write_bytes(data)
        stored = self.store.get(key)
        if stored is not None:
            with pytest.raises(DamagedError):
                for name in stored.names:
                    stored.read(name)
        del self.results[key]

    @rule(keep=st.sets(KEYS))
    def prune(self, keep: set[str]) -> None:
        pruned = self.store.prune(keep)
        assert set(pruned.keys) == set(self.results) - keep
        self.links = {
            source: key for source, key in self.links.items() if key not in set(self.results) - keep
        }
        self.results = {key: files for key, files in self.results.items() if key in keep}
        self.unfinished &= keep

    @rule()
    def reopen(self) -> None:
        self.store = Store.open(self.folder / "store", tell=lambda _: None)

    @rule(keys=st.sets(KEYS))
    def carry(self, keys: set[str]) -> None:
        other = Store.open(self.folder / "other", tell=lambda _: None)
        self.store.export(self.folder / "archive.zip", keys)
        other.import_(self.folder / "archive.zip")
        assert {entry.key for entry in other.list()} == keys & set(self.results)
        shutil.rmtree(self.folder / "other", ignore_errors=True)

    @invariant()
    def it_holds_what_the_model_holds(self) -> None:
        assert {entry.key for entry in self.store.list()} == set(self.results)
        for name, files in self.results.items():
            stored = self.store.get(name)
            assert stored is not None
            assert {file: stored.read(file) for file in stored.names} == files
        for name in "abcd":
            assert self.store.resolve(key(name)) == self.links.get(key(name))
        assert {name: self.store.noted("models", name) for name in self.store.notes("models")} == self.notes
        folder = self.folder / "store" / "partial"
        assert {path.name for path in folder.glob("*")} == self.unfinished


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)
