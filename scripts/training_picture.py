"""Make docs/preview/training.png, the preview's panel while two machines train.

It needs root on Linux and Chromium, and takes a minute.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.preview.browser import Browser  # noqa: E402

PICTURE = ROOT / "docs/preview/training.png"
ROWS = "[...document.querySelectorAll('#training .running tbody tr')].map(row => row.innerText)"
COLOURS = 96
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
PATIENCE = 600.0  # seconds for each thing to appear, on a machine that has other work


def on(machine: str, folder: Path, *command: str) -> "subprocess.Popen[str]":
    """Start a command of reportgen on a machine that has another name."""
    return subprocess.Popen(
        (
            "unshare",
            "--uts",
            "sh",
            "-c",
            f'hostname {machine} && exec "$0" -m reportgen "$@"',
            sys.executable,
            *command,
        ),
        cwd=folder,
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
        text=True,
    )


def main() -> None:
    """Train one seed in the preview and another one elsewhere, and take the picture."""
    with tempfile.TemporaryDirectory() as name:
        here, there, share = Path(name, "here"), Path(name, "there"), Path(name, "share").as_uri()
        subprocess.run((sys.executable, "-m", "reportgen", "new", str(here)), cwd=ROOT, check=True)
        path = here / "answers/report.toml"
        text = path.read_text(encoding="utf-8").replace("epochs = 12", "epochs = 400")
        path.write_text(text.replace("# seeds = [1, 2, 3]", "seeds = [1, 2]"), encoding="utf-8")
        # The preview builds no model, and knows another machine's training by what its model is.
        subprocess.run((sys.executable, "-m", "reportgen", "status"), cwd=here, env=ENVIRONMENT, check=False)
        shutil.copytree(here, there)
        other = on("lab-pc-2", there, "train", "--shard", "2/2", "--store", share)
        preview = on("lab-pc-1", here, "preview", "--no-open", "--store", share)
        page = Browser()
        try:
            assert preview.stderr
            page.size(1280, 760)
            page.open(preview.stderr.readline().split()[-1])
            page.until("document.querySelector('#state')?.textContent == 'live'", PATIENCE)
            for panel, open_ in (("claims", "false"), ("training", "true")):
                page.eval(f"document.querySelector('#{panel}').open = {open_}")
            page.until(f"{ROWS}.some(row => row.includes('lab-pc-2') && row.includes(' of '))", PATIENCE)
            page.click("document.querySelector('#train')")
            page.until(
                f"{ROWS}.length == 2 && {ROWS}.every(row => /(1[5-9]|[2-9][0-9]) of/.test(row))", PATIENCE
            )
            page.eval("document.querySelector('#training').scrollIntoView()")
            time.sleep(1)
            page.picture(PICTURE)
        finally:
            page.end()
            for process in (preview, other):
                process.send_signal(signal.SIGINT)
                process.communicate(timeout=60)
    Image.open(PICTURE).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        PICTURE, optimize=True
    )


if __name__ == "__main__":
    main()
