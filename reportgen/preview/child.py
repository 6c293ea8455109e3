"""A child process that renders or trains: started on demand, ended when it hangs, never waited for."""

import asyncio
import base64
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from reportgen.preview.asset import Asset

MODULE: Final = "reportgen.preview.worker"
LINE: Final = 512 << 20  # bytes of one message at most: a report with all of its fonts has 6 MB
PATIENCE: Final = 10.0  # seconds that a child has to end by itself
TAIL: Final = 400  # letters of what a child that died had last to say

Message = Mapping[str, Any]
Take = Callable[[Message], None]


class GoneError(Exception):
    """The child ended, or was ended, before it had answered."""


class HungError(GoneError):
    """The child had not answered in time, and was ended."""


class Child:
    """One child at a time; it is started by the first question.

    Parameters
    ----------
    settings : mapping
        Which project, see `worker.opened`.
    keep : callable
        Takes every asset that it sends.
    module : str
        What the process runs; tests give one that hangs or dies.
    """

    def __init__(
        self, settings: Mapping[str, Any], keep: Callable[[Asset], None], module: str = MODULE
    ) -> None:
        self._settings, self._keep, self._module = json.dumps(settings), keep, module
        self._process: asyncio.subprocess.Process | None = None
        self._number = 0
        self._turn = asyncio.Lock()
        self._said = b""

    @property
    def pid(self) -> int | None:
        """The number of the process; None where none runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def ask(self, take: Take, limit: float, **question: Any) -> None:
        """Ask one question; `take` is called with every message of the answer but assets.

        Raises
        ------
        GoneError
            If the child ends meanwhile, or has not answered within `limit` seconds and is ended.
        """
        async with self._turn:
            process = await self._started()
            assert process.stdin and process.stdout
            self._number += 1
            number = self._number
            try:
                async with asyncio.timeout(limit):
                    process.stdin.write(json.dumps({"id": number, **question}).encode() + b"\n")
                    await process.stdin.drain()
                    while True:
                        line = await process.stdout.readline()
                        if not line:
                            raise GoneError(await self._last_words(process))
                        message = json.loads(line)
                        if message["id"] != number:
                            continue
                        if "done" in message:
                            return
                        if not self._assets(message):
                            take(message)
            except TimeoutError:
                await self.end()
                raise HungError(f"it takes longer than {limit:g} s") from None
            except (ConnectionError, ValueError) as error:
                await self.end()
                raise GoneError(f"the process that renders failed: {error}") from None
            except asyncio.CancelledError:
                await asyncio.shield(self.end())
                raise

    async def end(self, number: int = signal.SIGKILL) -> None:
        """End the child and all that it has started; what was told to end and does not is killed."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        for how in dict.fromkeys((number, signal.SIGKILL)):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, how)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await process.wait()
                    return

    def tell(self, number: int) -> None:
        """Send the child a signal, and let it end in its own time."""
        if (pid := self.pid) is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._said = b""
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                self._module,
                self._settings,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=LINE,
                start_new_session=True,
            )
            self._listening = asyncio.create_task(self._listen(self._process))
        return self._process

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr
        while block := await process.stderr.read(1 << 14):
            self._said = (self._said + block)[-TAIL:]

    async def _last_words(self, process: asyncio.subprocess.Process) -> str:
        status = await process.wait()
        if status == -signal.SIGKILL:
            return "the process that renders was killed, as happens when memory runs out"
        said = " / ".join(self._said.decode(errors="replace").strip().splitlines()[-2:])
        return f"the process that renders ended with status {status}" + f": {said}" * bool(said)

    def _assets(self, message: Message) -> bool:
        for address, media, coded in message.get("assets", ()):
            self._keep(Asset(address, media, base64.b64decode(coded)))
        return "assets" in message
