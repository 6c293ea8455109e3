"""Run as ``reportgen`` or ``python -m reportgen``; refuse unsupported platforms before importing anything."""

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line."""
    if os.name == "nt":
        sys.stderr.write("error: reportgen does not run on Windows (run it in WSL: wsl --install)\n")
        sys.exit(2)
    from reportgen.cli import main

    main()


if __name__ == "__main__":
    main()
