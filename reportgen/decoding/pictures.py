"""Decode images completely: a truncated one is an error, whatever other libraries set in Pillow."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def strictly() -> Iterator[None]:
    """Have Pillow refuse pictures that are cut off; WeasyPrint lets it fill them with grey."""
    from PIL import ImageFile

    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
