"""Good files made bad: bytes flipped, cut and repeated, and values of JSON exchanged."""

import itertools
import json
import random
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from reportgen.errors import ReportgenError

T = TypeVar("T")
VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    2**63,
    10**18,
    -(10**400),
    1.5,
    1e308,
    float("nan"),
    float("inf"),
    "",
    "x",
    "\0",
    "\x1b[2J",
    "../../x",
    "a" * 70_000,
    [],
    [[]],
    [None],
    ["x"],
    {},
    {"x": {}},
    [0] * 300,
)


def flips(good: bytes, count: int, seed: int = 1) -> Iterator[bytes]:
    """Yield `count` copies of `good` with a few bytes changed, cut out, put in or cut off."""
    draw = random.Random(seed)
    for _ in range(count):
        data = bytearray(good)
        for _ in range(draw.choice((1, 1, 1, 2, 8))):
            at = draw.randrange(len(data) + 1)
            match draw.randrange(6):
                case 0 | 1 if at < len(data):
                    data[at] ^= 1 << draw.randrange(8)
                case 2:
                    del data[at : at + draw.choice((1, 4, 100))]
                case 3:
                    data[at:at] = bytes(draw.randrange(256) for _ in range(draw.choice((1, 4))))
                case 4:
                    data[at:at] = data[max(0, at - 50) : at]
                case _:
                    data[at : at + 4] = draw.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f"))
            if not data:
                break
        yield bytes(data)


def exchanged(good: bytes, every: int = 1) -> Iterator[bytes]:
    """Yield the JSON document in `good` with each of its values, one after the other, dropped or replaced.

    With `every`, only each so many-th of these documents is yielded; the others are not written.
    """
    document = json.loads(good)
    for _ in itertools.islice(_exchanges(document), 0, None, every):
        yield json.dumps(document).encode()


def _exchanges(document: Any) -> Iterator[None]:
    """Yield while one value after the other of a document is dropped or replaced."""
    draw = random.Random(2)
    for owner, key in list(_places(document)):
        kept = owner[key]
        for value in (*draw.sample(VALUES, 8), _deep(), [kept], {"x": kept}):
            owner[key] = value
            yield
        if isinstance(owner, dict):
            del owner[key]
            yield
        owner[key] = kept


def _deep() -> Any:
    value: Any = []
    for _ in range(500):
        value = [value]
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the owner and the key of every value; of a long list the first and the last."""
    if isinstance(value, dict):
        keys: list[Any] = list(value)
    elif isinstance(value, list):
        keys = list(range(len(value))) if len(value) < 4 else [0, len(value) - 1]
    else:
        return
    for key in keys:
        yield value, key
        yield from _places(value[key])


def outcome(read: Callable[[], T]) -> T | None:
    """Return what `read` gives; None where it says in one error why it can't."""
    try:
        return read()
    except ReportgenError as error:
        assert str(error)
        assert len(str(error)) < 2000
        return None
