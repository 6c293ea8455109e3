"""One sitting of a training, in its own process: ``sitting.py FOLDER fast|keras [EPOCH STEP]`` dies there."""

import os
import signal
import sys
from pathlib import Path

from reportgen.training import checkpoint
from reportgen.training.codec import PREDICTIONS, files_of
from reportgen.training.fast import Sharing, arrange
from reportgen.training.job import Progress
from reportgen.training.train import train
from tests.training.jobs import RESTLESS, digits, job


def main() -> None:
    folder, way, *end = sys.argv[1:]

    def observe(progress: Progress) -> None:
        if end and (progress.epoch, progress.step) >= (int(end[0]), int(end[1])):
            os.kill(os.getpid(), signal.SIGKILL)

    sharing = arrange(Sharing(), checkpoint.threads(Path(folder)))
    wanted = job("everything", **RESTLESS, fast=way == "fast")
    done = train(wanted, digits(), Path(folder), observe, sharing)
    curves = [done.record.history.loss, done.record.history.val_loss, done.record.history.val_accuracy]
    Path(folder, "weights").write_bytes(done.weights)
    Path(folder, "predictions").write_bytes(files_of(done.record)[PREDICTIONS])
    Path(folder, "curves").write_text(repr(curves))


if __name__ == "__main__":
    main()
