"""A page from memory: for this computer alone, for who has the address, once; gone when it is closed."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from voicecoach import report
from voicecoach.errors import VoicecoachError
from voicecoach.events import Record
from voicecoach.report import PageServer

Talk = Callable[..., list[Record]]


@pytest.fixture
def server() -> Iterator[tuple[PageServer, list[Any]]]:
    got: list[Any] = []

    def take(value: Any) -> None:
        if value == "bad":
            raise VoicecoachError("That is not so.")
        got.append(value)

    with PageServer(lambda: "<p>said</p>", take) as made:
        yield made, got


def ask(
    server: PageServer, path: str, method: str = "GET", body: str | None = None, **headers: str
) -> tuple[int, dict[str, str], str]:
    host = server.address.split("/")[2]
    connection = http.client.HTTPConnection(host, timeout=5)
    connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read().decode()


def enter(server: PageServer) -> dict[str, str]:
    """Load the page; the cookie that it gives."""
    status, headers, text = ask(server, path_of(server))
    assert (status, text) == (200, "<p>said</p>")
    return {"Cookie": headers["Set-Cookie"].split(";")[0]}


def path_of(server: PageServer) -> str:
    return "/" + server.address.split("/", 3)[3]


def test_only_who_has_the_address_and_only_once(server: tuple[PageServer, list[Any]]) -> None:
    made, _ = server
    assert ask(made, "/")[0] == 403
    assert ask(made, "/guessed/")[0] == 403
    cookie = enter(made)
    assert ask(made, path_of(made))[0] == 403
    assert ask(made, path_of(made), **cookie)[0] == 200
    assert ask(made, path_of(made), Host="evil.example", **cookie)[0] == 403
    assert ask(made, path_of(made) + "../secret", **cookie)[0] == 404


def test_two_pages_are_open_at_once(server: tuple[PageServer, list[Any]]) -> None:
    """A browser gives the cookies of one port to every other port of this computer, and those of other programs."""
    made, got = server
    with PageServer(lambda: "<p>said</p>") as other:
        first, second = enter(made)["Cookie"], enter(other)["Cookie"]
        assert first.split("=")[0] != second.split("=")[0]
        for cookies in (f"{first}; {second}", f'a b={{"c": 1}}; {second}; {first}'):
            sent = ask(made, path_of(made), "POST", '"x"', Content_Type="application/json", Cookie=cookies)
            assert sent[0] == 204
            assert ask(other, path_of(other), Cookie=cookies)[0] == 200
    assert got == ["x", "x"]


def test_the_browser_keeps_no_copy(server: tuple[PageServer, list[Any]]) -> None:
    _, headers, _ = ask(server[0], path_of(server[0]))
    assert headers["Cache-Control"] == "no-store"
    assert "HttpOnly" in headers["Set-Cookie"]
    assert "SameSite=Strict" in headers["Set-Cookie"]


def test_it_listens_to_this_computer_alone(server: tuple[PageServer, list[Any]]) -> None:
    port = int(server[0].address.split(":")[2].split("/")[0])
    with socket.socket() as other:  # another loopback address stands for another computer's
        assert other.connect_ex(("127.0.0.2", port)) != 0


def test_what_a_page_sends_is_taken_or_refused_with_a_sentence(server: tuple[PageServer, list[Any]]) -> None:
    made, got = server
    cookie = enter(made)
    send = {"Content_Type": "application/json", **cookie}
    path = path_of(made) + "correct"
    assert ask(made, path, "POST", json.dumps({"a": "ü"}), **send)[0] == 204
    assert got == [{"a": "ü"}]
    assert ask(made, path, "POST", '"bad"', **send)[::2] == (400, "That is not so.")
    for body in ("{", "", "[" * 100_000, "x" * 70_000):
        assert ask(made, path, "POST", body, **send)[0] == 400
    assert ask(made, path, "POST", "1", Content_Type="text/plain", **cookie)[0] == 400
    assert ask(made, path, "POST", "1", Origin="http://evil.example", **send)[0] == 403
    assert ask(made, path, "POST", "1", Content_Type="application/json")[0] == 403
    assert len(got) == 1


def test_it_ends_when_the_page_is_closed(server: tuple[PageServer, list[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report.server, "CLOSED_S", 0.2)
    made, _ = server
    cookie = enter(made)
    waiting = threading.Thread(target=made.wait)
    waiting.start()
    with socket.create_connection(made.address.split("/")[2].split(":")) as page:  # type: ignore[arg-type]
        head = f"GET {path_of(made)}alive HTTP/1.0\r\nHost: {made.address.split('/')[2]}\r\nCookie: {cookie['Cookie']}"
        page.sendall(head.encode() + b"\r\n\r\n")
        assert b"event-stream" in page.recv(1000)
        time.sleep(0.5)
        assert waiting.is_alive()
    waiting.join(10)
    assert not waiting.is_alive()


@pytest.mark.browser
def test_a_real_browser_shows_the_page_and_its_closing_ends_the_program(
    browser: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report.server, "CLOSED_S", 0.2)
    records = report.corrected(talk(rounds=2))
    with PageServer(lambda: report.page(records, report.summarise(records), served=True)) as made:
        waiting = threading.Thread(target=made.wait)
        waiting.start()
        browser.get(made.address)
        assert browser.execute_script("return document.querySelectorAll('#timeline svg').length") == 1
        browser.refresh()
        assert browser.execute_script("return document.querySelectorAll('#timeline svg').length") == 1
        assert browser.get_log("browser") == []  # nothing refused by its own policy
        assert waiting.is_alive()
        browser.get("about:blank")
        waiting.join(10)
        assert not waiting.is_alive()
