"""The same report gives the same bytes, wherever and by whomever it is made."""

import io
import os
import subprocess
import sys
from datetime import timedelta, timezone
from pathlib import Path

import pikepdf

from reportgen.document import pdf
from reportgen.document.assets import Assets
from tests.document.pdf.test_writing import ATTACHMENTS, METADATA, build

SCRIPT = """
import sys
from datetime import datetime, timezone
from tests.document.pdf.test_writing import build
sys.stdout.buffer.write(build())
"""


def test_same_bytes_elsewhere(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(root),
        "PYTHONHASHSEED": "77",
        "TZ": "Asia/Kolkata",
        "LC_ALL": "C",
        "HOME": str(tmp_path),
        "USER": "somebody",
    }
    made = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    assert made.stdout == build()


def test_a_moment_is_the_same_in_every_time_zone() -> None:
    html = '<html lang="en"><head><title>x</title></head><body>x</body></html>'
    there = METADATA.moment.astimezone(timezone(timedelta(hours=5, minutes=30)))
    made = [pdf.write(html, Assets({}), metadata=pdf.Metadata(moment)) for moment in (METADATA.moment, there)]
    assert made[0] == made[1]


def test_another_attachment_gives_another_identifier() -> None:
    html = '<html lang="en"><head><title>x</title></head><body>x</body></html>'
    identifiers = {
        str(pikepdf.open(io.BytesIO(pdf.write(html, Assets({}), carried, metadata=METADATA))).trailer.ID[0])
        for carried in ((), ATTACHMENTS, ATTACHMENTS[:1])
    }
    assert len(identifiers) == 3
