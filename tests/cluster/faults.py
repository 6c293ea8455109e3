"""Two faults of one machine each, while others train: a full disk, and a share that is not mounted there."""

import re
from collections.abc import Sequence
from pathlib import Path

from reportgen.store import Store
from tests.cluster.machines import Machine, wait_for
from tests.cluster.scenario import key_of

LARGE = ("large", "larger", "largest")


def tried(
    head: Machine, full: Machine, unmounted: Machine, scenario: Sequence[str], folder: Path, scratch: Path
) -> None:
    """Train with both faults, mend them, and train again: nothing is lost, and nothing is there twice.

    Parameters
    ----------
    scratch : Path
        Where the machines keep what they work with, as TMPDIR in their environment says.
    """
    share, log = folder / "share", folder / "faults"
    share.mkdir()
    full.start("mount", "-t", "tmpfs", "-o", "size=4m", "scratch", str(scratch), log=log).wait()
    unmounted.start("mount", "-t", "tmpfs", "nothing", str(share), log=log).wait()
    command = (*scenario, share.as_uri(), *LARGE)
    head.start(*command, log=log).wait(120)
    text = log.read_text()
    assert f"{full.name}: the training process ended" in text, text
    assert f"no space left in {scratch}" in text
    assert f"{unmounted.name}: the shared store {share.as_uri()} is not here" in text, text
    assert not re.search("started . times|everything is trained", text)
    for machine, path in ((full, scratch), (unmounted, share)):
        machine.start("umount", str(path), log=log).wait()
    head.start(*command, log=folder / "mended").wait(120)
    wait_for(folder / "mended", "everything is trained", 1)
    store = Store.open(folder / "laptop", share.as_uri())
    assert all(store.get(key_of(model)) for model in LARGE)
    attempts = list((share / "results").glob("*/*/attempt-*"))
    assert len(attempts) == len(LARGE) == len(list((share / "results").glob("*/*/manifest.json")))
