"""What two nodes say to each other: the paths, the limits, and how refusals travel.

The same words on both sides. Every call is a POST, signed both ways (`signatures.py`); every call may be repeated.
"""

import json
from dataclasses import dataclass
from typing import Any, TypeVar

from elearn.core.vocab.errors import STATUS, ElearnError, Invalid, Refused
from elearn.core.xapi.canonical import canonical_json

TALK = 2
"""The version of what is said. Both sides must speak the same; raised with every change the other would misread."""

ENROL = "/peer/enrol"
HELLO = "/peer/hello"
VECTOR = "/peer/vector"
ENTRIES = "/peer/entries"
OWN = "/peer/own"
UP = "/peer/up"
DOWN = "/peer/down"
FILE = "/peer/file"
STEPS = "/peer/steps"
RENEWED = "/peer/renewed"
PATHS = (ENROL, HELLO, VECTOR, ENTRIES, OWN, UP, DOWN, FILE, STEPS, RENEWED)

HEAVY: tuple[str, ...] = (FILE,)
"""Beginnings of the paths over which files go: on a line with a budget they leave room for records."""

LARGEST_BODY_BYTES = 1024 * 1024
"""Of a request, as it comes over the line; a larger one is answered 413 before it is read."""

MOST_PEOPLE = 200
"""Identities in one request."""

MOST_CHAINS = 200
"""Chains named in one answer about what is held; the rest is asked for by the next page."""

MOST_POINTS = 64
"""Places of a chain whose digests are asked for at once."""

TOO_LARGE = "peer.too-large"
OK = 200
_LONGEST_TEXT = 500

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Asked:
    """A request as it came: headers by name, body as bytes."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """An answer: status, headers by name, body as bytes: JSON, or a piece of a file as it is."""

    status: int
    headers: dict[str, str]
    body: bytes
    kind: str = "application/json"


def body_of(value: Any) -> bytes:
    """Return the JSON of what is said."""
    return canonical_json(value)


def said(body: bytes) -> dict[str, Any]:
    """Return what a body says. Raises Invalid("peer.unreadable", reason=) for all but a JSON object."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Invalid("peer.unreadable", reason=str(error)) from None
    if not isinstance(value, dict):
        raise Invalid("peer.unreadable", reason="not a JSON object")
    return value


def part(value: dict[str, Any], name: str, kind: type[Kind]) -> Kind:
    """Return one part of what was said. Raises Invalid("peer.part", part=, wanted=) unless it is of the kind."""
    found = value.get(name)
    # True is an int to Python, and must not be taken for number 1.
    if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
        raise Invalid("peer.part", part=name, wanted=kind.__name__)
    return found


def text_part(value: dict[str, Any], name: str, longest: int = _LONGEST_TEXT) -> str:
    """Return a text that is not empty and not endless. Raises Invalid("peer.part")."""
    found = part(value, name, str)
    if not found or len(found) > longest or not found.isprintable():
        raise Invalid("peer.part", part=name, wanted=f"a text of 1 to {longest} characters")
    return found


def number_part(value: dict[str, Any], name: str) -> int:
    """Return a number from 0 on. Raises Invalid("peer.part")."""
    found = part(value, name, int)
    if not 0 <= found < 2**53:
        raise Invalid("peer.part", part=name, wanted="a number from 0 on")
    return found


def hex_part(value: dict[str, Any], name: str, size_bytes: int) -> bytes:
    """Return bytes written as lower-case hex digits. Raises Invalid("peer.part")."""
    found = part(value, name, str)
    try:
        data = bytes.fromhex(found)
    except ValueError:
        data = b""
    if len(data) != size_bytes or data.hex() != found:
        raise Invalid("peer.part", part=name, wanted=f"{size_bytes} bytes as hex digits")
    return data


def check_talk(value: dict[str, Any]) -> None:
    """Raise Refused unless the other side speaks the same version, naming the side to be brought up to date:
    "peer.version-post" (there=, here=) the one that calls, "peer.version-hub" the one that answers.
    """
    there = value.get("talk", 1)
    if there == TALK:
        return
    if isinstance(there, int) and there < TALK:
        raise Refused("peer.version-post", there=there, here=TALK)
    raise Refused("peer.version-hub", there=there, here=TALK)


def refusal(error: ElearnError) -> tuple[int, bytes]:
    """Return status and body that tell the other side of an error."""
    status = 413 if error.code == TOO_LARGE else next(number for kind, number in STATUS if isinstance(error, kind))
    return status, body_of({"code": error.code, "details": tellable(error.details)})


def error_from(answer: Answer) -> ElearnError | None:
    """Return the error an answer tells of, None if it tells of none. Raises Invalid("peer.unreadable")."""
    if answer.status == OK:
        return None
    value = said(answer.body)
    details = {str(name): detail for name, detail in part(value, "details", dict).items() if name != "code"}
    kind = next((kind for kind, number in STATUS if number == answer.status), Invalid)
    return kind(text_part(value, "code", 80), **details)


def tellable(details: dict[str, object]) -> dict[str, object]:
    """Return details as JSON can hold them: texts, whole numbers, yes and no; all else as text."""
    plain = (str, int, bool, type(None))
    kept = {name: value if isinstance(value, plain) else str(value) for name, value in details.items()}
    return {name: value[:_LONGEST_TEXT] if isinstance(value, str) else value for name, value in kept.items()}
