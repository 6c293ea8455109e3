"""Check names in a store: none may leave its folder."""

import re
from hashlib import sha256
from urllib.parse import quote

KEY = "[0-9a-f]{64}"
_KEY = re.compile(KEY)
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_KIND = re.compile(r"[a-z][a-z0-9_-]{0,31}")
MANIFEST = "manifest.json"


def is_key(text: str) -> bool:
    """Tell whether a text is a SHA-256 in lower-case hex."""
    return _KEY.fullmatch(text) is not None


def check_key(key: str) -> str:
    """Return `key`, which must be a SHA-256 in lower-case hex."""
    if not is_key(key):
        raise ValueError(f"not a key: {key!r}")
    return key


def check_file(name: str) -> str:
    """Return `name`, which must be a plain file name of a result (letters, digits, ``._-``)."""
    if not _FILE.fullmatch(name) or name == MANIFEST:
        raise ValueError(f"not a file name of a result: {name!r}")
    return name


def check_kind(kind: str) -> str:
    """Return `kind`, which must be a short lower-case word."""
    if not _KIND.fullmatch(kind):
        raise ValueError(f"not a kind: {kind!r}")
    return kind


def shelf(key: str) -> str:
    """Return the place of a key below its folder: ``ab/abcd…``."""
    return f"{check_key(key)[:2]}/{key}"


def escaped(name: str) -> str:
    """Return any text as a file name, which `unquote` turns back; overlong text is shortened for good."""
    if not name:
        raise ValueError("a record needs a name")
    text = quote(name, safe="")
    if text.startswith("."):
        text = "%2E" + text[1:]
    return text if len(text) <= 200 else f"{text[:100]}-{sha256(name.encode()).hexdigest()}"
