"""In a browser, axe-core objects to nothing in the notebook's page, and the page asks for nothing."""

import html
import importlib.util
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen.document.notebook import web_page
from tests.document import samples
from tests.document.notebook.test_web_page import TABLE, code, notebook, result, text

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=20000",
    "--window-size=1200,900",
]
RUN = """
axe.run(document, {resultTypes: ["violations"]}).then(found => {
  const shown = document.createElement("pre");
  shown.id = "axe";
  const asked = performance.getEntriesByType("resource").map(entry => entry.name);
  shown.textContent = JSON.stringify({asked, width: innerWidth, wide: document.documentElement.scrollWidth,
    passes: found.passes.length,
    violations: found.violations.map(rule => [rule.id, rule.nodes.map(node => node.html)])});
  window.parent.document.body.append(shown);
})
"""

PROSE = """\
## 1 A question

**Question**

> What is *asked*?

### A part

Words with `code`, [a link](https://example.org/), $x^2$ and a note.[^1]

- one
- two

| | a | b | a rather long head | another one |
|:--|--:|--:|--:|--:|
| a_name_in_a_program_without_spaces | 1,000,000 | 20.2 ± 1.3 % | 3 | 4 |

```python
def f(x):  # comment
    return "text" + str(1.0) + a_rather_long_name_of_a_function(with_some_arguments, and_another_one=True)
```

[^1]: In small print.
"""


def axe_script() -> str:
    spec = importlib.util.find_spec("axe_core_python")
    if spec is None or spec.origin is None:
        pytest.skip("axe-core is not installed (pip install axe-core-python)")
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page() -> str:
    about = {"label": "Figure 1", "caption": "Loss against epoch."}
    cells: tuple[dict[str, Any], ...] = (
        {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Title\n\nAuthors"},
        text(PROSE),
        {**code(result({"image/svg+xml": samples.SVG}), about=about), "id": "c1"},
        {**code(result({"text/html": TABLE})), "id": "c2"},
        {**code({"output_type": "stream", "name": "stdout", "text": "Epoch 1/2"}), "id": "c3"},
    )
    contents = (("c1", "1 A figure"), ("c2", "2 A table"))
    return web_page.html(replace(notebook(*cells), contents=contents), samples.TEMPLATES).decode()


@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium to drive axe-core in")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 390])
def test_axe_finds_no_violation(page: str, tmp_path: Path, scheme: str, width: int) -> None:
    assert BROWSER is not None
    open_ = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    file = tmp_path / "page.html"
    whole = open_.replace("</body>", f"<script>{axe_script()}</script><script>{RUN}</script></body>")
    if width < 500:  # a browser window is no narrower than that
        whole = (
            f'<iframe style="width:{width}px;height:800px;border:0" srcdoc="{html.escape(whole)}"></iframe>'
        )
    file.write_text(whole)
    flags = [*FLAGS, f"--user-data-dir={tmp_path / 'profile'}"]
    if scheme == "dark":
        flags.append("--blink-settings=preferredColorScheme=0")
    done = subprocess.run(
        [BROWSER, *flags, "--dump-dom", file.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found = re.search(r'<pre id="axe">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stderr[-2000:]
    judged = json.loads(html.unescape(found[1]))
    assert judged["violations"] == []
    assert judged["asked"] == []
    assert judged["passes"] > 20
    assert judged["wide"] <= judged["width"] == width
