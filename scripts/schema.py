"""Write the JSON Schema of report.toml: python scripts/schema.py."""

from reportgen.report import json_schema


def main() -> None:
    """Write it where the package keeps it."""
    json_schema.FILE.write_text(json_schema.text(), encoding="utf-8")


if __name__ == "__main__":
    main()
