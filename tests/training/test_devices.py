"""How processes share graphics processors, tried on made-up ones; no test here has a real one."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from reportgen.errors import TrainingError
from reportgen.report.types import Needs
from reportgen.training import devices, environment, fast, tensorflow
from reportgen.training.as_planned import check_gpu
from reportgen.training.fork import described
from tests.executors.test_local import job


class Cards:
    """Stands for ``tf.config`` on a machine with so many cards."""

    def __init__(self, count: int) -> None:
        self._visible = [f"card {index}" for index in range(count)]
        self.experimental = self

    def get_visible_devices(self, kind: str) -> list[str]:
        assert kind == "GPU"
        return self._visible

    def get_device_details(self, card: str) -> dict[str, str]:
        return {"device_name": f"NVIDIA {card}"}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a GPU, whose /dev this is."""
    monkeypatch.setattr(devices, "_DEV", tmp_path)
    monkeypatch.delenv(devices.VISIBLE, raising=False)
    return tmp_path


def has(machine: Path, *names: str) -> None:
    for name in names:
        (machine / name).touch()


@pytest.mark.parametrize(
    ("visible", "found"),
    [
        ("0", ["0"]),
        ("2,0", ["2", "0"]),
        ("GPU-1a, GPU-2b", ["GPU-1a", "GPU-2b"]),
        ("MIG-1a,MIG-GPU-2b/7/0", ["MIG-1a", "MIG-GPU-2b/7/0"]),
        ("", []),
        ("-1", []),
        ("1,-1,0", ["1"]),
        ("NoDevFiles", []),
    ],
)
def test_cards_are_those_that_the_environment_shows(
    machine: Path, monkeypatch: pytest.MonkeyPatch, visible: str, found: list[str]
) -> None:
    """The user sets it, or Ray and Slurm do for each task."""
    has(machine, "nvidia0", "nvidia1", "nvidia2")
    monkeypatch.setenv(devices.VISIBLE, visible)
    assert list(devices.visible()) == found


def test_cards_are_those_of_the_machine_where_the_environment_shows_none(machine: Path) -> None:
    assert devices.visible() == ()
    has(machine, "dxg")  # all that Windows shows of them
    assert devices.visible() == ("0",)
    has(machine, "nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm")
    assert devices.visible() == ("0", "1")


@pytest.mark.parametrize("visible", [None, "MIG-1a,MIG-2b", "GPU-1a,GPU-2b", "3,1"])
def test_each_process_has_one_card(
    machine: Path, monkeypatch: pytest.MonkeyPatch, visible: str | None
) -> None:
    """Whatever library computes in it; a third training shares one of two cards."""
    has(machine, "nvidia0", "nvidia1")
    before = visible.split(",") if visible else ["0", "1"]
    for slot, card in enumerate((*before, before[0])):
        if visible is None:
            monkeypatch.delenv(devices.VISIBLE, raising=False)
        else:
            monkeypatch.setenv(devices.VISIBLE, visible)
        devices.claim(slot)
        assert os.environ[devices.VISIBLE] == card


@pytest.mark.parametrize("visible", [None, "", "-1", "NoDevFiles", "GPU-1a"])
def test_what_leaves_no_choice_stays_as_it_is(
    machine: Path, monkeypatch: pytest.MonkeyPatch, visible: str | None
) -> None:
    has(machine, "nvidia0")
    if visible is not None:
        monkeypatch.setenv(devices.VISIBLE, visible)
    for slot in (0, 1):
        devices.claim(slot)
        assert os.environ.get(devices.VISIBLE) == visible


def test_a_worker_takes_its_card_before_a_library_can_look_for_it(tmp_path: Path) -> None:
    """Of every request, whatever it asks for: models are built and measured beside a training."""
    code = (
        "import os, sys; from reportgen.training import worker; worker._identify = lambda request, say:"
        " say(event='done', card=os.environ['CUDA_VISIBLE_DEVICES'], loaded='tensorflow' in sys.modules);"
        " worker.main()"
    )
    request = json.dumps({"task": "identify", "slot": 1})
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=request,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, devices.VISIBLE: "GPU-1a,GPU-2b"},
    )
    assert json.loads(done.stdout) == {"event": "done", "card": "GPU-2b", "loaded": False}


def test_whatever_computes_takes_no_more_memory_than_it_needs() -> None:
    assert os.environ["TF_FORCE_GPU_ALLOW_GROWTH"] == "true"


def test_a_full_card_says_what_to_do() -> None:
    full = type("ResourceExhaustedError", (Exception,), {})("OOM when allocating tensor")
    (problem,) = described(full, "training")["problems"]
    assert problem["message"] == "training failed: ResourceExhaustedError: OOM when allocating tensor"
    assert problem["remedy"].startswith("train fewer at a time (--jobs)")


def test_a_network_that_needs_a_card_is_not_trained_without_it() -> None:
    """As with a TensorFlow that was installed without CUDA, on a machine that has a card."""
    wanted = replace(job("cnn"), needs=Needs(gpus=1), lines={"needs": 7})
    with pytest.raises(TrainingError, match=r"^report\.toml:7: cnn needs 1 GPU, and TensorFlow finds no GPU"):
        check_gpu(wanted, False)
    check_gpu(wanted, True)
    check_gpu(job("cnn"), False)


def test_a_card_turns_the_fast_path_off_and_is_named_in_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensorflow.tf, "config", Cards(1))
    monkeypatch.setattr(environment, "thread_count", lambda: 1)
    assert fast.unsuited(None) == "a GPU computes"
    assert environment.sitting(1, 3).startswith("epochs 1 to 3: NVIDIA card 0, ")


def test_a_record_does_not_name_a_card_that_has_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An estimator computes without TensorFlow, and a training function with what it likes."""
    monkeypatch.setattr(tensorflow.tf, "config", Cards(1))
    assert environment._device(["numpy", "scikit-learn"]) == "CPU"
    torch: Any = SimpleNamespace(
        cuda=SimpleNamespace(is_initialized=lambda: True, get_device_name=lambda: "A2")
    )
    monkeypatch.setitem(sys.modules, "torch", torch)
    assert environment._device(["numpy", "torch"]) == "A2"
