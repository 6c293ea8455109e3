"""How processes share graphics processors, tried on made-up ones; no test here has a real one."""

import os
from typing import Any

import pytest

from reportgen.executors import machine
from reportgen.training import devices, environment, fast, tensorflow
from reportgen.training.fork import described


class Cards:
    """Stands for ``tf.config`` on a machine with so many cards."""

    def __init__(self, count: int, *, busy: bool = False) -> None:
        self.visible: Any = [f"card {index}" for index in range(count)]
        self._busy = busy
        self.experimental = self

    def get_visible_devices(self, kind: str) -> Any:
        assert kind == "GPU"
        return self.visible

    def set_visible_devices(self, card: str, kind: str) -> None:
        if self._busy:
            raise RuntimeError("Visible devices cannot be modified after being initialized")
        self.visible = [card]


@pytest.mark.parametrize(("slot", "card"), [(0, "card 0"), (1, "card 1"), (2, "card 0")])
def test_each_training_has_one_card(monkeypatch: pytest.MonkeyPatch, slot: int, card: str) -> None:
    cards = Cards(2)
    monkeypatch.setattr(devices.tf, "config", cards)
    devices.claim(slot)
    assert cards.visible == [card]


def test_whatever_computes_takes_no_more_memory_than_it_needs() -> None:
    """Not only a training: models are built and measured beside it by other processes."""
    assert devices.tf is tensorflow.tf
    assert os.environ["TF_FORCE_GPU_ALLOW_GROWTH"] == "true"


def test_two_trainings_share_the_only_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with --jobs 2: each takes as much of its memory as it needs, and a full one says what to do."""
    for slot in (0, 1):
        cards = Cards(1)
        monkeypatch.setattr(devices.tf, "config", cards)
        devices.claim(slot)
        assert cards.visible == ["card 0"]
    full = type("ResourceExhaustedError", (Exception,), {})("OOM when allocating tensor")
    (problem,) = described(full, "training")["problems"]
    assert problem["message"] == "training failed: ResourceExhaustedError: OOM when allocating tensor"
    assert problem["remedy"].startswith("train fewer at a time (--jobs)")


@pytest.mark.parametrize("cards", [Cards(0), Cards(2, busy=True)])
def test_without_a_card_to_claim_nothing_happens(monkeypatch: pytest.MonkeyPatch, cards: Cards) -> None:
    before = list(cards.visible)
    monkeypatch.setattr(devices.tf, "config", cards)
    devices.claim(0)
    assert cards.visible == before


@pytest.mark.parametrize(
    ("visible", "count"),
    [("0", 1), ("0,1", 2), ("GPU-1a, GPU-2b", 2), ("", 0), ("-1", 0), ("1,-1,0", 1), ("NoDevFiles", 0)],
)
def test_cards_are_those_that_the_environment_shows(
    monkeypatch: pytest.MonkeyPatch, visible: str, count: int
) -> None:
    """Ray and Slurm set it for each task."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert machine.gpus() == count


def test_a_card_turns_the_fast_path_off_and_is_named_in_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    cards = Cards(1)
    cards.get_device_details = lambda card: {"device_name": f"NVIDIA {card}"}  # type: ignore[attr-defined]
    monkeypatch.setattr(devices.tf, "config", cards)
    monkeypatch.setattr(environment, "thread_count", lambda: 1)
    assert fast.unsuited(None) == "a GPU computes"
    assert environment.sitting(1, 3).startswith("epochs 1 to 3: NVIDIA card 0, ")
