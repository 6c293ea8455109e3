"""A real Slurm on simulated machines: a controller, and two nodes of which one is switched off."""

import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.store import Store
from tests.cluster.faults import tried
from tests.cluster.machines import Machine, machines, possible, wait_for
from tests.cluster.scenario import key_of

ROOT = Path(__file__).parent.parent.parent
PROGRAMS = ("slurmctld", "slurmd", "sbatch", "munged")
absent = [name for name in PROGRAMS if shutil.which(name) is None]
missing = possible() or (
    f"{', '.join(absent)} not installed: apt install slurmctld slurmd munge" if absent else ""
)
pytestmark = pytest.mark.skipif(bool(missing), reason=f"NOT TESTED on Slurm: {missing}")
CONF = """\
ClusterName=lab
SlurmctldHost=a(10.77.0.1)
SlurmUser=root
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
SlurmdTimeout=5
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,sched_interval=1,bf_interval=1
KillWait=1
StateSaveLocation={0}/state
SlurmdSpoolDir={0}/spool-%n
SlurmctldPidFile={0}/slurmctld.pid
SlurmdPidFile={0}/slurmd-%n.pid
SlurmctldLogFile={0}/slurmctld.log
SlurmdLogFile={0}/slurmd-%n.log
NodeName=b NodeAddr=10.77.0.2 CPUs=1 RealMemory=1000
NodeName=c NodeAddr=10.77.0.3 CPUs=1 RealMemory=1000
PartitionName=lab Nodes=b,c Default=YES MaxTime=INFINITE State=UP
"""
START = r"""
printf '10.77.0.1 a\n10.77.0.2 b\n10.77.0.3 c\n127.0.0.1 localhost\n' >"$0/hosts-$1"
mount --bind "$0/hosts-$1" /etc/hosts
mount -t tmpfs cgroup /sys/fs/cgroup  # a new network namespace hides them
for kind in freezer cpuset memory cpu cpuacct devices; do
    mkdir "/sys/fs/cgroup/$kind" && mount -t cgroup -o "$kind" cgroup "/sys/fs/cgroup/$kind"
done
mount -t tmpfs run /run && mkdir -p /run/munge && cp "$0/munge.key" /run/munge/key
chown -R munge /run/munge && chmod 755 /run/munge && chmod 400 /run/munge/key
cd /run/munge
files="--key-file=key --pid-file=pid --log-file=log --seed-file=seed --socket=munge.socket.2"
files=$(echo "$files" | sed "s|=|=$PWD/|g")
setpriv --reuid munge --regid munge --clear-groups munged --force $files
until [ -S /run/munge/munge.socket.2 ]; do sleep 0.1; done
[ "$1" = a ] && exec slurmctld -D -c
exec slurmd -D -N "$1"
"""


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the machines keep what they work with; a disk of its own where one is mounted there."""
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def cluster(scratch: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Machine]]:
    folder = tmp_path_factory.mktemp("slurm")
    (folder / "state").mkdir()
    (folder / "slurm.conf").write_text(CONF.format(folder))
    (folder / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")
    (folder / "munge.key").write_bytes(os.urandom(128))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SLURM_CONF": str(folder / "slurm.conf")}
    environment |= {"TMPDIR": str(scratch)}
    with machines("abc", environment) as found:
        for machine in found:
            machine.start("sh", "-c", START, str(folder), machine.name, log=folder / f"{machine.name}.out")
        for _ in range(60):
            found[0].start("sinfo", "--noheader", "--format=%T %D", log=folder / "sinfo").wait()
            if "idle 2" in (folder / "sinfo").read_text():
                break
            time.sleep(0.5)
        else:
            raise AssertionError("".join(path.read_text() for path in sorted(folder.glob("*.out"))))
        yield found


@pytest.fixture(autouse=True)
def no_job_is_left(cluster: list[Machine], tmp_path: Path) -> Iterator[None]:
    """One test that fails leaves nothing that the next one would meet."""
    yield
    cluster[0].start("scancel", "--user=root", log=tmp_path / "cancelled").wait()


def test_a_full_disk_and_a_share_that_is_not_mounted(
    cluster: list[Machine], tmp_path: Path, scratch: Path
) -> None:
    head, full, unmounted = cluster
    tried(
        head,
        full,
        unmounted,
        (sys.executable, "-m", "tests.cluster.scenario", "slurm:lab"),
        tmp_path,
        scratch,
    )


def test_a_job_is_taken_over_after_the_planner_was_switched_off(
    cluster: list[Machine], tmp_path: Path, scratch: Path
) -> None:
    head, share, log = cluster[0], (tmp_path / "share").as_uri(), tmp_path / "log"
    scenario = (sys.executable, "-m", "tests.cluster.scenario", "slurm:lab", share, "goes on")
    head.start(*scenario, log=log)
    wait_for(log, "goes on on ", 60)
    # The client first: it would see the other one end, and cancel.
    for pid in head.processes("tests.executors.quick_slurm") + head.processes("tests.cluster.scenario"):
        os.kill(pid, signal.SIGKILL)
    before = jobs(head, tmp_path / "before")
    again = head.start(*scenario, log=tmp_path / "again")
    wait_for(tmp_path / "again", "goes on on ", 30)
    assert jobs(head, tmp_path / "after") == before, "it was submitted again"
    (scratch / "go").touch()
    again.wait(60)
    wait_for(tmp_path / "again", "everything is trained", 1)


def test_a_job_that_somebody_else_cancels_is_not_started_again(
    cluster: list[Machine], tmp_path: Path
) -> None:
    head, share, log = cluster[0], (tmp_path / "share").as_uri(), tmp_path / "log"
    scenario = (sys.executable, "-m", "tests.cluster.scenario", "slurm:lab", share, "hangs")
    driver = head.start(*scenario, log=log)
    wait_for(log, "hangs on ", 60)
    (job,) = jobs(head, tmp_path / "jobs")
    head.start("scancel", job, log=tmp_path / "scancel").wait()
    driver.wait(60)
    assert re.search(rf"TrainingError: .*job {job} of hangs ended as CANCELLED", log.read_text())


def jobs(head: Machine, log: Path) -> list[str]:
    """Return the jobs that run, one at least; a controller that is busy may take a while to tell them."""
    for _ in range(20):
        command = ("squeue", "--noheader", "--states=running", "--format=%i")
        if head.start(*command, log=log).wait() == 0 and (found := log.read_text().split()):
            return found
        time.sleep(0.5)
    raise AssertionError(f"no job runs: {log.read_text()}")


def test_a_node_that_fails_loses_nothing_and_ctrl_c_cancels(cluster: list[Machine], tmp_path: Path) -> None:
    folder = tmp_path / "group 7 ä"
    folder.mkdir()
    head, share, log = cluster[0], (folder / "share").as_uri(), tmp_path / "log"
    scenario = (sys.executable, "-m", "tests.cluster.scenario", "slurm:lab", share)
    driver = head.start(*scenario, "stays", "other versions", log=log)
    wait_for(log, "stays on ", 60)
    node = next(machine for machine in cluster if f"stays on {machine.name}:" in log.read_text())
    wait_for(log, f"stays on {node.name}: epoch 2", 30)
    time.sleep(0.5)  # for the checkpoint to be shared
    node.off()
    # Slurm finds that out by itself, in about 40 s.
    down = ("scontrol", "update", f"nodename={node.name}", "state=down", "reason=off")
    head.start(*down, log=tmp_path / "down").wait()
    driver.wait(120)
    text, (other,) = log.read_text(), {"b", "c"} - {node.name}
    assert f"stays ended as NODE_FAIL on {node.name}" in text
    assert f"stays on {other}: epoch 2 (resumed)" in text
    assert Store.open(tmp_path / "laptop", share).get(key_of("stays")) is not None
    assert "TrainingError: other versions was planned for the training loop" in text
    head.start(*scenario, "hangs", log=tmp_path / "second")
    wait_for(tmp_path / "second", "hangs on ", 60)
    for pid in head.processes("tests.cluster.scenario"):
        os.kill(pid, signal.SIGINT)
    wait_for(tmp_path / "second", "KeyboardInterrupt", 30)
    head.start("squeue", "--noheader", log=tmp_path / "squeue").wait()
    assert " R " not in (tmp_path / "squeue").read_text()
    assert not list((folder / ".reportgen/slurm").iterdir()), "files of jobs were left behind"
