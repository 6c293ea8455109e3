"""Write answers/phrases.csv: what reportgen's own pages say, in five languages, one phrase a row."""

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import reportgen

LOCALES = Path(reportgen.__file__).parent / "locales"
ANSWERS = Path(__file__).parent / "answers"
LANGUAGES = ("German", "English", "Spanish", "French", "Swedish")
WORDS = 2  # of a phrase


def phrases(table: Mapping[str, Any], name: str = "") -> Iterator[tuple[str, str]]:
    """Yield names and texts of a locale, cut to a few words without marks."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from phrases(value, f"{name}{key}.")
        elif isinstance(value, str):
            words = re.findall(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", re.sub(r"\{.*?\}", "", value))
            if len(words) > 1:
                yield name + key, " ".join(words[:WORDS])


def main() -> None:
    """Write the messages that all languages have."""
    tables = [LOCALES / f"{tag}.toml" for tag in ("de", "en", "es", "fr", "sv")]
    said = [dict(phrases(tomllib.loads(path.read_text(encoding="utf-8")))) for path in tables]
    names = sorted(set.intersection(*map(set, said)))
    with (ANSWERS / "phrases.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["message", "phrase", "language"])
        for number, name in enumerate(names, 1):
            writer.writerows((number, each[name], tag) for each, tag in zip(said, LANGUAGES, strict=True))


if __name__ == "__main__":
    main()
