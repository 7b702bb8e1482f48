"""Looks at a statement that came from elsewhere, before anything is built on it.

Two sets of rules: those of xAPI 1.0.3 (part two, by section), and the house's, without which the folds could not read
it. A statement our own `build` makes passes. All that is wrong is told at once, each with its place as a JSON pointer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from elearn.core.vocab.errors import Invalid
from elearn.core.xapi.extensions import CONTEXT, INSTANT, RESULT, Shape
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import ANONYMOUS, EXTENSION, FOLLOWED_UP, RESPONDED, SKILL_OBSERVED, VOIDED

LARGEST_BYTES = 256 * 1024
LONGEST_IRI = 1000

_STATEMENT = frozenset(
    ("id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version", "attachments")
)
_RESULT = frozenset(("score", "success", "completion", "response", "duration", "extensions"))
_SCORE = frozenset(("scaled", "raw", "min", "max"))
_CONTEXT = frozenset(
    (
        *("registration", "instructor", "team", "contextActivities", "revision", "platform", "language"),
        *("statement", "extensions"),
    )
)
_CONTEXT_ACTIVITIES = frozenset(("parent", "grouping", "category", "other"))
_ACTIVITY = frozenset(("objectType", "id", "definition"))
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x1f]+")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_VERSION = re.compile(r"1\.0(\.\d+)?")
_HOUSE = "house"
_LONGEST_REMEMBERED = 4000
_OF_NOBODY = frozenset(EXTENSION + name for name in ("node", "version", "language", "clock_uncertain"))
"""All that may be said about an answer of nobody in particular."""
_OF_FOLLOW_UPS = frozenset(EXTENSION + name for name in ("form", "used", "stopped", "passed_days", "seen"))
"""All that may be said in a follow-up: nothing of a case."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. where: JSON pointer; rule: section of xAPI 1.0.3 part two, or "house"."""

    where: str
    rule: str
    what: str


def check(body: Any) -> Statement:
    """Return the statement. Raises Invalid("statement.malformed", id=, findings=[{where, rule, what}])."""
    return check_statement(Statement(body))


def check_statement(statement: Statement) -> Statement:
    """Return the statement, looked at as by `check`: for one whose canonical form is known or wanted afterwards."""
    body: Any = statement.body
    found = list(_findings(body, statement))
    if found:
        statement_id = body.get("id") if isinstance(body, dict) else None
        raise Invalid("statement.malformed", id=statement_id, findings=[vars(one) for one in found])
    return statement


def _findings(body: Any, statement: Statement) -> Iterator[Finding]:
    if not isinstance(body, dict):
        yield Finding("", "2.2", "a statement is a JSON object")
        return
    try:
        size = len(statement.canonical)
    except Invalid as error:
        yield Finding("", "2.2", f"not JSON that can be kept: {error.details['reason']}")
        return
    if size > LARGEST_BYTES:
        yield Finding("", _HOUSE, f"{size} bytes, more than {LARGEST_BYTES}")
        return
    yield from _only(body, _STATEMENT, "", "2.2")
    if b":null" in statement.canonical:  # only then is it worth to look where
        yield from _nulls(body, "")
    yield from _identity(body)
    yield from _actor(body.get("actor"), "/actor")
    yield from _verb(body.get("verb"))
    yield from _object(body.get("object"), _verb_id(body))
    yield from _result(body.get("result", {}))
    yield from _context(body.get("context", {}))
    yield from _anonymity(body)
    yield from _no_case(body)


def _identity(body: dict[str, Any]) -> Iterator[Finding]:
    if not _is_uuid(body.get("id")):
        yield Finding("/id", "2.4.1", "a UUID in small letters")
    if not INSTANT.fits(body.get("timestamp")):
        yield Finding("/timestamp", "2.4.7", INSTANT.said)
    version = body.get("version", "1.0.0")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        yield Finding("/version", "2.4.10", "1.0 or 1.0.x")


def _actor(actor: Any, where: str) -> Iterator[Finding]:
    if not isinstance(actor, dict):
        yield Finding(where, "2.4.2", "an Agent")
        return
    if actor.get("objectType", "Agent") != "Agent":
        yield Finding(f"{where}/objectType", _HOUSE, "only single Agents act here")
    if {"mbox", "mbox_sha1sum", "openid"} & actor.keys():
        yield Finding(where, "2.4.2.3", "one identifier, and it is the account: no addresses are kept")
    account = actor.get("account")
    if not isinstance(account, dict) or account.keys() != {"homePage", "name"}:
        yield Finding(f"{where}/account", "2.4.2.4", "homePage and name")
        return
    if not _is_iri(account["homePage"]):
        yield Finding(f"{where}/account/homePage", "2.4.2.4", "an IRL")
    if not isinstance(account["name"], str) or not account["name"]:
        yield Finding(f"{where}/account/name", "2.4.2.4", "a text")


def _verb(verb: Any) -> Iterator[Finding]:
    if not isinstance(verb, dict) or not _is_iri(verb.get("id")):
        yield Finding("/verb/id", "2.4.3", "an IRI")
        return
    display = verb.get("display", {})
    if not isinstance(display, dict) or not all(
        _LANGUAGE_TAG.fullmatch(tag) and isinstance(text, str) for tag, text in display.items()
    ):
        yield Finding("/verb/display", "4.2", "a language map")


def _verb_id(body: dict[str, Any]) -> Any:
    return body["verb"].get("id") if isinstance(body.get("verb"), dict) else None


def _object(thing: Any, verb: Any) -> Iterator[Finding]:
    if not isinstance(thing, dict):
        yield Finding("/object", "2.4.4", "an Activity or a reference to a statement")
        return
    kind = thing.get("objectType", "Activity")
    if (verb == VOIDED) != (kind == "StatementRef"):
        yield Finding("/object/objectType", "2.3.2", "a void names a statement, and only a void does")
    elif kind == "StatementRef":
        if not _is_uuid(thing.get("id")):
            yield Finding("/object/id", "2.4.4.3", "the UUID of a statement")
    elif kind != "Activity":
        yield Finding("/object/objectType", _HOUSE, "only Activities and references are taken")
    else:
        yield from _activity(thing, "/object")


def _activity(thing: dict[str, Any], where: str) -> Iterator[Finding]:
    yield from _only(thing, _ACTIVITY, where, "2.4.4.1")
    if not _is_iri(thing.get("id")):
        yield Finding(f"{where}/id", "2.4.4.1", f"an IRI of at most {LONGEST_IRI} signs")
    if not isinstance(thing.get("definition", {}), dict):
        yield Finding(f"{where}/definition", "2.4.4.1", "an object")


def _result(result: Any) -> Iterator[Finding]:
    if not isinstance(result, dict):
        yield Finding("/result", "2.4.5", "an object")
        return
    yield from _only(result, _RESULT, "/result", "2.4.5")
    for name, wanted in (("success", bool), ("completion", bool), ("response", str), ("duration", str)):
        if name in result and not isinstance(result[name], wanted):
            yield Finding(f"/result/{name}", "2.4.5", f"a {wanted.__name__}")
    yield from _score(result.get("score", {}))
    yield from _extensions(result.get("extensions", {}), RESULT, "/result/extensions")


def _score(score: Any) -> Iterator[Finding]:
    if not isinstance(score, dict):
        yield Finding("/result/score", "2.4.5.1", "an object")
        return
    yield from _only(score, _SCORE, "/result/score", "2.4.5.1")
    if not all(_is_number(value) for value in score.values()):
        yield Finding("/result/score", "2.4.5.1", "numbers")
    elif not -1 <= score.get("scaled", 0) <= 1:
        yield Finding("/result/score/scaled", "2.4.5.1", "between -1 and 1")


def _context(context: Any) -> Iterator[Finding]:
    if not isinstance(context, dict):
        yield Finding("/context", "2.4.6", "an object")
        return
    yield from _only(context, _CONTEXT, "/context", "2.4.6")
    if "registration" in context and not _is_uuid(context["registration"]):
        yield Finding("/context/registration", "2.4.6.1", "a UUID in small letters")
    if "instructor" in context:
        yield from _actor(context["instructor"], "/context/instructor")
    yield from _context_activities(context.get("contextActivities", {}))
    yield from _extensions(context.get("extensions", {}), CONTEXT, "/context/extensions")


def _context_activities(activities: Any) -> Iterator[Finding]:
    where = "/context/contextActivities"
    if not isinstance(activities, dict):
        yield Finding(where, "2.4.6.2", "an object")
        return
    yield from _only(activities, _CONTEXT_ACTIVITIES, where, "2.4.6.2")
    for name, listed in activities.items():
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            yield Finding(f"{where}/{name}", "2.4.6.2", "an array of Activities")
            continue
        for index, one in enumerate(listed):
            yield from _activity(one, f"{where}/{name}/{index}")


def _anonymity(body: dict[str, Any]) -> Iterator[Finding]:
    """Satisfaction forms are answered by nobody in particular, and nothing else is; nothing in them tells who."""
    unnamed, responded = _actor_name(body) == ANONYMOUS, _verb_id(body) == RESPONDED
    if unnamed != responded:
        yield Finding("/actor/account/name", _HOUSE, f"{ANONYMOUS!r} where the verb is responded, and nowhere else")
        return
    if not unnamed:
        return
    result, context = body.get("result", {}), body.get("context", {})
    if isinstance(result, dict) and "response" in result:
        yield Finding("/result/response", _HOUSE, "an anonymous answer has no free text")
    if not isinstance(context, dict):
        return
    for name in sorted({"registration", "instructor", "team", "statement"} & context.keys()):
        yield Finding(f"/context/{name}", _HOUSE, "an anonymous answer belongs to no attempt and no person")
    extensions = context.get("extensions", {})
    for name in sorted(extensions.keys() - _OF_NOBODY) if isinstance(extensions, dict) else ():
        yield Finding(f"/context/extensions/{_escaped(name)}", _HOUSE, "says too much about an anonymous answer")


def _no_case(body: dict[str, Any]) -> Iterator[Finding]:
    """A follow-up says which of a few words were chosen: nothing is written, so nothing of a case can be."""
    if _verb_id(body) not in (FOLLOWED_UP, SKILL_OBSERVED):  # a list, for the verb may be anything
        return
    result = body.get("result", {})
    if not isinstance(result, dict):
        return
    if "response" in result:
        yield Finding("/result/response", _HOUSE, "a follow-up has no free text")
    extensions = result.get("extensions", {})
    for name in sorted(extensions.keys() - _OF_FOLLOW_UPS) if isinstance(extensions, dict) else ():
        yield Finding(f"/result/extensions/{_escaped(name)}", _HOUSE, "says more than a follow-up asks")


def _actor_name(body: dict[str, Any]) -> Any:
    actor = body.get("actor")
    account = actor.get("account") if isinstance(actor, dict) else None
    return account.get("name") if isinstance(account, dict) else None


def _extensions(extensions: Any, ours: dict[str, Shape], where: str) -> Iterator[Finding]:
    names = tuple(extensions) if isinstance(extensions, dict) else ("",)
    shapes = _remembered(names, ours is CONTEXT) if _is_short(names) else _shapes(names, ours is CONTEXT)
    if shapes is None:
        yield Finding(where, "4.1", "IRIs as keys")
        return
    for name, shape in shapes:
        if not shape.fits(extensions[name]):
            yield Finding(f"{where}/{_escaped(name)}", _HOUSE, shape.said)


def _shapes(names: tuple[Any, ...], of_context: bool) -> tuple[tuple[str, Shape], ...] | None:
    """Return those of our own extensions, with the shape their value is to have; None if some are no IRIs."""
    if not all(_is_iri(name) for name in names):
        return None
    ours = CONTEXT if of_context else RESULT
    known = ((name, ours.get(name.removeprefix(EXTENSION))) for name in names if name.startswith(EXTENSION))
    return tuple((name, shape) for name, shape in known if shape is not None)


_remembered = lru_cache(maxsize=256)(_shapes)
"""Statements of a kind have the same extensions in the same order."""


def _is_short(names: tuple[Any, ...]) -> bool:
    """Tell whether so little is worth remembering: what comes in may have been made to fill the memory."""
    try:
        return sum(map(len, names)) <= _LONGEST_REMEMBERED
    except TypeError:
        return False


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _only(thing: dict[str, Any], known: frozenset[str], where: str, rule: str) -> Iterator[Finding]:
    for name in sorted(thing.keys() - known):
        yield Finding(f"{where}/{name}", rule, "no such property")


def _nulls(value: Any, where: str) -> Iterator[Finding]:
    """Null is allowed in extensions only (2.2)."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "extensions":
                continue
            if inner is None:
                yield Finding(f"{where}/{name}", "2.2", "null")
            yield from _nulls(inner, f"{where}/{name}")


def _is_uuid(value: Any) -> bool:
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def _is_iri(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_IRI and _fits_iri(value)


@lru_cache(maxsize=4096)
def _fits_iri(value: str) -> bool:
    """Remembered, for statements name the same verbs, activities and extensions again and again."""
    return _IRI.fullmatch(value) is not None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
