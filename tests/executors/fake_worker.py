"""A worker that trains nothing: it does what the model's name says."""

import ctypes
import errno
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path


def end_with_parent():
    """Do as the real worker, whose module would take a quarter of a second to import, for each test."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def say(**event):
    print(json.dumps(event), flush=True)


def stay(folder):
    """Train for ever, unless a checkpoint of epoch 1 came from elsewhere."""
    checkpoint = folder / "checkpoint.safetensors"
    if not checkpoint.exists():
        checkpoint.write_text("epoch 1")
        say(event="progress", phase="training", epoch=2, epochs=2, step=0, steps=1)
        time.sleep(600)
    say(event="progress", phase="training", epoch=2, epochs=2, step=1, steps=1, resumed=True)


def lose(job, folder):
    """End the machine in epoch 2, unless a checkpoint of epoch 1 came from elsewhere."""
    checkpoint = folder / "checkpoint.safetensors"
    if checkpoint.exists() and job["model"] == "loses once":
        say(event="progress", phase="training", epoch=2, epochs=2, step=1, steps=1, resumed=True)
        return
    checkpoint.write_text("epoch 1")
    say(event="progress", phase="training", epoch=2, epochs=2, step=0, steps=1)
    if job["model"] == "loses once":
        time.sleep(1)  # for it to be shared
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)


def main():
    end_with_parent()
    request = json.load(sys.stdin)
    if request["task"] == "train" and request["job"]["model"] == "really":
        from tests.executors import pausing_worker

        pausing_worker.serve(request)
    if request["task"] == "identify":
        for index, job in enumerate(request["jobs"]):
            say(event="identity", index=index, config=job["builder"], digest="d" * 64, reads={})
        say(event="done")
        return
    if request["task"] == "augment":
        import numpy as np

        shape = (request["images"], 1 + request["versions"], 2, 2, 1)
        np.save(Path(request["out"], "augmented.npy"), np.zeros(shape, np.uint8))
        say(event="done", files=["augmented.npy"], labels=list(range(request["images"])))
        return
    job, folder = request["job"], Path(request["folder"])
    with (folder / "starts").open("a") as starts:
        starts.write("x")
    say(
        event="progress",
        phase="training",
        epoch=1,
        epochs=1,
        step=1,
        steps=1,
        loss=1.0,
        accuracy=0.5,
        pid=os.getpid(),
    )
    match job["model"]:
        case "loses" | "loses once":
            lose(job, folder)
        case "stays" | "stays too":
            stay(folder)
        case "reads":
            text = Path(job["models_path"]).with_name("table.csv").read_text()
            Path(request["out"], "record.json").write_text(json.dumps([text, request["job"]]))
            say(event="done", files=["record.json"])
            return
        case "fails":
            problem = {"path": "models.py", "line": 3, "message": "boom", "remedy": "mend it"}
            say(event="error", kind="input", problems=[problem])
            sys.exit(1)
        case "diverges":
            problem = {"path": "", "line": 0, "message": "the loss is NaN", "remedy": ""}
            say(event="error", kind="diverged", problems=[problem])
            sys.exit(1)
        case "dies":
            sys.stderr.write("last words\n")
            os.kill(os.getpid(), signal.SIGKILL)
        case "exits":
            sys.stderr.write("last words\n")
            sys.exit(3)
        case "babbles":
            print("no json", flush=True)
        case "leaves":
            os._exit(0)
        case "large" | "larger" | "largest":
            (folder / "weights").write_bytes(bytes(8 << 20))
            time.sleep(1)
        case name if name.startswith("waits"):
            time.sleep(5)
        case "goes on":
            while not Path(os.environ["TMPDIR"], "go").exists():
                time.sleep(0.1)
        case "fills":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder / "weights"))
        case "unmounts":
            share = Path(job["projection"]["share"])
            share.rename(share.with_name("away"))
        case "hangs":
            time.sleep(600)
        case "ignores":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            say(event="progress", phase="deaf", epoch=1, epochs=1, step=1, steps=1, loss=1.0, accuracy=0.5)
            time.sleep(600)
        case "lingers":
            if os.fork() == 0:
                time.sleep(600)
            threading.Thread(target=time.sleep, args=[600]).start()
    Path(request["out"], "record.json").write_text(json.dumps(job["key"]))
    say(event="done", files=["record.json"])


if __name__ == "__main__":
    main()
