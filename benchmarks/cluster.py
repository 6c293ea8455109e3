"""How long twelve trainings take on one, two and three simulated machines of half a core each, with Ray.

Machines are namespaces and control groups of this one, so it needs root on Linux with control groups of
version 1, Ray (pip install -r requirements/ray.lock), and that nothing else runs meanwhile. Trainings are
small networks of digits, 30 epochs on one thread; waits are tasks that only sleep for 5 s. Connecting is not
counted.

    python benchmarks/cluster.py --write docs/machines.md     about ten minutes
    python benchmarks/cluster.py --tasks 2 --machines 1       does it run? about two
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import markdown
import timing

from reportgen.executors import train
from reportgen.executors.names import named
from reportgen.executors.process import MODULE
from reportgen.executors.ray.settings import SETTINGS
from reportgen.store import Store
from reportgen.training.job import Job
from tests.cluster.machines import Machine, machines, possible, wait_for
from tests.executors.engines import FAKE
from tests.executors.test_local import job
from tests.training import jobs

ROOT = Path(__file__).parent.parent
HEAD = "10.77.0.1:6379"
TOKEN = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "t" * 64, "RAY_USAGE_STATS_ENABLED": "0"}
GROUPS = Path("/sys/fs/cgroup/cpu")
HALF = 50_000  # of 100,000 microseconds
WAIT = 5.0  # seconds, of `fake_worker`
KINDS = {"waits": "tasks that only wait for 5 s", "trainings": "small networks of digits, 30 epochs"}


def asked(kind: str, tasks: int) -> list[Job]:
    """Return the jobs of a kind."""
    if kind == "waits":
        found = [job(f"waits {number}") for number in range(tasks)]
    else:
        found = [replace(jobs.job("everything", epochs=30, seed=seed), threads=1) for seed in range(tasks)]
    return [
        replace(each, key=sha256(f"{kind} {number}".encode()).hexdigest())
        for number, each in enumerate(found)
    ]


def drive(kind: str, share: str, tasks: int) -> None:
    """On the first machine: run all tasks, and print the seconds that they took."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder), share, required=True)
        executor = named(f"ray:{HEAD}", share, Path(folder), FAKE if kind == "waits" else MODULE)
        try:
            executor.machines()
            began = time.perf_counter()
            train(asked(kind, tasks), store, lambda *_: None, executor=executor)
            print(f"took {time.perf_counter() - began}", flush=True)
        finally:
            executor.close()


@contextmanager
def cluster(count: int, folder: Path) -> Iterator[Machine]:
    """Start Ray on a machine that trains nothing and on `count` others of half a core; give the first one."""
    environment = {**os.environ, **SETTINGS, **TOKEN, "PYTHONPATH": f"{ROOT}:{Path(__file__).parent}"}
    ray = (sys.executable, "-m", "ray.scripts.scripts", "start", "--object-store-memory=80000000", "--block")
    groups = []
    try:
        with machines("abcd"[: count + 1], environment) as (head, *nodes):
            first = ("--head", "--port=6379", "--num-cpus=0", "--include-dashboard=false")
            head.start(*ray, *first, f"--node-ip-address={head.address}", log=folder / "a")
            wait_for(folder / "a", "Ray runtime started", 90)
            for node in nodes:
                joins = (f"--address={HEAD}", f"--node-ip-address={node.address}", "--num-cpus=1")
                node.start(*ray, *joins, log=folder / node.name)
                wait_for(folder / node.name, "Ray runtime started", 90)
                group = GROUPS / f"reportgen-{os.getpid()}-{node.name}"
                group.mkdir()
                groups.append(group)
                (group / "cpu.cfs_quota_us").write_text(str(HALF))
                for process in node.processes(""):  # what they start later is in the group as well
                    (group / "cgroup.procs").write_text(str(process))
            yield head
    finally:
        for group in groups:
            group.rmdir()


def measured(kind: str, count: int, tasks: int) -> float:
    """Return the seconds that tasks of a kind take on `count` machines."""
    with tempfile.TemporaryDirectory(prefix="reportgen-cluster-") as name:
        folder = Path(name)
        command = (sys.executable, str(Path(__file__)), "--drive", kind, (folder / "share").as_uri())
        with cluster(count, folder) as head:
            head.start(*command, "--tasks", str(tasks), log=folder / "log").wait(1800)
        wait_for(folder / "log", "took ", 1)
        return float(folder.joinpath("log").read_text().rpartition("took ")[2])


def rows(counts: Sequence[int], tasks: int) -> Iterator[tuple[str, ...]]:
    """Yield a row for each kind of task."""
    for kind, title in KINDS.items():
        seconds = [measured(kind, count, tasks) for count in counts]
        each = [took * count / tasks - WAIT for took, count in zip(seconds, counts, strict=True)]
        overhead = f"{min(each):.1f} to {max(each):.1f} s" if kind == "waits" else "–"
        yield (f"Ray, {title}", *(f"{took:.1f} s" for took in seconds), overhead)


def main() -> None:
    parser = markdown.parser(__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--tasks", type=int, default=12)
    parser.add_argument("--machines", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--drive", nargs=2, metavar=("KIND", "SHARE"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.drive:
        kind, share = chosen.drive
        drive(kind, share, chosen.tasks)
        return
    subprocess.run((sys.executable, "-c", "import ray"), check=True)
    if why := possible():
        sys.exit(why)
    busy = timing.busy()
    header = ("", *(f"{count} machine{'s' * (count > 1)}" for count in chosen.machines), "overhead a task")
    table = markdown.table(header, rows(chosen.machines, chosen.tasks))
    markdown.publish(f"{table}\n{busy}{timing.machine()}", "cluster", chosen.write)


if __name__ == "__main__":
    main()
