"""Formulas are drawn as outlines, or refused with their place."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from reportgen.document.text import formulas
from reportgen.errors import InputError
from tests.kept import Kept

GOOD = [
    r"x^2",
    r"\hat p \pm z\sqrt{\frac{\hat p (1 - \hat p)}{n}}",
    r"L = -\log \frac{e^{z_k}}{\sum_{j=1}^{K} e^{z_j}}",
    r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}",
    r"f(x) = \begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}",
    r"v_{t+1} = \mu v_t - \eta \nabla L(w_t + \mu v_t)",
    r"\mathbb{R}^n, \mathcal{L}(\theta), \lVert x \rVert_2",
    r"32 \times 32",
    r"\text{accuracy} = \frac{\text{right}}{n}",
    r"\int_0^1 x \, dx \approx \tfrac{1}{2}",
]


@pytest.mark.parametrize("tex", GOOD)
def test_a_formula_is_outlines_only(tex: str) -> None:
    drawing = formulas.draw(tex, display=True)
    kinds = {part.tag.rpartition("}")[2] for part in ElementTree.fromstring(drawing.svg).iter()}
    assert "path" in kinds
    assert kinds <= {"svg", "path", "rect", "g", "line"}
    assert "href" not in drawing.svg
    assert 0.3 < drawing.height < 8
    assert drawing.width > 0.3


def test_what_hangs_below_the_baseline_is_its_depth() -> None:
    assert formulas.draw("p").depth > formulas.draw("x").depth
    assert formulas.draw("x").depth == pytest.approx(0, abs=0.1)


def test_a_sign_has_no_space_after_it() -> None:
    assert formulas.draw("x=-1").width < formulas.draw("x-1=").width


def test_sums_in_a_fraction_are_small() -> None:
    assert formulas.draw(r"\frac{1}{\sum_{i}^{n} x}", display=True).height < 3.2


def test_the_same_formula_gives_the_same_bytes_and_name() -> None:
    first = formulas.draw("x^2")
    formulas._draw.cache_clear()
    assert formulas.draw("x^2") == first
    assert formulas.name(first) == formulas.name(formulas.draw("x^2")) != formulas.name(formulas.draw("x^3"))


@pytest.mark.parametrize(
    ("tex", "why"),
    [
        (r"\frac{1", "can't be set"),
        (r"\nosuchcommand{x}", r"\\nosuchcommand is not known"),
        (r"\input{/etc/passwd}", r"\\input is not known"),
        (r"\text{<script>alert(1)</script>}", "can't be set"),
        ("{" * 300 + "}" * 300, "nested too deeply"),
        ("x" * 10_000, "the formula has 10,000 characters; 1,000 are allowed"),
        (r"\begin{nothing} x", "can't be set"),
        ("^", "can't be set"),
    ],
)
def test_what_cannot_be_set_is_refused_with_its_place(tex: str, why: str) -> None:
    with pytest.raises(InputError, match=rf"^a\.md:7: .*{why}"):
        formulas.draw(tex, path="a.md", line=7)


@pytest.mark.parametrize(
    "tex", [r"\href{javascript:x}{y}", r"\url{http://e.org}", "<svg onload=x>", "&lt;b&gt;"]
)
def test_addresses_and_tags_never_come_out(tex: str) -> None:
    try:
        svg = formulas.draw(tex).svg
    except InputError:
        return
    assert not re.search(r"javascript|http://e|onload|<b", svg)


def test_a_kept_formula_is_not_drawn_again():
    kept = Kept()
    first = formulas.draw(r"\sigma", keep=kept)
    assert len(kept) == 1
    (key,) = kept
    kept[key] = replace(first, depth=9.0).to_bytes()
    assert formulas.draw(r"\sigma", keep=kept).depth == 9
    formulas.draw(r"\sigma", display=True, keep=kept)
    formulas.draw(r"\tau", keep=kept)
    assert len(kept) == 3


def test_it_can_be_read_out_and_holds_nothing_else() -> None:
    made = formulas.draw(r"\href{http://e.org}{x} < \sqrt{n}")
    assert (
        re.sub("</?mrow>", "", made.mathml) == "<math><mi>x</mi><mo>&lt;</mo><msqrt><mi>n</mi></msqrt></math>"
    )


def test_escaped_letters_in_text_lose_their_backslash() -> None:
    assert "val_loss" in formulas.draw(r"\text{val\_loss}").mathml


def test_a_letter_that_the_font_lacks_is_named() -> None:
    with pytest.raises(InputError, match=r"no font here has '狗', '猫'"):
        formulas.draw(r"x = \text{猫 α} 狗")
