"""Read regular files of bounded size, write files atomically, and lock between processes."""

from reportgen.files.reading import TEXT, decoded, digest, inside, opened, read, text, walk

__all__ = ["TEXT", "decoded", "digest", "inside", "opened", "read", "text", "walk"]
