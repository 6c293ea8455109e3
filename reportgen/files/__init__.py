"""Files: regular ones within bounds are read, whole ones are written, locks end with their owner."""

from reportgen.files.reading import TEXT, digest, inside, opened, read, text, walk

__all__ = ["TEXT", "digest", "inside", "opened", "read", "text", "walk"]
