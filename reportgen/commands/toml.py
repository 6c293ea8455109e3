"""Write values as TOML."""

import json


def written(value: object) -> str:
    """Return a text, a number, or a list of these as it stands in a TOML file."""
    # TOML's strings are JSON's, but for DEL, which must be escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
