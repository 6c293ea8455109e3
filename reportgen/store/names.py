"""Check names in a store: none may lead out of its folder."""

import os
import re
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote

KEY = "[0-9a-f]{64}"
_KEY = re.compile(KEY)
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_KIND = re.compile(r"[a-z][a-z0-9_-]{0,31}")
MANIFEST = "manifest.json"
PARTIAL = "partial"
"""The folder for what is unfinished, by key."""
ATTEMPT = "attempt-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{16}"
_ATTEMPT = re.compile(ATTEMPT)
_TIME = "attempt-%Y%m%dT%H%M%SZ"


def is_key(text: str) -> bool:
    """Tell whether a text is a SHA-256 in lower-case hex."""
    return _KEY.fullmatch(text) is not None


def check_key(key: str) -> str:
    """Return `key`, which must be a SHA-256 in lower-case hex."""
    if not is_key(key):
        raise ValueError(f"not a key: {key!r}")
    return key


def is_file(name: str) -> bool:
    """Tell whether a text is a plain file name of a result."""
    return _FILE.fullmatch(name) is not None and name != MANIFEST


def check_file(name: str) -> str:
    """Return `name`, which must be a plain file name of a result (letters, digits, ``._-``)."""
    if not is_file(name):
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


def new_attempt() -> str:
    """Return a name that no other attempt has, which tells when it began."""
    return f"{datetime.now(UTC).strftime(_TIME)}-{os.urandom(8).hex()}"


def began(name: str) -> datetime | None:
    """Return when the attempt of this name began; None where it is not the name of one."""
    if not _ATTEMPT.fullmatch(name):
        return None
    try:
        return datetime.strptime(name.rpartition("-")[0], _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None


def escaped(name: str) -> str:
    """Return any text as a file name, which `unquote` turns back; overlong text is shortened for good."""
    if not name:
        raise ValueError("a record needs a name")
    text = quote(name, safe="")
    if text.startswith("."):
        text = "%2E" + text[1:]
    return text if len(text) <= 200 else f"{text[:100]}-{sha256(name.encode()).hexdigest()}"
