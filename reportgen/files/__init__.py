"""Files: regular ones within bounds are read, whole ones are written, locks end with their owner."""

from reportgen.files.reading import TEXT, decoded, digest, inside, opened, read, text, walk

__all__ = ["TEXT", "decoded", "digest", "inside", "opened", "read", "text", "walk"]
