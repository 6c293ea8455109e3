import json
import subprocess
import sys
import zlib
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import StoreError
from reportgen.training import PREDICTIONS, RECORD, files_of, read
from reportgen.training.record import SPLITS, Evaluation, Record
from tests.factories import make_record


def record() -> Record:
    return make_record()


def equal(one: Record, other: Record) -> bool:
    bare = [asdict(replace(each, evaluations={}, projection=dict(each.projection))) for each in (one, other)]
    return bare[0] == bare[1] and all(
        np.array_equal(found.labels, other.evaluations[name].labels)
        and np.array_equal(found.predicted, other.evaluations[name].predicted)
        and np.array_equal(found.confidence, other.evaluations[name].confidence)
        and (found.loss, found.metrics) == (other.evaluations[name].loss, other.evaluations[name].metrics)
        for name, found in one.evaluations.items()
    )


def test_a_record_comes_back_as_it_was() -> None:
    before = record()
    files = files_of(before)
    assert equal(read(files.__getitem__), before)
    assert files_of(read(files.__getitem__)) == files


@given(
    st.lists(
        st.tuples(st.integers(0, 255), st.integers(0, 255), st.floats(0, 1, width=16)),
        min_size=1,
        max_size=40,
    ),
    st.floats(-1e100, 1e100),
)
def test_any_predictions_come_back(rows: list[tuple[int, int, float]], loss: float) -> None:
    labels, predicted, confidence = zip(*rows, strict=True)
    evaluation = Evaluation(
        loss,
        np.array(labels, np.uint8),
        np.array(predicted, np.uint8),
        np.array(confidence, np.float16),
        {"top": 0.5},
    )
    before = replace(record(), evaluations=dict.fromkeys(SPLITS, evaluation))
    assert equal(read(files_of(before).__getitem__), before)


def test_more_classes_than_a_byte_tells_apart_come_back() -> None:
    labels = np.array([0, 255, 256, 499], np.uint16)
    evaluation = Evaluation(0.1, labels, labels[::-1].copy(), np.empty(0, np.float16), {})
    before = replace(record(), evaluations=dict.fromkeys(SPLITS, evaluation))
    found = read(files_of(before).__getitem__).evaluations["test"]
    assert found.labels.dtype == found.predicted.dtype == np.uint16
    assert found.labels.tolist() == [0, 255, 256, 499]


def test_predictions_are_compact() -> None:
    files, images = files_of(record()), sum(len(e.labels) for e in record().evaluations.values())
    assert len(files[PREDICTIONS]) < 4 * images


@pytest.mark.parametrize("name", [RECORD, PREDICTIONS])
@pytest.mark.parametrize("spoil", [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b"\0" + b])
def test_damage_is_a_store_error(name: str, spoil: object) -> None:
    files = files_of(record())
    files[name] = spoil(files[name])  # type: ignore[operator]
    with pytest.raises(StoreError):
        read(files.__getitem__)


def test_pickles_are_not_read() -> None:
    files = files_of(record())
    with pytest.MonkeyPatch.context():
        import io

        stream = io.BytesIO()
        np.lib.format.write_array(stream, np.array([{}], object), allow_pickle=True)
        files[PREDICTIONS] = zlib.compress(stream.getvalue())
    with pytest.raises(StoreError):
        read(files.__getitem__)


def test_another_format_is_told() -> None:
    files = files_of(record())
    values = json.loads(files[RECORD])
    files[RECORD] = json.dumps(values | {"format": 99}).encode()
    with pytest.raises(StoreError, match="another version"):
        read(files.__getitem__)


def test_reading_needs_no_tensorflow() -> None:
    code = "import sys, reportgen.training; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
