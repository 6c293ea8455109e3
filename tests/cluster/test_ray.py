"""A real Ray on simulated machines: one is switched off, one cut off, one has a wrong token."""

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest

from reportgen.executors.ray.settings import SETTINGS
from reportgen.store import Store
from reportgen.training import codec
from tests.cluster.faults import tried
from tests.cluster.machines import Machine, machines, possible, wait_for
from tests.cluster.scenario import key_of, undisturbed

ROOT = Path(__file__).parent.parent.parent
missing = possible() or (
    "" if find_spec("ray") else "Ray is not installed: pip install -r requirements/ray.lock"
)
pytestmark = pytest.mark.skipif(bool(missing), reason=f"NOT TESTED on several machines: {missing}")
TOKEN = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "t" * 64}
HEAD = "10.77.0.1:6379"
SCENARIO = (sys.executable, "-m", "tests.cluster.scenario", f"ray:{HEAD}")
SMALL = ("--object-store-memory=80000000", "--block")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the machines keep what they work with; a disk of its own where one is mounted there."""
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def cluster(scratch: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Machine]]:
    """Give four machines: a head that trains nothing, and three that train one model at a time."""
    logs = tmp_path_factory.mktemp("logs")
    environment = {**os.environ, **SETTINGS, **TOKEN, "PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0"}
    environment |= {"TMPDIR": str(scratch), "RAY_TMPDIR": "/tmp", "XDG_STATE_HOME": str(logs / "state")}
    ray = (sys.executable, "-m", "ray.scripts.scripts", "start")
    with machines("abcd", environment) as found:
        head, *nodes = found
        arguments = ("--head", "--port=6379", "--num-cpus=0", "--include-dashboard=false")
        head.start(*ray, *arguments, f"--node-ip-address={head.address}", *SMALL, log=logs / "a")
        wait_for(logs / "a", "Ray runtime started", 60)
        (logs / "cpuinfo").write_text("model name : another processor\n")
        mount = ("mount", "--bind", str(logs / "cpuinfo"), "/proc/cpuinfo")
        nodes[-1].start(*mount, log=logs / "mount").wait()
        for node in nodes:
            joins = (f"--address={HEAD}", f"--node-ip-address={node.address}", "--num-cpus=1")
            node.start(*ray, *joins, *SMALL, log=logs / node.name)
        for node in nodes:
            wait_for(logs / node.name, "Ray runtime started", 60)
        yield found


def test_a_full_disk_and_a_share_that_is_not_mounted(
    cluster: list[Machine], tmp_path: Path, scratch: Path
) -> None:
    head, full, unmounted, _ = cluster
    tried(head, full, unmounted, SCENARIO, tmp_path, scratch)
    assert re.search(
        "these machines have different processors.*: b, c: .*; d: another processor",
        (tmp_path / "mended").read_text(),
    )


def test_a_share_that_goes_away_on_a_machine_has_its_result_when_it_is_back_and_ctrl_c_ends_the_rest(
    cluster: list[Machine], tmp_path: Path, scratch: Path
) -> None:
    head, share, log = cluster[0], tmp_path / "share", tmp_path / "log"
    share.mkdir()
    head.start(*SCENARIO, share.as_uri(), "goes on", "hangs", log=log)
    node, other = (that_trains(model, cluster, log) for model in ("goes on", "hangs"))
    node.start("mount", "-t", "tmpfs", "nothing", str(share), log=tmp_path / "mount").wait()
    (scratch / "go").touch()
    wait_for(log, "is not here: what was written there is missing; the training is finished", 30)
    assert re.search(rf"on {node.name}: .*its result is kept in .*waiting for the store", log.read_text())
    node.start("umount", str(share), log=tmp_path / "mount").wait()
    within(30, lambda: key_of("goes on") in Store.open(tmp_path / "laptop", share.as_uri()))
    assert len(list((share / "results").glob("*/*/attempt-*"))) == 1
    assert other.processes("tests.executors.fake_worker")
    for pid in head.processes("tests.cluster.scenario"):
        os.kill(pid, signal.SIGINT)
    wait_for(log, "KeyboardInterrupt", 30)
    within(30, lambda: not other.processes("tests.executors.fake_worker"))


def within(seconds: int, happened: Callable[[], bool]) -> None:
    for _ in range(seconds * 10):
        if happened():
            return
        time.sleep(0.1)
    raise AssertionError(f"it has not happened in {seconds} s")


def that_trains(model: str, cluster: list[Machine], log: Path) -> Machine:
    """Return the machine on which a model is trained."""
    wait_for(log, f"{model} on ", 60)
    return next(machine for machine in cluster if f"{model} on {machine.name}:" in log.read_text())


def test_faults_of_machines_lose_nothing(cluster: list[Machine], tmp_path: Path) -> None:
    """What one has trained that is switched off ends elsewhere with the weights of undisturbed training."""
    head, share, log = cluster[0], (tmp_path / "share of group 7 ä").as_uri(), tmp_path / "log"
    run = (*SCENARIO, share)
    alone = ThreadPoolExecutor(1).submit(undisturbed, tmp_path / "alone")
    stranger = head.start(*run, "fine", log=tmp_path / "stranger", RAY_AUTH_TOKEN="f" * 64)
    driver = head.start(*run, "really", "stays", "other versions", log=log)
    by_name = {machine.name: machine for machine in cluster}
    where = {}
    for model, epoch in (("stays", 2), ("really", 4)):
        wait_for(log, f"{model} on ", 60)
        (where[model],) = set(re.findall(rf"^{model} on (\w):", log.read_text(), re.MULTILINE))
        wait_for(log, f"{model} on {where[model]}: epoch {epoch}", 60)
    time.sleep(0.5)  # for checkpoints to be shared
    by_name[where["really"]].off()
    by_name[where["stays"]].cut()
    driver.wait(90)
    by_name[where["stays"]].mend()
    text = log.read_text()
    (third,) = {"b", "c", "d"} - set(where.values())
    for model, epoch in (("stays", "2"), ("really", "[234]")):
        assert f"{where[model]} was lost while it trained {model}; it is started again" in text
        assert re.search(rf"^{model} on {third}: epoch {epoch} \(resumed\)", text, re.MULTILINE)
    store = Store.open(tmp_path / "laptop", share)
    stays, really = (store.get(key_of(model)) for model in ("stays", "really"))
    assert stays is not None and really is not None
    assert really.read(codec.WEIGHTS) == alone.result()
    (place,) = {int(each) for each in re.findall(rf"^really on {third}: epoch ([234]) .resumed", text, re.M)}
    before, after = codec.read(really.read).environment.sittings
    assert before.startswith(f"epochs 1 to {place - 1}:" if place > 2 else "epoch 1:")
    assert after.startswith(f"epochs {place} to 6:")
    assert re.search(
        r"TrainingError: other versions was planned for the training loop \d+, but [bcd] has", text
    )
    assert stranger.wait(60) == 0
    assert "there is no Ray cluster at" in (tmp_path / "stranger").read_text()
