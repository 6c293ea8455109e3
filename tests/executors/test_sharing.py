"""Checkpoints are shared after epochs, in at most a tenth of the time."""

from typing import Any

import pytest

from reportgen.errors import StoreError
from reportgen.executors import sharing
from reportgen.executors.sharing import Checkpoints


class Clock:
    """A store that takes time to share, and the time."""

    def __init__(self, takes: float) -> None:
        self.now, self.takes, self.shared = 0.0, takes, list[float]()

    def monotonic(self) -> float:
        return self.now

    def share_partial(self, key: str, name: str) -> bool:
        self.now += self.takes
        self.shared.append(self.now)
        return True


def trained(
    clock: Any, monkeypatch: pytest.MonkeyPatch, epochs: int = 100, seconds: float = 1.0
) -> list[str]:
    monkeypatch.setattr(sharing, "time", clock)
    told: list[str] = []
    checkpoints = Checkpoints(clock, "a" * 64, told.append)
    for epoch in range(1, epochs + 1):
        for step in (0, 1):
            checkpoints({"phase": "training", "epoch": epoch, "step": step})
            clock.now += seconds / 2
    return told


def test_quick_sharing_happens_after_every_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(0.01)
    trained(clock, monkeypatch)
    assert len(clock.shared) == 99, "the first event of an epoch tells that the one before is complete"


@pytest.mark.parametrize("takes", [0.5, 2.0, 7.0])
def test_slow_sharing_takes_a_tenth_of_the_time_at_most(
    monkeypatch: pytest.MonkeyPatch, takes: float
) -> None:
    clock = Clock(takes)
    trained(clock, monkeypatch, epochs=1_000)
    assert 0.05 < len(clock.shared) * takes / clock.now <= 0.1 + takes / clock.now


def test_what_can_not_be_shared_does_not_stop_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away(Clock):
        def share_partial(self, key: str, name: str) -> bool:
            self.now += 60
            raise StoreError("the share is away")

    told = trained(Away(0), monkeypatch)
    assert told == ["the checkpoint could not be shared: the share is away"]
