import pytest

from reportgen.claims import against
from reportgen.claims.run import Fact, RunSummary
from reportgen.errors import InputError
from tests.claims.runs import DOUBTFUL, FALSE, HOLDS, accuracy, make_run
from tests.factories import make_report

REPORT = make_report(("fc", "cnn"))


def run(**accuracies: Fact) -> RunSummary:
    return make_run(facts={f"{name}.test.accuracy": fact for name, fact in accuracies.items()})


@pytest.mark.parametrize(
    ("before", "after", "allowed", "holds", "doubtful"),
    [
        (0.631, 0.631, 0.01, True, False),
        (0.631, 0.700, 0.01, True, False),
        (0.631, 0.625, 0.01, True, False),  # within what is allowed
        (0.631, 0.590, 0.01, False, False),
        (0.631, 0.590, 0.05, True, False),
        (0.631, 0.627, 0.001, True, True),  # more than allowed, but within noise
        (0.631, 0.600, 0.0, False, False),
        (0.4, 0.39, 0.01, True, False),  # one point, which binary floating point takes for more
    ],
)
def test_a_drop_fails_if_it_is_larger_than_allowed_and_than_noise(
    before: float, after: float, allowed: float, holds: bool, doubtful: bool
) -> None:
    (verdict,) = against(run(cnn=accuracy(after)), run(cnn=accuracy(before)), REPORT, allowed=allowed)
    assert (verdict.holds, verdict.doubtful) == (holds, doubtful)
    assert (verdict.kind, verdict.of, verdict.path, verdict.line) == (
        "baseline",
        "cnn",
        "answers/report.toml",
        20,
    )
    assert f"{100 * before:.1f} %" in verdict.measured[1].text


def test_the_spread_of_seeds_is_noise() -> None:
    before = accuracy(0.63, seeds=(0.60, 0.63, 0.66))
    after = accuracy(0.60, seeds=(0.57, 0.60, 0.63))
    (verdict,) = against(run(cnn=after), run(cnn=before), REPORT)
    assert verdict.doubtful
    steady = [accuracy(mean, seeds=(mean - 0.001, mean, mean + 0.001)) for mean in (0.63, 0.60)]
    (verdict,) = against(run(cnn=steady[1]), run(cnn=steady[0]), REPORT)
    assert verdict.holds is False


def test_many_models_are_adjusted_for() -> None:
    """A drop whose p-value is 0.03 fails alone, and not among two."""
    before, after = accuracy(0.631), accuracy(0.6182)
    (alone,) = against(run(cnn=after), run(cnn=before), REPORT, allowed=0.005)
    beside = against(
        run(cnn=after, fc=accuracy(0.5)), run(cnn=before, fc=accuracy(0.5)), REPORT, allowed=0.005
    )
    assert alone.holds is False
    assert [(verdict.of, verdict.doubtful) for verdict in beside] == [("fc", False), ("cnn", True)]


def test_what_is_missing_now_is_undecided() -> None:
    (verdict,) = against(run(fc=accuracy(0.5)), run(cnn=accuracy(0.6)), REPORT)
    assert verdict.holds is None
    assert verdict.reason == "cnn.test.accuracy: not measured"
    (verdict,) = against(run(cnn=Fact(None, "diverged", "share")), run(cnn=accuracy(0.6)), REPORT)
    assert verdict.holds is None


def test_a_baseline_of_another_report_is_refused() -> None:
    with pytest.raises(InputError, match="no test accuracy or error"):
        against(run(cnn=accuracy(0.6)), run(other=accuracy(0.6)), REPORT)


def test_what_was_removed_is_told() -> None:
    facts = {"cnn.test.accuracy": accuracy(0.6)}
    before = make_run(HOLDS, DOUBTFUL, FALSE, facts=facts)
    told = against(make_run(FALSE, facts=facts), before, REPORT)[1:]
    assert [(verdict.of, verdict.doubtful) for verdict in told] == [("cnn", True), ("q7", True)]
    assert told[0].expression == "the requirement test.accuracy > 0.6 is still there"
    assert told[1].sentence == DOUBTFUL.sentence
    assert against(before, before, REPORT)[1:] == ()


def test_a_removed_model_is_told() -> None:
    before = make_run(facts={"cnn.test.accuracy": accuracy(0.6)})
    after = RunSummary("A report", before.verdicts, {}, before.facts)
    assert [verdict.expression for verdict in against(after, before, REPORT)[1:]] == [
        "the model cnn is still there"
    ]
