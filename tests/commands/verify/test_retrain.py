import pytest

from reportgen.commands.verify.retrain import Replication


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ((0.90, 0.90, 1.0), 0),
        ((0.90, 0.895, 0.97, 0.2), 0),  # another machine
        ((0.90, 0.895, 0.97, 0.2, True, True), 2),  # the same machine predicts the same
        ((1.00, 0.886, 0.886, 1e-9), 1),
        ((0.90, 0.86, 0.9, 0.3), 0),  # on a few images only
        ((0.90, 0.90, 1.0, 1.0, False), 1),
    ],
)
def test_what_is_no_replication_does_not_pass_as_one(values, status):
    found = Replication("cnn", 1, *values)
    assert found.exit_status == status
    assert bool(found.difference) == (status == 1)
    assert bool(found.doubt) == (status == 2)
