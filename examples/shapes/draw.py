"""Draw answers/images/: a folder of noisy bars, one of crosses and one of rings, always the same."""

import math
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

IMAGES = Path(__file__).parent / "answers/images"
SHAPES = ("bar", "cross", "ring")
EACH, SIDE, NOISE = 120, 24, 20


def drawn(shape: str, random: np.random.Generator) -> Image.Image:
    """Return a shape of any size, place and turn."""
    radius, turn = random.uniform(4, 8), random.uniform(0, math.pi)
    x, y = random.uniform(radius, SIDE - radius, 2)
    image = Image.new("L", (SIDE, SIDE), int(random.uniform(20, 90)))
    pen, shade = ImageDraw.Draw(image), int(random.uniform(150, 230))
    if shape == "ring":
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=shade, width=2)
    for angle in {"bar": (turn,), "cross": (turn, turn + math.pi / 2)}.get(shape, ()):
        across, down = radius * math.cos(angle), radius * math.sin(angle)
        pen.line((x - across, y - down, x + across, y + down), fill=shade, width=2)
    noisy = np.asarray(image) + random.normal(0, NOISE, (SIDE, SIDE))
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def main() -> None:
    """Draw all images."""
    random = np.random.default_rng(0)
    for shape in SHAPES:
        (IMAGES / shape).mkdir(parents=True, exist_ok=True)
        for number in range(EACH):
            drawn(shape, random).save(IMAGES / shape / f"{number:03d}.png")


if __name__ == "__main__":
    main()
