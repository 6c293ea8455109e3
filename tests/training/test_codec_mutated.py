"""Whatever stands where a record should is a record that facts can be made of, or one error."""

import tracemalloc
import zlib
from collections.abc import Mapping

import numpy as np
import pytest

from reportgen.report.dataset_file import Task
from reportgen.results import facts, listing
from reportgen.training import codec
from reportgen.training.record import Record
from tests.decoding.mutating import exchanged, flips, outcome
from tests.factories import CIFAR10, make_record, make_report

FILES = codec.files_of(make_record(sizes={"train": 60, "validation": 30, "test": 30}))


def use(files: Mapping[str, bytes]) -> Record:
    record = codec.read(files.__getitem__)
    codec.check_task(record, Task("classification", CIFAR10))
    report = make_report(("cnn",))
    list(listing(facts(report, {"cnn": (record,)}, {"cifar10": CIFAR10})))
    return record


def test_values_exchanged() -> None:
    made = (dict(FILES, **{codec.RECORD: each}) for each in exchanged(FILES[codec.RECORD]))
    read = [outcome(lambda files=files: use(files)) for files in made]  # type: ignore[misc]
    assert len(read) > 800
    assert any(read) and not all(read)


@pytest.mark.parametrize("name", [codec.RECORD, codec.PREDICTIONS])
def test_bytes_flipped(name: str) -> None:
    made = (dict(FILES, **{name: each}) for each in flips(FILES[name], 300))
    read = [outcome(lambda files=files: use(files)) for files in made]  # type: ignore[misc]
    assert not all(read)


def test_predictions_flipped_before_they_were_packed() -> None:
    plain = zlib.decompress(FILES[codec.PREDICTIONS])
    made = (dict(FILES, **{codec.PREDICTIONS: zlib.compress(each)}) for each in flips(plain, 400))
    read = [outcome(lambda files=files: use(files)) for files in made]  # type: ignore[misc]
    assert any(read) and not all(read)


@pytest.mark.parametrize(
    "shape", ["(10**18,)", "(1000000000000000000,)", "(-1,)", "(2**62, 4)", "()", "(" * 300 + ")" * 300]
)
def test_a_header_that_claims_too_much_fills_no_memory(shape: str) -> None:
    text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}"
    text += " " * (63 - (len(text) + 10) % 64 + 0) + "\n"
    header = np.lib.format.magic(1, 0) + len(text).to_bytes(2, "little") + text.encode()
    tracemalloc.start()
    try:
        assert outcome(lambda: use(dict(FILES, **{codec.PREDICTIONS: zlib.compress(header)}))) is None
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_class_that_the_data_do_not_have_is_refused() -> None:
    record = make_record(classes=11, confused={})
    assert outcome(lambda: codec.check_task(record, Task("classification", tuple("abcdefghijk")))) is None
    with pytest.raises(codec.StoreError, match="more than 10 classes"):
        codec.check_task(record, Task("classification", CIFAR10))
