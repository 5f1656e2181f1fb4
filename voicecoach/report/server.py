"""Shows a page of what is kept in the browser without ever writing it to the disk: from memory, on this computer alone.

Only who has the address can load the page, and only once: the address holds a random token, which the first load trades
for a cookie, so that the address is worth nothing in a list of processes or a browser's history. The browser is told to
keep no copy. The server ends when the page is closed.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from voicecoach.errors import VoicecoachError

HOST = "127.0.0.1"
LARGEST = 1 << 16
"""Most bytes that a page may send."""
BEAT_S = 0.5
"""So often a page that is open is told so; who has gone is noticed by it."""
CLOSED_S = 3.0
"""No page is open for so long: it was closed, not loaded again."""
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",  # what a page may load stands in the page
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class PageServer:
    """Serves ``page()`` at `address`, made anew at each load, until it is closed.

    ``post``: what the page may send, a JSON value; the page is told 204, or 400 with the sentence of a
    `VoicecoachError`. The page shows that it is open by reading ``alive`` (an event stream); `voicecoach.report.page`
    does when told that it is served. Use as a context manager; `wait` until the page is closed.
    """

    def __init__(self, page: Callable[[], str], post: Callable[[Any], None] | None = None) -> None:
        self._page = page
        self._post = post
        self._token: str | None = secrets.token_urlsafe(32)
        self._secret = secrets.token_urlsafe(32)
        self._lock = threading.Lock()
        self._open = 0
        self._seen_s: float | None = None
        self._over = threading.Event()
        self._server = _Server((HOST, 0), type("Handler", (_Handler,), {"pages": self}))
        self._server.daemon_threads = True
        self._host = f"{HOST}:{self._server.server_port}"
        self.cookie = f"voicecoach-{self._server.server_port}"  # a browser gives those of one port to all others too
        self.address = f"http://{self._host}/{self._token}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="pages", daemon=True)

    def __enter__(self) -> PageServer:
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def wait(self) -> None:
        """Until the page was open and is closed, or `stop`."""
        while not self._over.wait(0.1):
            with self._lock:
                gone = self._seen_s is not None and not self._open and time.monotonic() - self._seen_s > CLOSED_S
            if gone:
                return

    def stop(self) -> None:
        """End `wait`; may be called from any thread or a signal handler."""
        self._over.set()

    # --- for the handler -------------------------------------------------------------------------------------------

    def let_in(self, first: str, cookie: str) -> bool:
        """Whether a request may be answered: it has the cookie, or is the first with the token. Then it gets one."""
        with self._lock:
            if _same(cookie, self._secret):
                return True
            if self._token is not None and _same(first, self._token):
                self._token = None
                return True
        return False

    def answer(self, handler: _Handler, rest: str) -> None:
        """Answer a GET of somebody who was let in."""
        if rest == "":
            try:
                text = self._page()
            except VoicecoachError as error:
                handler.say(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))
                return
            cookie = f"{self.cookie}={self._secret}; HttpOnly; SameSite=Strict; Path=/"
            handler.give(HTTPStatus.OK, "text/html", text.encode("utf-8", "replace"), {"Set-Cookie": cookie})
        elif rest == "alive":
            self._keep_open(handler)
        else:
            handler.say(HTTPStatus.NOT_FOUND, "There is nothing here.")

    def take(self, handler: _Handler, value: Any) -> None:
        """Take what a page sent."""
        if self._post is None:
            handler.say(HTTPStatus.NOT_FOUND, "There is nothing here.")
            return
        try:
            self._post(value)
        except VoicecoachError as error:
            handler.say(HTTPStatus.BAD_REQUEST, str(error))
            return
        handler.give(HTTPStatus.NO_CONTENT)

    def own(self, host: str, origin: str | None) -> bool:
        """Whether a request names this server as such, not by a name that somebody made point here."""
        return host == self._host and origin in (None, f"http://{self._host}")

    def _keep_open(self, handler: _Handler) -> None:
        with self._lock:
            self._open += 1
        try:
            handler.begin(HTTPStatus.OK, {"Content-Type": "text/event-stream"})
            with contextlib.suppress(OSError):
                while not self._over.wait(BEAT_S):
                    handler.wfile.write(b":\n\n")
        finally:
            with self._lock:
                self._open -= 1
                self._seen_s = time.monotonic()


class _Server(ThreadingHTTPServer):
    def server_bind(self) -> None:
        """As in `HTTPServer`, which would ask the system for the name of its address; that may ask a name server."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    """One request. ``pages``: the server it belongs to."""

    pages: PageServer
    timeout = 30.0
    server_version, sys_version = "voicecoach", ""

    def do_GET(self) -> None:
        """The page, or that it is open."""
        rest = self._admitted()
        if rest is not None:
            self.pages.answer(self, rest)

    def do_POST(self) -> None:
        """Something from the page."""
        if self._admitted() is None:
            return
        try:
            length = int(self.headers.get("Content-Length") or 0)
            if self.headers.get_content_type() != "application/json" or not 0 < length <= LARGEST:
                raise ValueError("not what a page sends")
            value = json.loads(self.rfile.read(length))
        except (ValueError, RecursionError):
            self.say(HTTPStatus.BAD_REQUEST, "That could not be understood.")
            return
        self.pages.take(self, value)

    def say(self, status: HTTPStatus, sentence: str) -> None:
        """Answer with one sentence."""
        self.give(status, "text/plain", sentence.encode("utf-8", "replace"))

    def give(self, status: HTTPStatus, kind: str = "", body: bytes = b"", more: dict[str, str] | None = None) -> None:
        """Answer with ``body``."""
        content = {"Content-Type": f"{kind}; charset=utf-8"} if kind else {}
        self.begin(status, {**content, "Content-Length": str(len(body)), **(more or {})})
        self.wfile.write(body)

    def begin(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        """The head of an answer."""
        self.send_response(status)
        for name, value in {**HEADERS, **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""

    def handle(self) -> None:
        """Answer; who goes away in the middle is no trouble."""
        with contextlib.suppress(ConnectionError, socket.timeout):
            super().handle()

    def _admitted(self) -> str | None:
        """What is asked for, below the token; None when it may not be, which was answered."""
        first, _, rest = self.path.partition("?")[0].removeprefix("/").partition("/")
        own = self.pages.own(self.headers.get("Host") or "", self.headers.get("Origin"))
        if not own or not self.pages.let_in(first, self._cookie()):
            self.say(HTTPStatus.FORBIDDEN, "This address was used already or is not whole: run the command again.")
            return None
        return rest

    def _cookie(self) -> str:
        """The value of our own; whatever else is there is another program's, and may be written in any way."""
        given = (one.strip().partition("=") for one in (self.headers.get("Cookie") or "").split(";"))
        return next((value for name, _, value in given if name == self.pages.cookie), "")


def _same(a: str, b: str) -> bool:
    return hmac.compare_digest(a.encode("utf-8", "replace"), b.encode())
