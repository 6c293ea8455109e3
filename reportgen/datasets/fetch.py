"""Get a built-in data set: from the cache, or from the first of its sources whose every byte is right."""

import logging
import shutil
from collections.abc import Iterator, Sequence

from reportgen.datasets.cache import Cache, verify
from reportgen.datasets.fetch_types import Arrays, Attempt, RefusedError, Request, UnavailableError
from reportgen.datasets.published import Published
from reportgen.datasets.sources import Source
from reportgen.errors import DataError, Problem

_log = logging.getLogger(__name__)


def obtain(
    published: Published, sources: Sequence[Source], cache: Cache, request: Request, offline: bool = False
) -> Arrays:
    """Return the four arrays of a data set from the cache; fetch them into it first where need be.

    Parameters
    ----------
    sources : sequence of Source
        Tried in this order.
    offline : bool
        Leave out the sources that need the network.

    Returns
    -------
    mapping of str to ndarray of uint8
        Verified, read-only, mapped from the cache's files.

    Raises
    ------
    DataError
        No source has it (the message says what each of them answered), or the cache can't be used.
    """
    try:
        return _cached_or_none(published, cache, []) or _fetch(published, sources, cache, request, offline)
    except OSError as error:
        raise DataError(
            Problem(
                "",
                0,
                f"the data cache {cache.root} can't be used: {error.strerror or error}",
                "set REPORTGEN_DATA to a writable folder with 1 GB free",
            )
        ) from error


def _fetch(
    published: Published, sources: Sequence[Source], cache: Cache, request: Request, offline: bool
) -> Arrays:
    def waiting() -> None:
        request.progress(f"waiting for another process that fetches {published.title}", 0, None)

    with cache.lock(published.name, waiting):
        failures: list[str] = []
        # Whoever held the lock before us may have fetched it.
        if cached := _cached_or_none(published, cache, failures):
            return cached
        if cache.folder(published.name).exists():
            _log.warning("fetched anew: %s", failures[-1])
        for attempt in _attempts(sources, request, offline, failures):
            try:
                arrays = attempt.arrays()
                request.progress(f"verifying {published.title}", 0, None)
                verify(published, arrays)
            except UnavailableError as error:
                failures.append(f"{attempt.label}: {error}")
                _log.log(logging.WARNING if isinstance(error, RefusedError) else logging.INFO, failures[-1])
                continue
            cache.write(published, arrays)
            del arrays
            shutil.rmtree(request.scratch, ignore_errors=True)
            if stored := _cached_or_none(published, cache, failures):
                return stored
    raise DataError(_nowhere(published, sources, failures))


def _attempts(
    sources: Sequence[Source], request: Request, offline: bool, failures: list[str]
) -> Iterator[Attempt]:
    """Yield what the sources offer, one after the other; note those that have nothing."""
    for source in sources:
        if offline and source.network:
            failures.append(f"{source.label}: skipped, because the run is offline")
            continue
        empty = True
        for attempt in source.attempts(request):
            empty = False
            yield attempt
        if empty:
            failures.append(f"{source.label}: nothing there")


def _nowhere(published: Published, sources: Sequence[Source], failures: Sequence[str]) -> Problem:
    accepted = dict.fromkeys(name for source in sources for name in source.accepts)
    remedy = (
        f"set REPORTGEN_DATA_SOURCE to a folder that contains {' or '.join(accepted)}" if accepted else ""
    )
    listed = "".join(f"\n  - {failure}" for failure in failures)
    return Problem("", 0, f"{published.title} could not be fetched from any source:{listed}\n", remedy)


def _cached_or_none(published: Published, cache: Cache, failures: list[str]) -> Arrays | None:
    reason = "nothing there"
    try:
        if arrays := cache.read(published):
            return arrays
    except UnavailableError as error:
        reason = str(error)
    failures.append(f"own cache, {cache.folder(published.name)}: {reason}")
    return None
