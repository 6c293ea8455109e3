import math

import numpy as np
import pytest

from reportgen.language import FactError, style_of
from reportgen.results.history import HistoryFacts
from reportgen.results.quantity_maker import Maker
from reportgen.training.record import History

FIRST = History(
    loss=(2.0, 1.0, 1.5),
    accuracy=(0.2, 0.5, 0.4),
    val_loss=(2.1, 1.2, 1.3),
    val_accuracy=(0.1, 0.4, 0.45),
    learning_rate=(0.1, 0.1, 0.01),
    seconds=(12.0, 10.0, 10.0),
)
SECOND = History((3.0, 2.0, 1.0), *(getattr(FIRST, key) for key in list(vars(FIRST))[1:]))


def facts(*histories, missing="", totals=None):
    return HistoryFacts("cnn.history", histories, Maker(style_of("en"), missing), totals or {})


def test_a_curve_has_a_first_a_last_and_a_best_value():
    history = facts(FIRST)
    assert (history.loss.first.value, history.loss.last.value, history.loss.best.value) == (2.0, 1.5, 1.0)
    assert (history.loss.best_epoch.value, history.val_accuracy.best_epoch.value) == (2, 3)
    assert history.val_accuracy.best.value == 0.45
    assert history.accuracy.last.name == "cnn.history.accuracy.last"
    assert (str(history.accuracy.last), str(history.val_loss.last)) == ("40.0\xa0%", "1.300")
    assert str(history.learning_rate.last) == "0.01"


def test_epochs_count_from_one():
    loss = facts(FIRST).loss
    assert [loss.member(epoch).value for epoch in (1, 2, 3)] == [2.0, 1.0, 1.5]
    assert loss.member(2).name == "cnn.history.loss[2]"
    for epoch in (0, 4, -1):
        with pytest.raises(FactError, match="epochs 1 to 3"):
            loss.member(epoch)


def test_several_seeds_give_the_mean_curve():
    loss = facts(FIRST, SECOND).loss
    assert loss.values.shape == (2, 3)
    assert loss.mean.tolist() == [2.5, 1.5, 1.25]
    assert (loss.best_epoch.value, loss.last.seeds) == (3, (1.5, 1.0))
    assert loss.last.spread.value == pytest.approx(0.5 / 2**0.5)


def test_nan_epochs_do_not_hide_the_best():
    lost = History((2.0, 1.0, math.nan), *(getattr(FIRST, key) for key in list(vars(FIRST))[1:]))
    loss = facts(lost).loss
    assert loss.best_epoch.value == 2
    assert loss.last.missing == "training diverged"


def test_without_results():
    loss = facts(missing="not measured").loss
    assert loss.last.missing == "not measured"
    assert loss.best_epoch.missing == "not measured"
    assert loss.member(7).missing == "not measured"
    assert np.array_equal(loss.mean, np.empty(0))


def test_accuracies_are_counts_whatever_they_were_stored_as():
    single = float(np.float32(0.7))
    first = History(*(getattr(FIRST, key) for key in vars(FIRST)))
    other = History(**{**vars(FIRST), "val_accuracy": (0.1, 0.4, single)})
    history = facts(first, other, totals={"val_accuracy": 100})
    assert single != 0.7
    assert history.val_accuracy.last == 0.575
    assert facts(other, totals={"val_accuracy": 100}).val_accuracy.best >= 0.7
    assert facts(other, totals={"val_accuracy": 3}).val_accuracy.best.exact is None
    assert facts(other, totals={"val_accuracy": 100}).loss.last.exact is None
