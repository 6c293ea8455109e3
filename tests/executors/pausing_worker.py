"""The real worker, which trains no further than into epoch 4 unless it goes on after a checkpoint."""

import sys
import time

from reportgen.training import worker

speaker = worker.speaker


def pausing(stream):
    say = speaker(stream)

    def paused(**event):
        say(**event)
        if event.get("epoch") == 4 and not event.get("resumed"):
            time.sleep(600)

    return paused


if __name__ == "__main__":
    worker.speaker = pausing
    sys.exit(worker.main())
