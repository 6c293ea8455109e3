"""Draw a network: every tensor as a block, from left to right, row after row."""

from collections.abc import Sequence

from reportgen.errors import RenderError
from reportgen.figures import style
from reportgen.figures.arrangement import (
    ARC,
    LINE,
    NARROWEST_GAP,
    WIDEST_LABEL,
    Arrangement,
    Placed,
    arrange,
    label_of,
)
from reportgen.figures.canvas import Canvas
from reportgen.figures.figure import Figure
from reportgen.figures.network import Block, Network, network
from reportgen.figures.shown_model import ShownModel
from reportgen.figures.style import PLAIN, Look
from reportgen.figures.svg import Part, columns, finish
from reportgen.figures.words import Words, words

_TINTED = ("#c6d9ec", "#9dbcdb")  # front, and the sides in shade
_BLANK = ("#f4f4f4", "#dcdcdc")
_AIR = 2.0  # points between a block and an arrow
_FEW = 4  # blocks of a row that a narrow screen has room for
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def architecture(model: ShownModel, look: Look = PLAIN) -> Figure:
    """Return a drawing of the built model, wired as its configuration says.

    An image tensor is a block as high as its side and as wide as the logarithm of its channels; a
    vector is a bar as high as the logarithm of its length. Layers that keep the shape stand with the one
    that made it; blocks whose layers have weights are tinted.
    """
    if not model.first.network:
        raise RenderError(f"{model.title} is no network that could be drawn")
    say = words(look.language, look.pictures, look.items)
    net = network(model.first, say)
    plan = arrange(net, say, look)
    canvas = Canvas(look, plan.height)
    for placed in plan.blocks:
        _draw_block(canvas, placed)
        _write_label(canvas, placed, plan.labels[placed.row], say)
    for start, end in sorted(net.connections):
        if end - start == 1:
            _draw_step(canvas, plan.blocks[start], plan.blocks[end])
    _draw_skips(canvas, net, plan)
    total = say.counted(say.parameters, model.first.architecture.total)
    steps = [_step(block, say) for block in net.blocks]
    alt = say.alt_architecture.format(title=model.title, parameters=total, steps="; ".join(steps))
    caption = say.caption_architecture.format(title=model.title, parameters=total)
    for start, end in net.skips:
        source, target = net.blocks[start].layers[-1].name, net.blocks[end].layers[0].name
        alt = f"{alt} {say.alt_skip.format(source=source, target=target)}"
    across = [plan.blocks[start].row != plan.blocks[end].row for start, end in net.skips]
    if net.branches and any(across):
        caption = f"{caption} {say.caption_branches}"
    if net.skips and not (net.branches and all(across)):
        caption = f"{caption} {say.caption_skips}"
    return Figure(
        finish(canvas.render(), alt, look, parts=_parts(plan, canvas.width)), alt, caption, (model.first.key,)
    )


def _step(block: Block, say: Words) -> str:
    """Return the layers of a block in words, with the shape that they give; a text has none."""
    layers = ", ".join(block.lines)
    return say.alt_step.format(layers=layers, shape=block.shape) if block.shape else layers


def _parts(plan: Arrangement, width: float) -> list[Part]:
    """Return the rows, each cut in two between its middle blocks."""
    found: list[Part] = []
    bottom = 0.0
    for number, labels in enumerate(plan.labels):
        row = [placed for placed in plan.blocks if placed.row == number]
        top, bottom = bottom, labels + LINE * (max(placed.measures.lines for placed in row) + 0.5)
        half = len(row) // 2
        cuts = [(row[half - 1].right + row[half].far_left) / 2] if len(row) > _FEW else []
        found += [(left, top, wide, bottom - top) for left, _, wide, _ in columns(width, bottom, *cuts)]
    return found


def _draw_block(canvas: Canvas, placed: Placed) -> None:
    front, shade = _TINTED if placed.block.parameters else _BLANK
    x, y, size = placed.left, placed.top, placed.measures
    wide, high, back = size.width, size.height, size.back
    if back:
        canvas.path(
            f"M{x:.2f} {y:.2f}l{back:.2f} {-back:.2f}h{wide:.2f}v{high:.2f}l{-back:.2f} {back:.2f}V{y:.2f}z"
            f"m{wide:.2f} 0l{back:.2f} {-back:.2f}",
            fill=shade,
            stroke=style.INK,
            stroke_width=0.5,
        )
    canvas.rect(x, y, wide, high, fill=front, stroke=style.INK, stroke_width=0.5)


def _write_label(canvas: Canvas, placed: Placed, y: float, say: Words) -> None:
    for number, text in enumerate(label_of(placed.block, say)):
        shown = style.shortened(text, WIDEST_LABEL, style.SMALL, canvas.look.family)
        ink = style.INK if number < len(placed.block.lines) else style.MUTED
        canvas.text(placed.centre, y + LINE * (number + 1), shown, anchor="middle", fill=ink)


def _draw_step(canvas: Canvas, source: Placed, target: Placed) -> None:
    """Draw an arrow between neighbours; from one row to the next, one that leaves and one that arrives."""
    start = source.left + source.measures.width + source.measures.back / 2 + _AIR
    end = target.left - _AIR
    if source.row == target.row:
        _arrow(canvas, [(start, target.middle), (end, target.middle)])
    else:
        out = start + source.measures.back / 2
        _arrow(canvas, [(out, source.middle), (min(out + NARROWEST_GAP, canvas.width), source.middle)])
        _arrow(canvas, [(max(end - NARROWEST_GAP, 0), target.middle), (end, target.middle)])


def _draw_skips(canvas: Canvas, net: Network, plan: Arrangement) -> None:
    """Draw a bow over the blocks that a connection skips; where it crosses rows, its ends with one letter.

    What arrives at one block has the same letter.
    """
    letters: dict[int, str] = {}
    for start, end in net.skips:
        source, target = plan.blocks[start], plan.blocks[end]
        if source.row == target.row:
            peak = min(placed.crown for placed in plan.blocks[start : end + 1]) - ARC / 2
            _bow(canvas, source, target, peak)
            continue
        ends = ((source, False), (target, True))[: 1 if end in letters else 2]
        letter = letters.setdefault(end, _LETTERS[len(letters) % len(_LETTERS)])
        for placed, arrives in ends:
            near, far = placed.crown - _AIR, placed.crown - _AIR - 9
            if arrives:
                _arrow(canvas, [(placed.centre, far), (placed.centre, near)])
            else:
                canvas.line([(placed.centre, near), (placed.centre, far)])
            canvas.text(placed.centre, far - 2, letter, anchor="middle")


def _bow(canvas: Canvas, source: Placed, target: Placed, peak: float) -> None:
    bend = min(10.0, (target.centre - source.centre) / 2)
    canvas.path(
        f"M{source.centre:.2f} {source.crown - _AIR:.2f}"
        f"V{peak + bend:.2f}q0 {-bend:.2f} {bend:.2f} {-bend:.2f}"
        f"H{target.centre - bend:.2f}q{bend:.2f} 0 {bend:.2f} {bend:.2f}",
        fill="none",
        stroke=style.MUTED,
        stroke_width=0.6,
    )
    _arrow(canvas, [(target.centre, peak + bend), (target.centre, target.crown - _AIR)])


def _arrow(canvas: Canvas, points: Sequence[tuple[float, float]]) -> None:
    """Draw a line with a head at its end, which points right or down."""
    (start_x, start_y), (x, y) = points
    canvas.line([(start_x, start_y), (x, y - 2) if start_x == x else (x - 2, y)])
    canvas.path(f"M{x:.2f} {y:.2f}{'l-1.7 -4h3.4z' if start_x == x else 'l-4 -1.7v3.4z'}", fill=style.MUTED)
