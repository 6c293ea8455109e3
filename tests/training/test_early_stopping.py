"""Training ends where the validation loss no longer falls, and keeps the weights of the best epoch."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reportgen.datasets.types import Split
from reportgen.errors import InputError
from reportgen.report.training_parameters import Component
from reportgen.training.identify import identify
from reportgen.training.job import Job, Progress
from reportgen.training.progression import at_chance, kept_epoch
from reportgen.training.record import History
from reportgen.training.train import train
from tests.training.jobs import RESTLESS, digits, job

# Fast enough to overfit within some epochs.
ADAM = Component("Adam")


def asked(patience: int | None, epochs: int = 40, **changes: object) -> Job:
    wanted = {"optimizer": ADAM, "learning_rate": 0.02, "early_stopping": patience, **changes}
    return job("dense", epochs=epochs, **wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize("fast", [True, False])
def test_it_ends_and_keeps_the_best(tmp_path: Path, fast: bool) -> None:
    record = train(asked(3, fast=fast), digits(), tmp_path).record
    losses = record.history.val_loss
    best = kept_epoch(losses)
    assert best == int(np.argmin(losses))
    assert len(losses) == best + 1 + 3 < 40
    measured = record.evaluations["validation"]
    assert measured.loss == pytest.approx(losses[best], rel=1e-4)
    assert measured.accuracy == record.history.val_accuracy[best]


def test_a_subset_is_spread_over_the_training_items(tmp_path: Path) -> None:
    record = train(asked(None, 1, subset=50), digits(), tmp_path).record
    whole = digits().split(100)
    chosen = np.linspace(0, len(whole["train"].labels) - 1, 50).astype(int)
    np.testing.assert_array_equal(record.evaluations["train"].labels, whole["train"].labels[chosen])
    assert len(record.evaluations["validation"].labels) == 50
    np.testing.assert_array_equal(record.evaluations["test"].labels, whole["test"].labels)


def test_its_curves_are_those_of_a_training_that_does_not_end(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    early = train(asked(3), digits(), tmp_path / "a").record.history
    whole = train(asked(None, len(early)), digits(), tmp_path / "b").record.history
    assert early.loss == whole.loss
    assert early.val_loss == whole.val_loss


def test_all_epochs_are_trained_where_it_never_ends(tmp_path: Path) -> None:
    record = train(asked(50, 4), digits(), tmp_path).record
    assert len(record.history) == 4
    best = kept_epoch(record.history.val_loss)
    assert record.evaluations["validation"].loss == pytest.approx(record.history.val_loss[best], rel=1e-4)


class Stop(BaseException):
    pass


def test_an_interrupted_training_ends_with_the_same_bits(tmp_path: Path) -> None:
    wanted = job("everything", early_stopping=2, **{**RESTLESS, "epochs": 12, "learning_rate": 0.3})
    (tmp_path / "whole").mkdir()
    (tmp_path / "broken").mkdir()
    whole = train(wanted, digits(), tmp_path / "whole")

    def stop(progress: Progress) -> None:
        if progress.phase == "training" and progress.epoch == 3:
            raise Stop

    with pytest.raises(Stop):
        train(wanted, digits(), tmp_path / "broken", stop)
    again = train(wanted, digits(), tmp_path / "broken")
    assert again.weights == whole.weights
    assert again.record.history.val_loss == whole.record.history.val_loss


def test_an_ended_training_that_was_interrupted_at_its_end_trains_no_more(tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.phase == "evaluating":
            raise Stop

    with pytest.raises(Stop):
        train(asked(3), digits(), tmp_path, stop)
    epochs: list[int] = []

    def note(progress: Progress) -> None:
        if progress.phase == "training":
            epochs.append(progress.epoch)

    record = train(asked(3), digits(), tmp_path, note).record
    assert epochs == []
    best = kept_epoch(record.history.val_loss)
    assert record.evaluations["validation"].loss == pytest.approx(record.history.val_loss[best], rel=1e-4)


def test_averaged_weights_are_refused() -> None:
    averaged = Component("Adam", {"use_ema": True})
    with pytest.raises(InputError, match="early_stopping keeps the weights of one epoch, and use_ema"):
        identify(asked(3, optimizer=averaged), digits(), rehearse=True)


@pytest.mark.parametrize(
    ("accuracy", "held", "told"),
    [
        ((0.2, 0.9), (0.1, 0.11), "training accuracy reaches 90%, but validation stays at chance (11%)"),
        ((0.2, 0.9), (0.1, 0.6), ""),
        ((0.1, 0.15), (0.1, 0.1), ""),
        ((), (), ""),
    ],
)
def test_validation_at_chance_is_noticed(
    accuracy: tuple[float, ...], held: tuple[float, ...], told: str
) -> None:
    history = History((1.0,), accuracy, (1.0,), held, (0.1,), (1.0,))
    assert at_chance(history, 10).startswith(told)
    assert bool(at_chance(history, 10)) == bool(told)


def test_it_is_told_while_training(tmp_path: Path) -> None:
    notes: list[str] = []

    def observe(progress: Progress) -> None:
        notes.append(progress.note)

    data = digits()
    cut = len(data.train.labels) - 100
    labels = data.train.labels.copy()
    labels[cut:] = (labels[cut:] + 1) % 10  # what is held out is labelled wrongly
    train(asked(None, 4), replace(data, train=Split(data.train.inputs, labels)), tmp_path, observe)
    assert any("validation stays at chance" in note for note in notes)
