"""What a person does with the page and sees of it, in a real browser."""

import json
import os
import platform
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.document.test_accessible import axe_script
from tests.preview.browser import CHROMIUM, Browser
from tests.preview.served import SENTENCE, Served

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium to open the page in")
SHEET = "document.querySelector('#report').contentDocument"
FRAME = SHEET + ".defaultView"
OF_WHOLE_PAGES = ("landmark-one-main", "region")  # the report's frame stands in the page's main part
ERRORS = "document.querySelector('#errors')"
AXE = (
    "axe.run(document, {resultTypes: ['violations'], iframes: false}).then(found => found.violations.map(%s))"
)


@pytest.fixture(scope="module")
def open_page(served: Served) -> Iterator[Browser]:
    made = Browser()
    try:
        made.open(served.address)
        made.until("document.querySelector('#state')?.textContent == 'live'")
        yield made
        # The policy forbade nothing that the page does, and its script never failed.
        assert [each for each in made.complaints() if "ERR_" not in each] == []
    finally:
        made.end()


@pytest.fixture
def page(open_page: Browser, served: Served) -> Iterator[Browser]:
    """The page, with the report as it was after each test."""
    before = {path: path.read_bytes() for path in (served.folder / "answers").iterdir() if path.is_file()}
    yield open_page
    for path in (served.folder / "answers").iterdir():
        if path.is_file() and path not in before:
            path.unlink()
    for path, data in before.items():
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
    open_page.until(f"{ERRORS}.hidden && document.querySelector('#state').textContent == 'live'")


def answer(served: Served) -> Path:
    return served.folder / "answers/01-accuracy.md"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_an_edit_is_exchanged_in_place(page: Browser, served: Served) -> None:
    page.until(f"[...{SHEET}.querySelectorAll('img')].every(each => each.complete)")
    page.until(f"{FRAME}.document.fonts.status == 'loaded'")  # what loads later moves what is scrolled to
    page.eval(f"{SHEET}.querySelector('#q1 figure img').mark = 1; {SHEET}.querySelector('#q2').mark = 2")
    page.eval(f"{FRAME}.scrollTo(0, 300)")
    before = page.eval(f"{FRAME}.scrollY")
    asked = "performance.getEntriesByType('resource').filter(each => each.name.endsWith('.svg')).length"
    loaded = page.eval(f"{FRAME}.{asked}")
    edit(answer(served), "It reaches", "As measured, it reaches")
    page.until(f"{SHEET}.querySelector('#q1').textContent.includes('As measured')", 10)
    assert page.eval(
        f"[{SHEET}.querySelector('#q1 figure img').mark, {SHEET}.querySelector('#q2').mark]"
    ) == [1, 2]
    assert page.eval(f"{FRAME}.scrollY") == before > 0
    assert page.eval(f"{FRAME}.{asked}") == loaded, "a figure was fetched again"


def test_a_claim_is_broken_and_mended(page: Browser, served: Served) -> None:
    page.until(f"{SHEET}.querySelector('[data-claim][data-verdict=holds]')")
    edit(answer(served), "small.test.accuracy > 0.1 %", "small.test.accuracy > 0.999 %")
    page.until(f"{SHEET}.querySelector('[data-claim][data-verdict=false]')", 10)
    told = page.eval("document.querySelector('#claims li').innerText")
    assert "false" in told
    assert "measured: small.test.accuracy = " in told
    assert "answers/01-accuracy.md:6" in told
    edit(answer(served), "0.999", "0.1")
    page.until(f"!{SHEET}.querySelector('[data-verdict=false]')", 10)


def test_an_error_is_shown_and_the_last_good_page_stays(page: Browser, served: Served) -> None:
    edit(answer(served), "small.parameters.total", "small.parameters.totel")
    page.until(f"!{ERRORS}.hidden", 10)
    assert "answers/01-accuracy.md:5" in page.eval(f"{ERRORS}.innerText")
    assert "did you mean `total`" in page.eval(f"{ERRORS}.innerText")
    assert page.eval(f"{SHEET}.querySelector('#q1').textContent.includes('It reaches')")
    assert page.eval(f"{SHEET}.querySelector('[data-note=error]').textContent.includes('It reaches')")


def test_a_typed_number_is_pointed_out_where_it_stands(page: Browser, served: Served) -> None:
    edit(answer(served), SENTENCE, "It reaches 61.2 %, or " + SENTENCE)
    page.until(f"{SHEET}.querySelector('[data-note=typed]')?.textContent.includes('61.2')", 10)
    assert "61.2" in page.eval("document.querySelector('#typed').textContent")
    marked = f"[...({FRAME}.CSS.highlights.get('typed') ?? [])].map(String).join('|')"
    page.until(f"{marked} == '61.2\u00a0%' || {marked} == '61.2 %'", 10)


def test_a_claim_within_noise_is_called_that(page: Browser, served: Served) -> None:
    value = page.eval(f"{SHEET}.querySelector('#q1 [data-fact]').textContent").split("\u00a0")[0]
    edit(
        answer(served),
        "small.test.accuracy > 0.1 %",
        f"small.test.accuracy > {(float(value) - 1) / 100:.3f} %",
    )
    page.until(f"{SHEET}.querySelector('[data-verdict=noise]')", 10)
    assert "within noise" in page.eval("document.querySelector('#claims li').innerText")


def test_the_report_is_read_by_keyboard(page: Browser, served: Served) -> None:
    """Numbers can be reached by Tab; Enter shows one, and E opens the editor where it stands."""
    page.eval("document.querySelector('#editor').addEventListener('click', event => event.preventDefault())")
    page.eval("document.querySelector('#report').focus()")
    focused = f"{SHEET}.activeElement?.getAttribute('data-fact')"
    for _ in range(40):
        if page.eval(focused):
            break
        page.key("Tab")
    name = page.eval(focused)
    assert name
    page.key("Enter")
    page.until(f"document.querySelector('#number').innerText.includes({name.partition(' |')[0]!r})", 10)
    page.key("e")
    path = served.folder / "answers/01-accuracy.md"
    assert page.until("document.querySelector('#editor').href") == f"vscode://file{path}:5"


def test_a_template_is_broken_hangs_and_is_mended(page: Browser, served: Served) -> None:
    theme = served.folder / "templates/paper/report.html.j2"
    theme.parent.mkdir(parents=True)
    own = '{% extends "base/page.html.j2" %}\n{% block references %}<p id="own">OWN</p>{% endblock %}\n'
    loop = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    try:
        theme.write_text(own.replace("OWN", "{% if %}"))
        page.until(f"{ERRORS}.innerText.includes('templates/paper/report.html.j2:2')", 20)
        theme.write_text(own)
        page.until(f"{SHEET}.querySelector('#own') && {ERRORS}.hidden", 20)
        theme.write_text(own.replace("OWN", loop))
        page.until("document.querySelector('#state').textContent.startsWith('rendering')", 20)
        time.sleep(5.5)  # from then on a rendering is given up for a newer text
        assert page.eval(f"{SHEET}.querySelector('#own').textContent") == "OWN"
        theme.write_text(own.replace("OWN", "mended"))
        page.until(f"{SHEET}.querySelector('#own').textContent == 'mended'", 30)
    finally:
        theme.unlink()
        theme.parent.rmdir()
        theme.parent.parent.rmdir()
    page.until(f"!{SHEET}.querySelector('#own')", 20)


def test_an_answer_is_added_and_goes(page: Browser, served: Served) -> None:
    added = served.folder / "answers/03-more.md"
    added.write_text('+++\ntitle = "More"\nquestion = "What else?"\n+++\n<b>x</b>\n')
    page.until(f"{ERRORS}.innerText.includes('03-more.md')", 20)
    added.write_text('+++\ntitle = "More"\nquestion = "What else?"\n+++\nNothing.\n')
    page.until("document.querySelectorAll('#contents li').length == 3", 10)
    page.until(f"[...{SHEET}.querySelectorAll('section.question')].map(each => each.id).join() == 'q1,q2,q3'")
    added.unlink()
    page.until(f"!{SHEET}.querySelector('#q3')", 10)


def test_the_answers_go_and_come_back(page: Browser, served: Served) -> None:
    answers, away = served.folder / "answers", served.folder / "away"
    answers.rename(away)
    try:
        page.until(f"{ERRORS}.innerText.includes('report.toml')", 20)
        assert page.eval(f"{SHEET}.querySelector('#q1').textContent.includes('It reaches')")
    finally:
        away.rename(answers)
    page.until(f"{ERRORS}.hidden", 20)
    edit(answer(served), "It reaches", "After that, it reaches")
    page.until(f"{SHEET}.querySelector('#q1').textContent.includes('After that')", 10)


def test_a_child_that_is_killed_is_replaced(page: Browser, served: Served) -> None:
    for child in served.children():
        os.kill(child, signal.SIGKILL)
    edit(answer(served), "It reaches", "And yet it reaches")
    page.until(f"{SHEET}.querySelector('#q1').textContent.includes('And yet')", 20)


def test_pages_are_set_by_a_switch(page: Browser) -> None:
    pages = "document.querySelector('#pages')"
    page.click("document.querySelector('[value=paged]')")
    address = page.until(f"!{pages}.hidden && {pages}.src", 60)
    assert re.search(r"/pages/[0-9a-f]+\.pdf", address)
    read = f"fetch({address!r}).then(answer => answer.text()).then(text => text.slice(0, 5))"
    assert page.eval(read) == "%PDF-"
    page.click("document.querySelector('[value=flowing]')")
    page.until(f"{pages}.hidden && !document.querySelector('#report').hidden", 10)


def test_export_says_what_stands_in_the_way(page: Browser, served: Served) -> None:
    edit(answer(served), "small.test.accuracy > 0.1 %", "small.test.accuracy > 0.999 %")
    page.until(f"{SHEET}.querySelector('[data-verdict=false]')", 10)
    page.eval("document.querySelector('#export').open = true")
    page.click("document.querySelector('#build')")
    told = "document.querySelector('#export .problems').innerText"
    page.until(f"{told}.includes('FALSE')", 60)
    assert "answers/01-accuracy.md:6" in page.eval(told)
    assert not (served.folder / "report.pdf").exists()
    page.eval("document.querySelector('#export').open = false")


def test_clicks(page: Browser, served: Served) -> None:
    fact = "document.querySelector('#number').innerText"
    page.click(f"{SHEET}.querySelector('#q1 [data-fact]')")
    page.until(f"{fact}.includes('95 % interval')", 10)
    told = page.eval(fact)
    assert "small.test.accuracy" in told
    assert re.search(r"result [0-9a-f]{16}", told)
    assert "in one place: q1" in told
    # The browser would ask whether it may open an editor, and take no more clicks meanwhile.
    page.eval("document.querySelector('#editor').addEventListener('click', event => event.preventDefault())")
    page.click(f"{SHEET}.querySelector('#q1 .answer p')")
    path = served.folder / "answers/01-accuracy.md"
    assert page.until("document.querySelector('#editor').href") == f"vscode://file{path}:5"


def test_a_cell_opens_its_images(page: Browser) -> None:
    page.eval("document.querySelector('#evidence').open = true")
    page.until("document.querySelector('.matrix tbody button')", 10)
    wrong = "[...document.querySelectorAll('.matrix td:not(.right) button')][0]"
    count = int(page.eval(f"{wrong}.textContent"))
    page.click(wrong)
    page.until(f"document.querySelectorAll('.items img').length == {count}", 20)
    said = page.eval("[...document.querySelectorAll('.items figcaption')].map(each => each.textContent)")
    shares = [int(each.rpartition(", ")[2].partition(" ")[0]) for each in said]
    assert shares == sorted(shares, reverse=True)
    page.until("[...document.querySelectorAll('.items img')].every(each => each.naturalWidth >= 64)", 10)
    page.eval("document.querySelector('#evidence').open = false")


def test_facts_are_found_and_copied(page: Browser, served: Served) -> None:
    origin = f"http://127.0.0.1:{served.port}"
    rights = ["clipboardReadWrite", "clipboardSanitizedWrite"]
    page.call("Browser.grantPermissions", origin=origin, permissions=rights)
    page.eval("document.querySelector('#facts').open = true")
    page.until("document.querySelectorAll('#facts li').length > 20", 20)
    page.eval("document.querySelector('#search').focus()")
    page.call("Input.insertText", text="linear parameters total")
    page.until("document.querySelectorAll('#facts li').length < 20", 10)
    page.key("Tab")
    page.key("Enter")
    page.until("document.querySelector('#facts .said').textContent.includes('Copied')", 10)
    assert page.eval("navigator.clipboard.readText()") == "{{ linear.parameters.total }}"
    page.eval("document.querySelector('#facts').open = false")


def test_axe_finds_nothing_in_the_report(page: Browser, served: Served) -> None:
    """As it stands in its frame, in which no script may run: so in a page of its own."""
    edit(answer(served), "small.test.accuracy > 0.1 %", "small.test.accuracy > 0.999 %")
    page.until(f"{SHEET}.querySelector('[data-verdict=false]')", 10)
    report = page.eval(f"{SHEET}.documentElement.innerHTML")
    other = Browser()
    try:
        other.call("Page.setBypassCSP", enabled=True)
        other.open(served.address)
        other.until("document.querySelector('#state')?.textContent == 'live'")
        other.open(f"http://127.0.0.1:{served.port}/frame")
        other.until("location.pathname == '/frame' && document.readyState == 'complete'")
        other.eval(f"document.documentElement.innerHTML = {json.dumps(report)}; 1")
        other.until("[...document.styleSheets].length > 2 && document.querySelector('[data-verdict=false]')")
        other.eval(axe_script() + "; 1")
        found = other.eval(AXE % "rule => [rule.id, rule.nodes.map(node => node.html)]")
        assert [each for each in found if each[0] not in OF_WHOLE_PAGES] == []
    finally:
        other.end()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 390])
def test_axe_finds_nothing(page: Browser, served: Served, width: int, scheme: str) -> None:
    page.size(width)
    page.prefers(color_scheme=scheme)
    edit(answer(served), "small.test.accuracy > 0.1 %", "small.test.accuracy > 0.999 %")
    page.until(f"{SHEET}.querySelector('[data-verdict=false]')", 10)
    if width < 900:
        page.eval("document.body.classList.contains('folded') && document.querySelector('#fold').click()")
    page.eval("for (const each of document.querySelectorAll('details')) each.open = true")
    page.until("document.querySelector('.matrix table') && document.querySelector('#facts li')", 20)
    page.eval(axe_script() + "; 1")
    assert page.eval(AXE % "rule => [rule.id, rule.nodes.map(node => node.html)]") == []
    assert page.eval("document.documentElement.scrollWidth") <= width
    assert page.eval(f"{SHEET}.documentElement.scrollWidth <= {SHEET}.documentElement.clientWidth")
    # Every control can be reached and left by the keyboard alone.
    page.eval("for (const each of document.querySelectorAll('details')) each.open = each.id == 'claims'")
    page.eval("document.activeElement?.blur(); window.focus()")
    reached = set()
    for _ in range(40):
        page.key("Tab")
        found = page.eval(
            "document.activeElement.id || document.activeElement.closest('details,nav,iframe')?.id"
        )
        reached.add(found)
    wanted = {"fold", "claims", "training", "facts"}
    assert wanted <= reached, reached
    page.prefers(color_scheme="light")
    page.size(1400)
    page.eval("document.body.classList.contains('folded') && document.querySelector('#fold').click()")


def test_nothing_moves_for_who_wants_no_motion(page: Browser) -> None:
    page.prefers(reduced_motion="reduce")
    page.eval(f"{FRAME}.scrollTo(0, 0)")
    page.click("document.querySelector('#claims li button')")
    assert page.eval("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.prefers(reduced_motion="no-preference")


def test_the_connection_is_lost_and_comes_back(page: Browser, served: Served) -> None:
    page.offline(is_=True)
    # What is open already stays open for a browser that is told to be offline, so the server lets go.
    os.kill(served.process.pid, signal.SIGSTOP)
    edit(answer(served), "It reaches", "Meanwhile, it reaches")
    time.sleep(1)
    os.kill(served.process.pid, signal.SIGCONT)
    page.offline(is_=False)
    page.until(f"{SHEET}.querySelector('#q1').textContent.includes('Meanwhile')", 30)


def test_a_page_of_another_origin_gets_nothing(page: Browser, served: Served) -> None:
    """By fetching, framing or loading it as a script or an image, with the cookie in the same browser."""
    target = page.call("Target.createTarget", url="about:blank")["targetId"]
    session = page.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    mine, page._session = page._session, session
    try:
        base = f"http://127.0.0.1:{served.port}"
        page.open("data:text/html,<title>evil</title>")
        tried = f"""Promise.all([
            fetch('{base}/ask?q={{}}', {{credentials: 'include'}}).then(() => 'read', () => 'refused'),
            fetch('{base}/train', {{method: 'POST', mode: 'no-cors', credentials: 'include', body: '{{}}'}})
              .then(() => 'sent', () => 'refused'),
            new Promise(done => {{ const image = new Image(); image.onload = () => done('read');
              image.onerror = () => done('refused'); image.src = '{base}/static/icon.svg'; }}),
        ])"""
        page.until("document.title == 'evil'")
        assert page.eval(tried) == ["refused"] * 3
    finally:
        page._session = mine
        page.call("Target.closeTarget", targetId=target)
    assert page.eval("document.querySelector('#training .count').textContent") == "all fresh"


def test_a_training_is_started_and_stopped(page: Browser, served: Served) -> None:
    """Last: its epochs stay in the store, and what was stale is fresh again once the report is as it was."""
    toml = served.folder / "answers/report.toml"
    page.eval("document.querySelector('#training').open = true")
    edit(toml, "[models.linear]", "[models.linear]\nepochs = 4000")
    page.until("document.querySelector('#training .count').textContent == '1 stale'", 20)
    assert "epochs 2 → 4000" in page.eval("document.querySelector('#training').innerText")
    page.click("document.querySelector('#train')")
    panel = "document.querySelector('#training')"
    page.until(
        f"/{platform.node()}\\tlinear\\t1\\t(\\d\\d|[2-9]) of 4000\\t\\d/.test({panel}.innerText)"
        f" && {panel}.querySelector('.uplot')",
        90,
    )
    assert page.eval(f"{panel}.querySelector('progress').value") > 0
    assert served.press("/train", models=[]) == 409
    page.click("document.querySelector('#stop')")
    page.until("document.querySelector('#training .said').textContent.startsWith('Stopped')", 60)
    assert list((served.folder / ".reportgen/store/partial").rglob("checkpoint.safetensors"))
