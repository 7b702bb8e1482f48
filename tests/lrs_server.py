"""A small LRS on a socket, with the habits that were measured on real ones: what strangers do with our statements."""

import json
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY, SECRET = "key", "secret"


@dataclass
class Lrs:
    """habit: "plain"; "all-or-nothing" answers 409 to a batch with anything it knows, and takes nothing of it;
    "choosy" answers 400 to a batch with a verb of `refuses`; "small" takes no body over `largest`; "busy" answers 503;
    "closed" lets nobody in; "web" is a web site and no LRS."""

    habit: str = "plain"
    largest: int = 4096
    refuses: str = ""
    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    posts: int = 0
    headers: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/xapi"

    def answer(self, method: str, address: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        self.headers.append(headers)
        shut = {"busy": (503, {"error": "later"}), "web": (200, "<html>a web site</html>")}
        if self.habit in shut:
            return shut[self.habit]
        if self.habit == "closed" or not _let_in(headers):
            return 401, {"error": "who are you"}
        return self._read(method, address, headers, body)

    def _read(self, method: str, address: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        parts = urlsplit(address)
        if method == "GET":
            return self._get(parse_qs(parts.query))
        self.posts += 1
        if "Content-Encoding" in headers or not headers.get("X-Experience-Api-Version", "").startswith("1.0"):
            return 500, {"error": "not understood"}
        if self.habit == "small" and len(body) > self.largest:
            return 413, {"error": "too large"}
        return self._post(json.loads(body))

    def _get(self, query: dict[str, list[str]]) -> tuple[int, Any]:
        if "statementId" in query or "voidedStatementId" in query:
            one = self.held.get((query.get("statementId") or query["voidedStatementId"])[0])
            return (200, {**one, "stored": "2026-01-01T00:00:00Z", "version": "1.0.0"}) if one else (404, {})
        return 200, {"statements": [], "more": ""}

    def _post(self, statements: list[dict[str, Any]]) -> tuple[int, Any]:
        if self.refuses and any(one["verb"]["id"] == self.refuses for one in statements):
            return 400, {"error": "this verb is not in our profile"}
        known = [one for one in statements if one["id"] in self.held]
        if known and (self.habit == "all-or-nothing" or any(self.held[one["id"]] != one for one in known)):
            return 409, {"error": "known"}
        self.held.update({one["id"]: one for one in statements})
        return 200, [one["id"] for one in statements]


def _let_in(headers: dict[str, str]) -> bool:
    given = headers.get("Authorization", "").removeprefix("Basic ")
    try:
        return b64decode(given).decode() == f"{KEY}:{SECRET}"
    except ValueError:
        return False


@contextmanager
def lrs(**habits: Any) -> Iterator[Lrs]:
    """Serve an LRS on a free port of this machine."""
    system = Lrs(**habits)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def _answer(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.title(): value for name, value in self.headers.items()}
            status, said = system.answer(method, self.path, headers, body)
            data = said.encode() if isinstance(said, str) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    system.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield system
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
