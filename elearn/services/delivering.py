"""Giving statements to another system that keeps learning records (an LRS, xAPI 1.0.3 part 3), whatever its habits.

Measured: one answers 409 to a batch that is known already, and drops what is new in a mixed one; another takes both;
both answer 500 to compressed bodies. So what is sent is plain JSON, a refused batch is halved until the one that is
refused stands alone, and a conflict is only one where the system says something else under the same id.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from elearn.core.sync.talk import Answer
from elearn.core.vocab.errors import Refused, Unavailable
from elearn.core.xapi.canonical import canonical_json
from elearn.core.xapi.outward import says_the_same
from elearn.ports import Peer

VERSION = "1.0.3"
STATEMENTS = "/statements"
_OK = (200, 204)
_NO_ENTRY = (401, 403)
_TOO_LARGE = 413
_NOT_TAKEN = (400, 409, 412, 422)
_CONFLICT = 409
_LATER = (408, 425, 429)
_SERVER_FAULT = 500
_SAID_LENGTH = 300


@dataclass(frozen=True)
class NotTaken:
    """A statement that was refused. reason: "lrs.refused" | "lrs.other-content" | "lrs.too-large"; said: the system's
    own words."""

    id: str
    reason: str
    said: str


@dataclass(frozen=True)
class Access:
    """Where and as whom. url: of the endpoint, without a slash at the end."""

    url: str
    key: str
    secret: str

    def headers(self) -> dict[str, str]:
        """Return the headers of every request."""
        basic = b64encode(f"{self.key}:{self.secret}".encode()).decode("ascii")
        return {"Authorization": f"Basic {basic}", "X-Experience-API-Version": VERSION, "Accept": "application/json"}


def knock(peer: Peer, access: Access) -> None:
    """Ask whether there is an LRS that lets us in; changes nothing there.

    Raises Refused("lrs.credentials"), Refused("lrs.not-one", status=), Unavailable("lrs.busy", status= | reason=),
    Unavailable as `Peer.call` but "peer.no-line".
    """
    answer = _call(peer, access, "GET", f"{STATEMENTS}?limit=1")
    _must_serve(answer)
    if answer.status not in _OK or not isinstance(_json(answer.body), dict):
        raise Refused("lrs.not-one", status=answer.status)


def deliver(peer: Peer, access: Access, statements: Sequence[dict[str, Any]]) -> list[NotTaken]:
    """Give statements; return those that were refused: all others are there now, or were before.

    Raises as `knock`. Then some may have been taken; giving them again does no harm.
    """
    if not statements:
        return []
    answer = _call(peer, access, "POST", STATEMENTS, canonical_json(list(statements)))
    if answer.status in _OK:
        return []
    if answer.status == _TOO_LARGE or answer.status in _NOT_TAKEN:
        return _halved(peer, access, statements) if len(statements) > 1 else _alone(peer, access, statements[0], answer)
    _must_serve(answer)
    raise Refused("lrs.not-one", status=answer.status)


def _halved(peer: Peer, access: Access, statements: Sequence[dict[str, Any]]) -> list[NotTaken]:
    middle = len(statements) // 2
    return [*deliver(peer, access, statements[:middle]), *deliver(peer, access, statements[middle:])]


def _alone(peer: Peer, access: Access, statement: dict[str, Any], answer: Answer) -> list[NotTaken]:
    said = answer.body[: 4 * _SAID_LENGTH].decode("utf-8", "replace")[:_SAID_LENGTH]
    if answer.status == _TOO_LARGE:
        return [NotTaken(statement["id"], "lrs.too-large", said)]
    there = _held(peer, access, statement["id"])
    if there is not None and says_the_same(statement, there):
        return []
    reason = "lrs.other-content" if there is not None or answer.status == _CONFLICT else "lrs.refused"
    return [NotTaken(statement["id"], reason, said)]


def _held(peer: Peer, access: Access, statement_id: str) -> Any:
    """Return the statement as it is held there, None if it is not; a voided one is asked for by its other name."""
    for name in ("statementId", "voidedStatementId"):
        answer = _call(peer, access, "GET", f"{STATEMENTS}?{name}={quote(statement_id)}")
        _must_serve(answer)
        if answer.status in _OK:
            return _json(answer.body)
    return None


def _call(peer: Peer, access: Access, method: str, path: str, body: bytes = b"") -> Answer:
    """Return the answer. Raises Unavailable("lrs.busy", reason=) where nobody answers: not the line to the hub."""
    typed = {"Content-Type": "application/json"} if body else {}
    try:
        return peer.call(access.url, method, path, body, {**access.headers(), **typed})
    except Unavailable as error:
        if error.code != "peer.no-line":
            raise
        raise Unavailable("lrs.busy", reason=error.details.get("reason", "")) from error


def _must_serve(answer: Answer) -> None:
    if answer.status in _NO_ENTRY:
        raise Refused("lrs.credentials")
    if answer.status >= _SERVER_FAULT or answer.status in _LATER:
        raise Unavailable("lrs.busy", status=answer.status)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
