"""Officers who passed and their answers to the satisfaction form, for the tests of it in every room."""

from typing import Any

from figures_scenes import passed

from elearn.core.vocab.kept import BALLOT, FORM_SETTLED
from elearn.core.vocab.people import Particulars
from elearn.core.vocab.satisfaction import FORM, HELPED, ITEMS
from elearn.core.xapi import verbs
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.statement import Statement
from elearn.ports import Transaction
from elearn.services import satisfaction
from elearn.services.node import Node
from elearn.services.record import record

COURSE = "interdiction"
DAY = "2026-03-04T17:00:00.000000Z"
"""The instant 5 March began in Lao PDR."""


def said(rating: int = 4, helped: str = "practice", **changes: str) -> dict[str, str]:
    """Return the fields of a form in which every statement has the same rating."""
    return {**dict.fromkeys(ITEMS, str(rating)), "helped": helped, **changes}


def different(number: int) -> dict[str, str]:
    """Return the fields of a form as nobody with another number (0..4) fills it in."""
    return said(number + 1, list(HELPED)[number])


def let_pass(node: Node, how_many: int, **changes: Any) -> list[str]:
    """Record that so many new persons passed here; return their ids. changes: see `figures_scenes.passed`."""
    people = [node.ids.new() for _ in range(how_many)]
    record(node, *(passed(node, person, **changes) for person in people))
    return people


def let_answer(node: Node, how_many: int, **changes: Any) -> list[str]:
    """Let so many new persons pass and answer, each differently; return their ids."""
    people = let_pass(node, how_many, **changes)
    for number, person in enumerate(people):
        satisfaction.answer(node, person, changes.get("course", COURSE), different(number % 5))
    return people


def responded(statement_id: str, rating: int = 4, helped: str = "practice", **changes: Any) -> Statement:
    """Return one anonymous answer as a post records it. changes: course, node, day, language, version, form."""
    course = changes.get("course", COURSE)
    saying = Saying(verbs.ANONYMOUS, Particulars("", "", "", "", ""), changes.get("day", DAY), changes.get("node", "n"))
    return build(
        saying,
        statement_id,
        verbs.RESPONDED,
        verbs.satisfaction_iri(course),
        activity_type=satisfaction.SURVEY_TYPE,
        result_extensions={
            "form": changes.get("form", FORM),
            "ratings": dict.fromkeys(ITEMS, rating),
            "helped": helped,
        },
        extensions={"version": changes.get("version", "1"), "language": changes.get("language", "lo")},
        parent=verbs.course_iri(course),
    )


def responses(node: Node) -> list[Statement]:
    """Return the anonymous answers in the ledger, in the order they were stored."""

    def read(tx: Transaction) -> list[Statement]:
        return [entry.statement for entry in tx.ledger.every() if entry.statement.verb == verbs.RESPONDED]

    with node.store.reading() as tx:
        return read(tx)


def in_the_box(node: Node) -> list[dict[str, Any]]:
    """Return the ballots that wait."""
    with node.store.reading() as tx:
        return tx.tables.select(BALLOT)


def settled(node: Node) -> list[tuple[str, str, str]]:
    """Return who is not asked again: (person, course, major version)."""
    with node.store.reading() as tx:
        return [(row["person"], row["course"], row["version"]) for row in tx.tables.select(FORM_SETTLED)]
