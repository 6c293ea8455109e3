"""One sitting of a training in a process of its own: ``sitting.py FOLDER [EPOCH STEP]`` dies there."""

import os
import signal
import sys
from pathlib import Path

from reportgen.experiment.codec import PREDICTIONS, files_of
from reportgen.experiment.job import Progress
from reportgen.experiment.train import train
from tests.experiment.jobs import RESTLESS, digits, job


def main() -> None:
    folder, *end = sys.argv[1:]

    def observe(progress: Progress) -> None:
        if end and (progress.epoch, progress.step) >= (int(end[0]), int(end[1])):
            os.kill(os.getpid(), signal.SIGKILL)

    done = train(job("everything", **RESTLESS), digits(), Path(folder), observe)
    curves = [done.record.history.loss, done.record.history.val_loss, done.record.history.val_accuracy]
    Path(folder, "weights").write_bytes(done.weights)
    Path(folder, "predictions").write_bytes(files_of(done.record)[PREDICTIONS])
    Path(folder, "curves").write_text(repr(curves))


if __name__ == "__main__":
    main()
