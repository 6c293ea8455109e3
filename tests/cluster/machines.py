"""Simulated machines on one Linux machine, each with a network, processes, a name and a memory of its own.

All hang on one bridge that leads nowhere: what runs on them reaches each other, and no other address. A
folder of this machine that all of them see plays the share.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

SWITCH = f"rg-{os.getpid()}"
INIT = """
hostname "$0"
mkdir -p /tmp/ray && mount -t tmpfs -o size=1g ray /tmp/ray  # what Ray keeps there, of this machine alone
mount -t tmpfs -o size=1g shm /dev/shm
echo ready
exec sleep infinity
"""


def possible() -> str:
    """Return why there can be no such machines here; empty where there can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "simulated machines need root on Linux"
    if not (shutil.which("ip") and shutil.which("unshare")):
        return "simulated machines need ip (iproute2) and unshare"
    done = subprocess.run(["ip", "netns", "add", f"{SWITCH}-tried"], capture_output=True, check=False)
    if done.returncode == 0:
        subprocess.run(["ip", "netns", "del", f"{SWITCH}-tried"], check=False)
        return ""
    return "network namespaces can't be made here"


class Machine:
    """A simulated machine."""

    def __init__(self, name: str, number: int, environment: Mapping[str, str]) -> None:
        self.name, self.address = name, f"10.77.0.{number}"
        self._environment = environment
        self._processes: list[subprocess.Popen[bytes]] = []
        _ip("netns", "add", self._space)
        _ip("-n", self._space, "link", "set", "lo", "up")
        _ip(
            "-n",
            SWITCH,
            "link",
            "add",
            self._cable,
            "type",
            "veth",
            "peer",
            "name",
            "eth0",
            "netns",
            self._space,
        )
        _ip("-n", SWITCH, "link", "set", self._cable, "master", "br0", "up")
        _ip("-n", self._space, "addr", "add", f"{self.address}/24", "dev", "eth0")
        _ip("-n", self._space, "link", "set", "eth0", "up")
        self.on()

    def on(self) -> None:
        """Switch it on."""
        unshare = ["unshare", "--pid", "--fork", "--mount", "--uts", "--mount-proc", "--kill-child=KILL"]
        self._init = subprocess.Popen(
            ["ip", "netns", "exec", self._space, *unshare, "sh", "-c", INIT, self.name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        assert self._init.stdout
        assert self._init.stdout.readline() == b"ready\n"
        children = Path(f"/proc/{self._init.pid}/task/{self._init.pid}/children").read_text()
        self._first = children.split()[0]

    def start(self, *command: str, log: Path, **environment: str) -> "subprocess.Popen[bytes]":
        """Start a command on it."""
        with log.open("ab") as stream:
            process = subprocess.Popen(
                ["nsenter", f"--target={self._first}", "--net", "--mount", "--uts", "--pid", *command],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                env={**self._environment, **environment},
                start_new_session=True,
            )
        self._processes.append(process)
        return process

    def off(self) -> None:
        """Switch it off: nothing that runs on it can say good-bye."""
        os.kill(int(self._first), signal.SIGKILL)
        for process in (self._init, *self._processes):
            process.wait()
        assert self._init.stdout
        self._init.stdout.close()
        self._processes.clear()

    def cut(self) -> None:
        """Pull its cable."""
        _ip("-n", SWITCH, "link", "set", self._cable, "down")

    def mend(self) -> None:
        """Put its cable back."""
        _ip("-n", SWITCH, "link", "set", self._cable, "up")

    def processes(self, command: str) -> list[int]:
        """Return the processes on it whose command line contains a text."""
        network, found = Path(f"/proc/{self._first}/ns/net").readlink(), []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                line = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                here = (path / "ns/net").readlink() == network
            except OSError:
                continue
            if here and command in line and not line.startswith("nsenter"):
                found.append(int(path.name))
        return found

    def remove(self) -> None:
        """Switch it off and take it away."""
        if self._init.poll() is None:
            self.off()
        _ip("netns", "del", self._space)

    @property
    def _space(self) -> str:
        return f"{SWITCH}-{self.name}"

    @property
    def _cable(self) -> str:
        return f"to-{self.name}"


@contextmanager
def machines(names: Sequence[str], environment: Mapping[str, str]) -> Iterator[list[Machine]]:
    """Give machines of these names."""
    _ip("netns", "add", SWITCH)
    made: list[Machine] = []
    try:
        _ip("-n", SWITCH, "link", "add", "br0", "type", "bridge")
        _ip("-n", SWITCH, "link", "set", "br0", "up")
        for number, name in enumerate(names, 1):
            made.append(Machine(name, number, environment))
        yield made
    finally:
        for machine in made:
            machine.remove()
        _ip("netns", "del", SWITCH)


def wait_for(path: Path, text: str, seconds: float) -> float:
    """Wait until a text is in a file; return how many seconds that took."""
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        if path.exists() and text in path.read_text(errors="replace"):
            return time.monotonic() - began
        time.sleep(0.05)
    found = path.read_text(errors="replace")[-3000:] if path.exists() else "nothing"
    raise AssertionError(f"{text!r} is not in {path.name} after {seconds:.0f} s, but: {found}")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
