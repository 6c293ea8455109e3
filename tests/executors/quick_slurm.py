"""The client of Slurm, which asks more often than is kind to a cluster that others use."""

import sys

from reportgen.executors.serving import serve
from reportgen.executors.slurm import client

if __name__ == "__main__":
    client._EVERY = 0.2
    client.Queue.pause = 0.05
    sys.exit(serve(client.Queue))
