"""Large data are held once: what is decoded becomes a tensor without a copy."""

import io

import numpy as np
import pytest

from reportgen.datasets.inputs import ready
from reportgen.datasets.types import Split
from reportgen.decoding.arrays import read_arrays
from reportgen.training import resident


def decoded(values: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    stream = io.BytesIO()
    np.savez(stream, x=values)
    return read_arrays(stream, lambda name: name == "x", 1 << 20)["x"]


@pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64, np.int32])
@pytest.mark.parametrize("large", [0, 1 << 26])
def test_a_large_array_is_the_tensor_s_memory(
    kind: type, large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resident, "_LARGE", large)
    values = decoded(np.arange(600).reshape(20, 5, 6).astype(kind))
    cut = values[:15]
    tensor = resident.resident(cut)
    np.testing.assert_array_equal(tensor.numpy(), cut)
    before = int(tensor[0, 0, 0])
    values[0, 0, 0] = before + 1
    shared = int(tensor[0, 0, 0]) == before + 1
    assert shared == (not large and kind is not np.int32)


def test_what_must_not_change_or_does_not_begin_where_tensors_do_is_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resident, "_LARGE", 0)
    values = decoded(np.arange(600, dtype=np.uint8).reshape(-1, 1))
    for given in (values[1:], np.frombuffer(values.tobytes(), np.uint8).reshape(-1, 1)):
        np.testing.assert_array_equal(resident.resident(given).numpy(), given)


def test_several_inputs_of_a_split_are_each_a_tensor_s_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resident, "_LARGE", 0)
    parts = {name: decoded(np.arange(40.0).reshape(20, 2) + start) for name, start in (("a", 0), ("b", 100))}
    split = Split(ready(parts, parts)[0][:15], np.zeros(15, np.uint8))
    tensors = resident.resident(split.given)
    for name, values in parts.items():
        values[0] = -1
        assert tensors[name][0].numpy().tolist() == [-1, -1]
    assert resident.taken(tensors, [2])["b"].numpy().tolist() == [[104, 105]]
