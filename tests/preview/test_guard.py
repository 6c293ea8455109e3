"""Nobody else reads along: each request of somebody else's is refused, whatever it asks for."""

import http.client
import json
import re
import socket
import time

import pytest

from tests.preview.served import Served

STRANGERS = {
    "another host": {"Host": "evil.example"},
    "another port": {"Host": "127.0.0.1:1"},
    "a name that leads here": {"Host": "rebound.example:{port}"},
    "another origin": {"Origin": "http://evil.example"},
    "another port's origin": {"Origin": "http://127.0.0.1:1"},
    "no origin at all, of a sandbox": {"Origin": "null"},
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "another port's page": {"Sec-Fetch-Site": "same-site"},
    "no token": {"Cookie": ""},
    "another token": {"Cookie": "reportgen-{port}=x"},
    "another preview's token": {"Cookie": "reportgen-1={token}"},
}
PATHS = ("/", "/events", "/frame", "/static/preview.js", "/ask?q={}", "/asset/x/y.svg", "/nowhere")


@pytest.mark.parametrize("stranger", STRANGERS)
def test_strangers_are_refused_everywhere(served: Served, stranger: str) -> None:
    given = {
        name: value.format(port=served.port, token=served.token)
        for name, value in STRANGERS[stranger].items()
    }
    headers = {**served.headers(), **given}
    for path in PATHS:
        status, told, body = served.ask(path, headers=headers)
        assert status == 403, path
        assert b"token" not in body or b"reportgen preview" in body
        assert not [name for name in told if name.startswith("access-control")]
    for path in ("/train", "/stop", "/export", "/pages"):
        own = {"Origin": f"http://127.0.0.1:{served.port}", **headers}
        assert served.ask(path, "POST", b"{}", own)[0] == 403, path


def test_a_button_needs_an_origin(served: Served) -> None:
    assert served.ask("/train", "POST", b"{}")[0] == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"])
def test_nothing_else_is_answered(served: Served, method: str) -> None:
    headers = served.headers(Origin=f"http://127.0.0.1:{served.port}")
    assert served.ask("/train", method, headers=headers)[0] == 403


def test_a_header_that_stands_twice_decides_nothing(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(
            f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nHost: evil.example\r\n"
            f"Cookie: reportgen-{served.port}={served.token}\r\n\r\n".encode()
        )
        assert connection.recv(20).split()[1] in (b"400", b"403")


def test_the_token_becomes_a_cookie_that_no_page_reads(served: Served) -> None:
    status, told, _ = served.ask(f"/?token={served.token}", headers={})
    assert (status, told["location"]) == (303, "/")
    cookie = told["set-cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert served.ask("/", headers={"Cookie": cookie.partition(";")[0]})[0] == 200
    assert served.ask("/?token=wrong", headers={})[0] == 403
    # A page of another site can't make the browser bring the token, though it knew it.
    assert served.ask(f"/?token={served.token}", headers={"Sec-Fetch-Site": "cross-site"})[0] == 403


def test_every_answer_brings_the_policy(served: Served) -> None:
    for path in (
        "/",
        "/frame",
        "/static/preview.js",
        "/nowhere",
        "/static/../guard.py",
        "/static/..%2fapp.py",
    ):
        status, told, _ = served.ask(path)
        assert status == (200 if path in PATHS[:-1] else 404)
        policy = told["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert told["x-content-type-options"] == "nosniff"
        assert told["referrer-policy"] == "no-referrer"
        assert told["cache-control"] == "no-store"


def first_event(served: Served) -> dict[str, object]:
    """Return what a stream says first of the page."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    connection.request("GET", "/events", headers=served.headers())
    answer = connection.getresponse()
    assert answer.status == 200
    parts: dict[str, object] = {}
    while "page" not in parts:
        line = answer.readline()
        if line.startswith(b"data: "):
            parts |= json.loads(line[6:])
    connection.close()
    return parts


def test_what_a_report_brings_is_inert(served: Served) -> None:
    blocks = first_event(served)["blocks"]
    assert isinstance(blocks, dict)
    (address, *_) = re.findall(r'src="(/asset/[^"]+)"', "".join(blocks.values()))
    status, told, _ = served.ask(address)
    assert status == 200
    assert "script-src" not in told["content-security-policy"]
    assert "sandbox" in told["content-security-policy"]
    assert "immutable" in told["cache-control"]


def test_200_streams_at_a_time(served: Served) -> None:
    """Few are served, the others told so; the page answers meanwhile, and later new streams are taken."""
    opened, statuses = [], []
    try:
        for _ in range(200):
            connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
            connection.request("GET", "/events", headers=served.headers())
            statuses.append(connection.getresponse().status)
            opened.append(connection)
        assert set(statuses) == {200, 503}
        assert statuses.count(200) <= 16
        began = time.monotonic()
        assert served.ask("/")[0] == 200
        assert time.monotonic() - began < 5
    finally:
        for connection in opened:
            connection.close()
    until = time.monotonic() + 20
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
        connection.request("GET", "/events", headers=served.headers())
        status = connection.getresponse().status
        connection.close()
        if status == 200:
            break
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_button_takes_no_more_than_it_needs(served: Served) -> None:
    origin = served.headers(Origin=f"http://127.0.0.1:{served.port}")
    assert served.ask("/train", "POST", b'{"models": "small"}', origin)[0] == 400
    assert served.ask("/train", "POST", b'{"models": [1]}', origin)[0] == 400


def test_what_is_no_http_ends_nothing(served: Served) -> None:
    for sent in (
        b"\x16\x03\x01\x00\x00",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000,
        b"GET " + b"a" * 100_000,
    ):
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
            try:
                connection.sendall(sent + b"\r\n\r\n")
                connection.recv(100)
            except OSError:
                pass
    assert served.ask("/")[0] == 200


def test_only_this_machine_is_listened_to(served: Served) -> None:
    addresses = {each[4][0] for each in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {
        "127.0.0.1"
    }
    for address in addresses:
        if not address.startswith("127."):
            with pytest.raises(OSError):
                socket.create_connection((address, served.port), timeout=2).close()
