"""Makes statements: what an officer or administrator did, as xAPI.

One builder for all; the rooms above say verb, object, result and our extensions.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from elearn.core.vocab.people import Particulars
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import AUTHORITY, DISPLAY, EXTENSION


@dataclass(frozen=True)
class Saying:
    """Who says it, when and where: the part all statements of one errand share.

    actor: person id; particulars: of the person the statement is about; timestamp: as `vocab.times.text_of` writes;
    clock_uncertain: the clock guard doubts this node's clock. instructor: person id of the trainer of a session in a
    classroom, medium: "paper" where answers were written on paper; both "" elsewhere.
    """

    actor: str
    particulars: Particulars
    timestamp: str
    node: str
    clock_uncertain: bool = False
    instructor: str = ""
    medium: str = ""


def build(
    saying: Saying,
    statement_id: str,
    verb: str,
    object_id: str,
    *,
    activity_type: str | None = None,
    result: Mapping[str, Any] | None = None,
    result_extensions: Mapping[str, Any] | None = None,
    attempt: str | None = None,
    extensions: Mapping[str, Any] | None = None,
    parent: str | None = None,
) -> Statement:
    """Return a statement. extensions with the value None are left out; names are ours, without the IRI prefix."""
    context: dict[str, Any] = {
        "platform": "elearn",
        "extensions": _prefixed({**asdict(saying.particulars), **(extensions or {}), **_way(saying)}),
    }
    if saying.instructor:
        context["instructor"] = _agent(saying.instructor)
    if attempt:
        context["registration"] = attempt
    if parent:
        context["contextActivities"] = {"parent": [{"objectType": "Activity", "id": parent}]}
    activity: dict[str, Any] = {"objectType": "Activity", "id": object_id}
    if activity_type:
        activity["definition"] = {"type": activity_type}
    body: dict[str, Any] = {
        "id": statement_id,
        "actor": _agent(saying.actor),
        "verb": {"id": verb, "display": {"en": DISPLAY[verb]}},
        "object": activity,
        "context": context,
        "timestamp": saying.timestamp,
    }
    if result or result_extensions:
        body["result"] = dict(result or {})
        if result_extensions:
            body["result"]["extensions"] = _prefixed(result_extensions)
    return Statement(body)


def build_void(saying: Saying, statement_id: str, voided_id: str, subject: str) -> Statement:
    """Return a statement that voids another (xAPI 1.0.3, 2.3.2). subject: whom the voided one was about."""
    return Statement(
        {
            "id": statement_id,
            "actor": _agent(saying.actor),
            "verb": {"id": "http://adlnet.gov/expapi/verbs/voided", "display": {"en": "voided"}},
            "object": {"objectType": "StatementRef", "id": voided_id},
            "context": {"platform": "elearn", "extensions": _prefixed({"subject": subject, **_node(saying)})},
            "timestamp": saying.timestamp,
        }
    )


def _agent(person: str) -> dict[str, Any]:
    return {"objectType": "Agent", "account": {"homePage": AUTHORITY, "name": person}}


def _way(saying: Saying) -> dict[str, Any]:
    return {**_node(saying), "medium": saying.medium}


def _node(saying: Saying) -> dict[str, Any]:
    return {"node": saying.node, "clock_uncertain": True if saying.clock_uncertain else None}


def _prefixed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {EXTENSION + name: value for name, value in values.items() if value is not None and value != ""}
