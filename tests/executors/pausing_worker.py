"""The real worker, which trains no further than into epoch 4 unless it goes on after a checkpoint."""

import io
import json
import os
import sys
import time

from reportgen.training import worker

speaker = worker.speaker


def pausing(stream):
    say, epochs = speaker(stream), set()

    def paused(**event):
        say(**event)
        epoch = 0 if event.get("resumed") else event.get("epoch", 0)
        if epoch and epoch not in epochs:
            epochs.add(epoch)
            time.sleep(600 if epoch == 4 else 0.3)  # for the checkpoint of the epoch before to be shared

    return paused


def serve(request=None):
    """Serve a request, that on standard input if none is given, and end this process."""
    if request is not None:
        sys.stdin = io.StringIO(json.dumps(request))
    worker.speaker = pausing
    os._exit(worker.main())


if __name__ == "__main__":
    serve()
