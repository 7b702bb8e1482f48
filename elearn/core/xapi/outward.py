"""Statements as strangers may have them: other systems that keep learning records, outside the country's own nodes.

Whoever runs such a system gets one pseudonym for each person, made with a secret of its own: it can count and compare,
and can neither tell who somebody is nor put its records beside those of another system. What administrators do to
accounts does not leave at all.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.times import instant_of
from elearn.core.xapi import verbs
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import AUTHORITY, EXTENSION

Pseudonym = Callable[[str], str]
"""Turns an id into another uuid, always the same one for the same id."""

LEARNING = frozenset(
    {
        *(verbs.REGISTERED, verbs.INITIALIZED, verbs.ANSWERED, verbs.COMPLETED, verbs.PASSED, verbs.FAILED),
        *(verbs.RESPONDED, verbs.ATTENDED, verbs.CERTIFIED, verbs.REVOKED, verbs.FOLLOWED_UP, verbs.VOIDED),
    }
)
"""What learning is. All else (roles, PINs, exports, more tries) is between a node and its hub."""

CONTEXT = frozenset(
    {"country", "agency", "sex", "course", "language", "version", "medium", "clock_uncertain", "outcome"}
)
FINER = frozenset({"post", "rank_band"})
"""With these a person at a small post could be recognised: only where the receiver may have them."""

_CERTIFICATE = verbs.certificate_iri("")


def outward(statement: Statement, pseudonym: Pseudonym, finer: bool = False) -> dict[str, Any] | None:
    """Return the statement for a stranger, None if it is none of theirs. finer: with post and rank.

    The number of a certificate follows from the id of its attempt, so both are pseudonyms. Reasons, typed freely, stay.
    """
    if statement.verb not in LEARNING:
        return None
    body = statement.body
    told = {
        "id": statement.id,
        "actor": _agent(body["actor"], pseudonym),
        "verb": body["verb"],
        "object": _object(body["object"], pseudonym),
        "context": _context(statement, pseudonym, CONTEXT | FINER if finer else CONTEXT),
        "timestamp": statement.timestamp,
    }
    if "result" in body:
        told["result"] = body["result"]
    return told


def pseudonym_of(digest: bytes) -> str:
    """Return the first 16 bytes of a keyed digest as a uuid of version 8 (RFC 9562, 5.8: made by an application)."""
    number = int.from_bytes(digest[:16], "big")
    number = number & ~(0xF000 << 64) | (0x8000 << 64)
    number = number & ~(0xC000 << 48) | (0x8000 << 48)
    return str(UUID(int=number))


def says_the_same(mine: dict[str, Any], theirs: Any) -> bool:
    """Tell whether a statement held elsewhere is this one (xAPI 1.0.3, Data 2.3.1): what its keeper added, and times to
    less than a millisecond, do not count."""
    if not isinstance(theirs, dict):
        return False
    return _compared(mine) == _compared(theirs)


def _agent(agent: dict[str, Any], pseudonym: Pseudonym) -> dict[str, Any]:
    name = str(agent["account"]["name"])
    hidden = name if name == verbs.ANONYMOUS else pseudonym(name)
    return {"objectType": "Agent", "account": {"homePage": AUTHORITY, "name": hidden}}


def _object(said: dict[str, Any], pseudonym: Pseudonym) -> dict[str, Any]:
    iri = str(said["id"])
    if iri.startswith(_CERTIFICATE):
        return {**said, "id": _CERTIFICATE + pseudonym(iri.removeprefix(_CERTIFICATE))}
    return said


def _context(statement: Statement, pseudonym: Pseudonym, open_names: frozenset[str]) -> dict[str, Any]:
    context: dict[str, Any] = {"platform": "elearn"}
    said = statement.body.get("context") or {}
    if statement.attempt:
        context["registration"] = pseudonym(statement.attempt)
    if "contextActivities" in said:
        context["contextActivities"] = said["contextActivities"]
    kept = {name: value for name in sorted(open_names) if (value := statement.extension(name)) is not None}
    if statement.extension("subject"):
        kept["subject"] = pseudonym(statement.subject)
    if kept:
        context["extensions"] = {EXTENSION + name: value for name, value in kept.items()}
    return context


def _compared(body: dict[str, Any]) -> dict[str, Any]:
    context = body.get("context") or {}
    return {
        "id": body.get("id"),
        "actor": (body.get("actor") or {}).get("account"),
        "verb": (body.get("verb") or {}).get("id"),
        "object": (body.get("object") or {}).get("id"),
        "result": body.get("result") or {},
        "registration": context.get("registration"),
        "extensions": context.get("extensions") or {},
        "timestamp": _to_the_millisecond(body.get("timestamp")),
    }


def _to_the_millisecond(text: Any) -> Any:
    try:
        at = instant_of(str(text))
    except Invalid:
        return text
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
