"""How long it takes from writing a file to seeing it in the preview, in Chromium.

A sentence is edited; the clock runs from the write to the second frame that the browser begins after the text
is in the page. Beside it, the same edit with the whole page loaded anew, as by servers that know only that
something has changed. Measured on a copy of this report where all its models have results, else on a made-up
one:

    python benchmarks/preview.py --write docs/preview.md
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import markdown
import timing
import warm

from tests.preview.browser import CHROMIUM, Browser

TARGET = 300  # ms
SHEET = "document.querySelector('#report').contentDocument"
SEEN = """new Promise(done => {
  const sheet = () => document.querySelector('#report').contentDocument;
  const look = () => {
    const there = sheet()?.body?.textContent.includes(MARK)
      && [...sheet().images].every(image => image.complete) && sheet().fonts.status === 'loaded';
    if (there) requestAnimationFrame(() => requestAnimationFrame(() => done(Date.now())));
    else requestAnimationFrame(look);
  };
  look();
})"""
RELOAD = f"""(() => {{
  new MutationObserver((_, seen) => {{
    if ({SHEET}.body.textContent.includes(MARK)) {{ seen.disconnect(); location.reload(); }}
  }}).observe({SHEET}.body, {{subtree: true, childList: true, characterData: true}});
}})()"""


def in_place(page: Browser, edit: Callable[[str], float], mark: str) -> float:
    """Return the milliseconds from a write to the paint of what is exchanged."""
    began = edit(mark)
    return float(page.eval(SEEN.replace("MARK", repr(mark)))) - began


def reloaded(page: Browser, edit: Callable[[str], float], mark: str) -> float:
    """Return the milliseconds from a write to the paint of the page that was loaded anew because of it."""
    page.eval("window.old = true")
    page.eval(RELOAD.replace("MARK", repr(mark)))
    began = edit(mark)
    page.until("!window.old && document.querySelector('#report')?.contentDocument?.body")
    return float(page.eval(SEEN.replace("MARK", repr(mark)))) - began


def measured(folder: Path, path: Path, repeats: int) -> dict[str, list[float]]:
    """Return the milliseconds of every edit, by way; both ways in turn."""
    text = path.read_text(encoding="utf-8").rstrip("\n")

    def edit(mark: str) -> float:
        began = time.time() * 1000
        path.write_text(f"{text}\n\n{warm.SENTENCE}, {mark}.\n", encoding="utf-8")
        return began

    server = subprocess.Popen(
        [*timing.reportgen("preview", "--no-open")],
        cwd=folder,
        env=os.environ,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr
    page = Browser()
    try:
        page.open(server.stderr.readline().split()[-1])
        page.until("document.querySelector('#state')?.textContent == 'live'", 300)
        found: dict[str, list[float]] = {"exchanged in place": [], "the page loaded anew": []}
        for number in range(repeats + 1):
            for way, name in ((in_place, "exchanged in place"), (reloaded, "the page loaded anew")):
                took = way(page, edit, f"{way.__name__}-{number}-end")
                if number:  # the first warms up
                    found[name].append(took)
                time.sleep(0.5)
        return found
    finally:
        page.end()
        server.send_signal(signal.SIGINT)
        server.wait(30)


def main() -> None:
    parser = markdown.parser(__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--repeats", type=int, default=20, help="edits of each way  [default: 20]")
    parser.add_argument("--made-up", action="store_true", help="made-up results, even if real ones are there")
    chosen = parser.parse_args()
    if CHROMIUM is None:
        sys.exit("there is no Chromium here")
    busy = timing.busy()
    with tempfile.TemporaryDirectory(prefix="reportgen-preview-") as place:
        folder = Path(place, "report")
        folder.mkdir()
        project, what = warm.prepared(folder, quick=False, made_up=chosen.made_up)
        section = project.report.sections[len(project.report.sections) // 2]
        found = measured(folder, section.path, chosen.repeats)
    rows = []
    for name, taken in found.items():
        ordered = sorted(taken)
        middle = statistics.median(ordered)
        target = ("yes" if middle <= TARGET else "**no**") if name == "exchanged in place" else "–"
        worst = ordered[int(0.95 * (len(ordered) - 1))]
        rows.append((name, f"{middle:.0f}", f"{ordered[0]:.0f}", f"{worst:.0f}", target))
    header = ("from the write to the paint", "median", "best", "95 %", f"≤ {TARGET} ms")
    sections, models = len(project.report.sections), len(project.report.models)
    size = f"{what}: {sections} sections, {models} models"
    about = f"Milliseconds, of {chosen.repeats} edits each, in turn. On {size}. {busy}"
    text = "\n".join([markdown.table(header, rows), about, timing.machine()])
    markdown.publish(text, "preview", chosen.write)


if __name__ == "__main__":
    main()
