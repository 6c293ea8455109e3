"""Download one file: go on where a broken download stopped, and give up soon on a silent host."""

import http.client
import json
import queue
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from reportgen.datasets.fetch_types import Progress, UnavailableError

CHUNK = 1 << 18


class _Redirects(HTTPRedirectHandler):
    """Follows where an address leads, but not from an encrypted connection to one that is not."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage, newurl: str
    ) -> Request | None:
        """Return the next request, see `urllib.request`."""
        if req.type == "https" and not newurl.startswith("https:"):
            raise ConnectionError(f"it leads to {newurl[:200]}, without https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Response(Protocol):
    status: int
    headers: http.client.HTTPMessage

    def read1(self, size: int) -> bytes: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Limits:
    """How long to wait, in seconds, and how much to accept, in bytes.

    Attributes
    ----------
    answer : float
        For name look-up, connection and the head of the answer together.
    stall : float
        For the next bytes of a download that has begun.
    size : int
        Largest file that is accepted.
    """

    answer: float = 5.0
    stall: float = 15.0
    size: int = 1 << 29


def download(url: str, target: Path, progress: Progress, limits: Limits | None = None) -> None:
    """Fetch `url` into `target`, which appears only when it is complete.

    What has come so far lies in ``<target>.part``, with the server's mark of that version of the
    file beside it: only the same version is continued, any other is begun anew. A broken connection
    is taken up again for as long as every try brings something.

    Raises
    ------
    UnavailableError
        The host is silent or refuses, the file is too large, or the download keeps breaking.
    """
    part = target.with_name(f"{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    while True:
        before = _size(part)
        try:
            _go_on(url, part, progress, limits or Limits())
        except HTTPError as error:
            error.close()
            if before and error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
                part.unlink()
                continue
            raise UnavailableError(f"the server answered {error.code} {error.reason}") from error
        except (OSError, http.client.HTTPException) as error:
            if _size(part) <= before:
                raise UnavailableError(f"{_reason(error)}{_kept(part)}") from error
        else:
            part.replace(target)
            _mark_path(part).unlink(missing_ok=True)
            return


def _go_on(url: str, part: Path, progress: Progress, limits: Limits) -> None:
    """Fetch what is missing of `part`; return when it is complete."""
    have, mark = _size(part), _mark(part, url)
    headers = {"User-Agent": "reportgen"}
    if have and mark:
        headers |= {"Range": f"bytes={have}-", "If-Range": mark}
    response = _open(Request(url, headers=headers), limits)  # noqa: S310 - a URL of our own table
    try:
        start, total = _extent(response, have)
        if start == 0:
            _remember(part, url, response.headers)
        if (total or 0) > limits.size:
            raise UnavailableError(f"it has {total:,} bytes, more than any file of this kind")
        done = start
        with part.open("r+b" if start else "wb") as file:
            file.seek(start)
            while chunk := response.read1(CHUNK):
                done += file.write(chunk)
                progress(f"downloading {url}", done, total)
                if done > limits.size:
                    raise UnavailableError(
                        f"it has over {limits.size:,} bytes, more than any file of this kind"
                    )
    finally:
        response.close()
    if total is not None and done < total:
        raise ConnectionError(f"the connection broke after {done:,} of {total:,} bytes")


def _extent(response: _Response, have: int) -> tuple[int, int | None]:
    """Return the first byte that `response` brings, and the whole file's size, if the answer says it."""
    if response.status != http.client.PARTIAL_CONTENT:
        length = response.headers.get("Content-Length")
        return 0, int(length) if length else None
    said = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
    if not said or int(said[1]) != have:
        raise ConnectionError("the server resumed at a different offset than requested")
    return have, int(said[2])


def _open(request: Request, limits: Limits) -> _Response:
    """Return the answer to `request`, or raise TimeoutError after ``limits.answer`` seconds in all.

    A socket's own time limit covers neither the name look-up nor a second address that is tried
    after the first, hence the thread.
    """
    answers: queue.SimpleQueue[_Response | Exception] = queue.SimpleQueue()
    given_up = threading.Event()

    def ask() -> None:
        try:
            response: _Response = build_opener(_Redirects).open(request, timeout=limits.stall)
        except Exception as error:
            answers.put(error)
        else:
            answers.put(response)
            if given_up.is_set():
                response.close()

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=limits.answer)
    except queue.Empty:
        given_up.set()
        raise TimeoutError(f"no answer within {limits.answer:g} s") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _mark_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _remember(part: Path, url: str, headers: http.client.HTTPMessage) -> None:
    etag = headers.get("ETag", "")
    mark = etag if etag and not etag.startswith("W/") else headers.get("Last-Modified", "")
    _mark_path(part).write_text(json.dumps({"url": url, "mark": mark}), encoding="utf-8")


def _mark(part: Path, url: str) -> str:
    """Return the server's mark of what `part` is a piece of; empty where it can't be continued."""
    try:
        said = json.loads(_mark_path(part).read_text(encoding="utf-8"))
        return str(said["mark"]) if said["url"] == url else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _reason(error: BaseException) -> str:
    return str(getattr(error, "reason", None) or error) or type(error).__name__


def _kept(part: Path) -> str:
    size = _size(part)
    return f"; {size:,} bytes are kept, and the next run resumes from there" if size else ""
