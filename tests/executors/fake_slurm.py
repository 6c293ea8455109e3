"""sbatch, squeue, scancel and sinfo of a made-up cluster: jobs are processes of this machine.

What is called decides what it does; jobs are folders in $FAKE_SLURM.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

HOME = Path(os.environ["FAKE_SLURM"])
RUN = """sh "$0/script" >"$1" 2>"$2" && state=COMPLETED || state=FAILED
[ -e "$0/state" ] || echo $state >"$0/state"
"""


def sbatch(arguments):
    options = dict(each.removeprefix("--").partition("=")[::2] for each in arguments)
    if "gpu:3" in options.get("gres", ""):
        sys.exit("sbatch: error: Requested node configuration is not available")
    number = len(list(HOME.iterdir())) + 1
    job = HOME / str(number)
    job.mkdir()
    (job / "comment").write_text(options["comment"])
    (job / "script").write_text(sys.stdin.read())
    paths = [options[name].replace("%j", str(number)) for name in ("output", "error")]
    started = subprocess.Popen(
        ["sh", "-c", RUN, str(job), *paths], stdin=-3, stdout=-3, stderr=-3, start_new_session=True
    )
    (job / "pid").write_text(str(started.pid))
    print(number)


def squeue(arguments):
    for job in sorted(HOME.iterdir()):
        state = (job / "state").read_text().strip() if (job / "state").exists() else "RUNNING"
        if "--states=all" in arguments:
            print(f"{job.name}|{state}|made-up|None")
        elif state == "RUNNING":
            print(f"{job.name}|{(job / 'comment').read_text()}")


def scancel(arguments):
    for name in arguments:
        (HOME / name / "state").write_text("CANCELLED")
        os.killpg(int((HOME / name / "pid").read_text()), signal.SIGKILL)


def sinfo(arguments):
    print("made-up|2|8000|gpu:a100:2(S:0)|idle\nbroken|64|8000|gpu:64|down*")


globals()[Path(sys.argv[0]).name](sys.argv[1:])
