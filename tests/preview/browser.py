"""Chromium, driven over a pipe by its own protocol: what a person does, and what they see."""

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
PATIENCE = 30.0  # seconds for whatever is waited for
PAUSE = 0.02
KEYS = {"Tab": 9, "Enter": 13, " ": 32, "Escape": 27, "e": 69}


class Browser:
    """A browser with one page."""

    def __init__(self, width: int = 1400, height: int = 900) -> None:
        assert CHROMIUM is not None
        self._profile = tempfile.TemporaryDirectory(prefix="preview-chromium-", ignore_cleanup_errors=True)
        theirs, self._write = os.pipe()
        self._read, their_answers = os.pipe()

        def placed() -> None:
            # The browser reads from 3 and writes to 4; neither may be in the way of the other.
            first, second = os.dup(theirs), os.dup(their_answers)
            kept = [os.dup(first), os.dup(second)]
            os.dup2(kept[0], 3)
            os.dup2(kept[1], 4)

        self._process = subprocess.Popen(
            [CHROMIUM, *FLAGS, f"--user-data-dir={self._profile.name}", f"--window-size={width},{height}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=placed,
            close_fds=False,
            start_new_session=True,
        )
        os.close(theirs)
        os.close(their_answers)
        self._numbers, self._buffer = itertools.count(1), b""
        self.events: list[dict[str, Any]] = []
        self._session = ""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> Any:
        """Call a method of the protocol and return its result."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + PATIENCE
        while (answer := self._next(until)).get("id") != number:
            self.events.append(answer)
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def _next(self, until: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], max(until - time.monotonic(), 0))
            assert ready, "the browser does not answer"
            block = os.read(self._read, 1 << 20)
            assert block, "the browser has gone"
            self._buffer += block
        message, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(message))

    def open(self, address: str) -> None:
        self.call("Page.navigate", url=address)

    def eval(self, expression: str) -> Any:
        """Return the value of an expression; a promise is waited for."""
        result = self.call(
            "Runtime.evaluate",
            expression=expression,
            returnByValue=True,
            awaitPromise=True,
            userGesture=True,
        )
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def until(self, expression: str, patience: float = PATIENCE) -> Any:
        """Wait until an expression is true, and return its value."""
        end = time.monotonic() + patience
        while True:
            try:
                value = self.eval(expression)
                if value or value == {}:  # so an element comes over
                    return value
            except AssertionError:
                if time.monotonic() > end:
                    raise
            assert time.monotonic() < end, f"it does not come to {expression}"
            time.sleep(PAUSE)

    def click(self, expression: str) -> None:
        """Click with the mouse what an expression gives, once it stands still; it may be in a frame."""
        x, y = self.eval(
            "(async () => { const found = " + expression + "; found.scrollIntoView({block: 'center'});"
            "const place = () => found.getClientRects()[0]; let before, box = place();"
            "do { before = box; await new Promise(requestAnimationFrame); box = place(); }"
            "while (box.x != before.x || box.y != before.y);"
            "let [x, y] = [box.x + Math.min(box.width / 2, 20), box.y + box.height / 2];"
            "for (let view = found.ownerDocument.defaultView; view.frameElement; view = view.parent) {"
            "const outer = view.frameElement.getBoundingClientRect(); x += outer.x; y += outer.y; }"
            "return [x, y]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def key(self, name: str) -> None:
        """Press a key."""
        about = {"key": name, "code": name, "windowsVirtualKeyCode": KEYS[name]}
        text = {"text": "\r"} if name == "Enter" else {"text": name} if len(name) == 1 else {}
        down = "keyDown" if text else "rawKeyDown"
        self.call("Input.dispatchKeyEvent", type=down, **about, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    def size(self, width: int, height: int = 900) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )

    def prefers(self, **features: str) -> None:
        """Set media features: ``color_scheme="dark"``, ``reduced_motion="reduce"``."""
        given = [
            {"name": f"prefers-{name.replace('_', '-')}", "value": value} for name, value in features.items()
        ]
        self.call("Emulation.setEmulatedMedia", features=given)

    def offline(self, *, is_: bool) -> None:
        self.call(
            "Network.emulateNetworkConditions",
            offline=is_,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )

    def picture(self, path: Path) -> None:
        data = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))

    def complaints(self) -> list[str]:
        """Return what the browser's console has said: violations of the policy, errors of the script."""
        found = []
        for event in self.events:
            if event.get("method") == "Log.entryAdded":
                entry = event["params"]["entry"]
                found.append(f"{entry['text']} {entry.get('url', '')}")
            elif event.get("method") == "Runtime.exceptionThrown":
                found.append(str(event["params"]["exceptionDetails"]))
        return found

    def end(self) -> None:
        self._session = ""
        os.write(self._write, json.dumps({"id": 0, "method": "Browser.close"}).encode() + b"\0")
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        os.close(self._read)
        self._profile.cleanup()
