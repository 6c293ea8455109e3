"""A worker whose results are made up, and whole: what is built and trained is told by the source."""

import hashlib
import json
import sys
from pathlib import Path

from reportgen.training import codec
from reportgen.training.authored import compute
from reportgen.training.job import Job, dataset_file
from tests.pipeline.made_up import WEIGHTS, result


def say(**event):
    print(json.dumps(event), flush=True)


def main():
    request = json.load(sys.stdin)
    if request["task"] == "identify":
        for index, job in enumerate(request["jobs"]):
            digest = hashlib.sha256(str(job["projection"]["builder"]).encode()).hexdigest()
            say(event="identity", index=index, config="{}", digest=digest, reads={})
        say(event="done")
        return
    if request["task"] == "data":
        out = Path(request["out"])
        reads = compute(request["sources"], dataset_file(request["dataset_file"]), out)
        say(event="done", reads=reads, files=sorted(path.name for path in out.iterdir()))
        return
    files = {**codec.files_of(result(Job.from_json(request["job"]))), codec.WEIGHTS: WEIGHTS}
    for name, data in files.items():
        Path(request["out"], name).write_bytes(data)
    say(event="done", files=sorted(files))


if __name__ == "__main__":
    main()
