"""A copy of everything held about one officer, as JSON for machines: the own record, and each statement it rests on.

What would tell the answers of an exam is left out, for it may be sat again: whether a single answer in it was right,
which questions were missed, and which are drawn in one that runs. The officer's own answers are in.
"""

import json
from dataclasses import asdict
from typing import Any

from elearn import __version__
from elearn.core.ledger.entry import Entry
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import ANSWERED
from elearn.services.brought import brought_about
from elearn.services.deliveries import Deliveries
from elearn.services.my_record import my_record
from elearn.services.node import Node, known

FORM = "elearn record 1"
_TOLD = frozenset(("check", "refresher"))
"""Places where the right answer was told at once."""


def record_copy(node: Node, person: str, language: str) -> bytes:
    """Return the copy, UTF-8. language: of the titles. Raises NotFound("person.unknown")."""
    held = asdict(my_record(node, person, language))
    with node.store.reading() as tx:
        mine, where = known(tx), Deliveries(tx)
        entries = [entry for one in tx.ledger.about(person) if (entry := tx.ledger.find(one.id))]
        said = [{**_entry(entry), "where": asdict(where.of(entry))} for entry in entries]
        brought = [_entry(entry) for entry in brought_about(tx, person)]
    head = {
        "form": FORM,
        "made_at": node.now(),
        "made_by": {"node": mine.id, "name": mine.name, "country": mine.country, "version": __version__},
        "left_out": "the PIN (only a digest is kept); in exams: marks of single answers, questions missed or drawn",
    }
    return json.dumps(
        {**head, **held, "statements": said, "statements_brought": brought}, ensure_ascii=False, indent=1
    ).encode()


def _entry(entry: Entry) -> dict[str, Any]:
    told = {"node": entry.node, "number": entry.number, "digest": entry.digest, "stored": entry.stored}
    return {**told, "statement": shown(entry.statement)}


def shown(statement: Statement) -> dict[str, Any]:
    """Return the statement's body without what would tell the answers of an exam."""
    body = statement.body
    result = body.get("result")
    if not isinstance(result, dict) or not statement.attempt:
        return body
    if statement.verb == ANSWERED:
        if statement.extension("place") in _TOLD:
            return body
        return {**body, "result": {name: value for name, value in result.items() if name == "response"}}
    return {**body, "result": {name: value for name, value in result.items() if name != "extensions"}}
