import pytest

from reportgen.plan.source.diff import change


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("A = 1", "A = 2", ("A = 1", "A = 2")),
        (
            "def f(x):\n    y = g(x)\n    return layers.Dropout(0.2)(x)",
            "def f(x):\n    y = g(x)\n    return layers.Dropout(0.3)(x)",
            ("layers.Dropout(0.2)", "layers.Dropout(0.3)"),
        ),
        (
            "def f(x, rate=1):\n    return x",
            "def f(x, rate=2):\n    return x",
            ("def f(x, rate=1):", "def f(x, rate=2):"),
        ),
        ("f(rate=1, other=2)", "f(rate=3, other=2)", ("rate=1", "rate=3")),
        ("def f():\n    a()\n    b()", "def f():\n    a()", ("b()", "")),
        ("def f():\n    a = 1\n    b = 2", "def f():\n    a = 3\n    b = 4", ("a = 1", "a = 3")),
        ("not (python", "at all", ("not (python", "at all")),
    ],
)
def test_the_smallest_telling_part(old: str, new: str, told: tuple[str, str]) -> None:
    assert change(old, new) == told


def test_it_fits_on_a_line() -> None:
    old, new = change(f"x = [{'1, ' * 90}]", f"x = [{'2, ' * 90}]")
    assert len(old) <= 60 and len(new) <= 60 and old.endswith("…")
