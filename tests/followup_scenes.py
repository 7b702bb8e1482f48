"""Follow-ups 90 days after an exam, for the tests of them in every room: statements as a post records them."""

from datetime import timedelta
from typing import Any

from cast import TickingClock

from elearn.core.vocab.followup import FORM
from elearn.core.xapi import verbs
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.statement import Statement
from elearn.services.followup import SURVEY_TYPE
from elearn.services.node import Node

AT = "2026-06-10T05:00:00.000000Z"


def shift(node: Node, days: int) -> None:
    """Let so many days go by."""
    assert isinstance(node.clock, TickingClock)
    node.clock.shift(timedelta(days=days))


def ticked(used: str = "once", *stopped: str) -> dict[str, list[str]]:
    """Return the fields of a form."""
    return {"used": [used], "stopped": list(stopped or ("nothing",))}


def followed_up(exam: Statement, statement_id: str, used: str = "once", *stopped: str, **changes: Any) -> Statement:
    """Return the officer's answer to the follow-up of an exam. changes: form, at, by (who says it), attempt."""
    return build(
        Saying(changes.get("by", exam.actor), exam.particulars, changes.get("at", AT), str(exam.extension("node"))),
        statement_id,
        verbs.FOLLOWED_UP,
        verbs.follow_up_iri(str(exam.course)),
        activity_type=SURVEY_TYPE,
        result_extensions={
            "form": changes.get("form", FORM),
            "used": used,
            "stopped": list(stopped or ("nothing",)),
            "passed_days": 97,
        },
        attempt=changes.get("attempt", exam.attempt),
        extensions={"language": exam.language, "subject": exam.actor if "by" in changes else None},
        parent=verbs.course_iri(str(exam.course)),
    )


def observed(exam: Statement, statement_id: str, seen: str = "yes", **changes: Any) -> Statement:
    """Return what a colleague says of the skill. changes: form, at, by (who says it)."""
    return build(
        Saying(changes.get("by", "colleague"), exam.particulars, changes.get("at", AT), str(exam.extension("node"))),
        statement_id,
        verbs.SKILL_OBSERVED,
        verbs.follow_up_iri(str(exam.course)),
        activity_type=SURVEY_TYPE,
        result_extensions={"form": changes.get("form", FORM), "seen": seen, "passed_days": 97},
        attempt=exam.attempt,
        extensions={"subject": exam.actor, "language": exam.language},
        parent=verbs.course_iri(str(exam.course)),
    )
