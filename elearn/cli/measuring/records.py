"""Invented records of a whole country's officers, by the hundred thousand, made as the errands make them.

Statements only: no course has to be published for them, and they take a fraction of the time of true errands.
"""

import random
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from elearn.core.credential.number import number_from
from elearn.core.learning.course import CHECK, EXAM, PRETEST
from elearn.core.ledger.entry import Entry, follow, head_after
from elearn.core.questions.base import QUESTION_TYPE
from elearn.core.vocab.people import Agency, Country, Particulars, RankBand, Sex
from elearn.core.vocab.times import text_of
from elearn.core.xapi import verbs
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.canonical import sha256_hex
from elearn.core.xapi.statement import Statement
from elearn.ports import Transaction
from elearn.services.learn import LESSON_TYPE
from elearn.services.node import Node, known
from elearn.services.record import receive_new_in
from elearn.services.sit import SITTING_TYPE
from elearn.services.standing import COURSE_TYPE

AT_ONCE = 500
"""Entries in one write."""
_COURSES = ("interdiction", "risk-profiling", "drug-identification", "evidence")
_LANGUAGES = ("en", "km", "lo", "my", "th", "vi", "zh_Hans")
_LESSONS, _CHECKS, _ASKED, _QUESTIONS = 6, 2, 12, 40
_AT_A_TIME = 40
"""Officers who learn at the same time: their records come mixed."""
_BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

Said = Callable[[str], Statement]
"""A statement still without its time."""


def fill(node: Node, count: int, seed: int) -> None:
    """Record ``count`` statements more in the node's own chain. seed: another one gives other officers."""
    with node.store.reading() as tx:
        mine = known(tx).id
    said = _mixed(mine, random.Random(seed))  # noqa: S311 - invented records, the same in every run
    left = count
    while left:
        part = list(islice(said, min(AT_ONCE, left)))
        left -= len(part)

        def work(tx: Transaction, part: list[Statement] = part) -> None:
            receive_new_in(tx, node, _chained(tx, mine, part))

        node.store.write(work)


def _chained(tx: Transaction, mine: str, statements: list[Statement]) -> Iterator[Entry]:
    head = tx.ledger.head(mine)
    for statement in statements:
        entry = follow(head, statement)
        head = head_after(entry)
        yield entry


def _mixed(node: str, chance: random.Random) -> Iterator[Statement]:
    """Yield without end: one record of each of the officers who learn at the moment, a new one where one is done."""
    at = _BEGIN
    learning = [_officer(node, chance) for _ in range(_AT_A_TIME)]
    while True:
        for place in range(_AT_A_TIME):
            at += timedelta(seconds=chance.randrange(1, 40), microseconds=chance.randrange(10**6))
            said = next(learning[place], None)
            if said is None:
                learning[place] = _officer(node, chance)
                said = next(learning[place])
            yield said(text_of(at))


def _officer(node: str, chance: random.Random) -> Iterator[Said]:
    """Yield what one officer does in one course: pre-test, lessons, exam, and a certificate after a pass."""
    course, language = chance.choice(_COURSES), chance.choice(_LANGUAGES)
    particulars = Particulars(
        chance.choice(list(Country)).value,
        chance.choice(list(Agency)).value,
        "Measured Post",
        chance.choice(list(Sex)).value,
        chance.choice(list(RankBand)).value,
    )
    pinned = {"digest": sha256_hex(course.encode()), "version": "1.0.0", "language": language}
    person = _uuid(chance)

    def says(verb: str, of: str, *, extensions: dict[str, Any] | None = None, **more: Any) -> Said:
        statement_id, all_extensions = _uuid(chance), {**pinned, **(extensions or {})}
        return lambda at: build(
            Saying(person, particulars, at, node), statement_id, verb, of, extensions=all_extensions, **more
        )

    yield says(verbs.REGISTERED, verbs.course_iri(course), activity_type=COURSE_TYPE)
    yield from _sitting(says, chance, course, PRETEST, _uuid(chance))
    for lesson in range(_LESSONS):
        for check in range(_CHECKS):
            question = verbs.question_iri(course, f"lesson-{lesson}-check-{check}")
            result = {"response": chance.choice("abcd"), "score": {"scaled": 1}, "success": True}
            parent = verbs.lesson_iri(course, f"lesson-{lesson}")
            yield says(verbs.ANSWERED, question, result=result, parent=parent, extensions={"place": CHECK})
        lesson_iri = verbs.lesson_iri(course, f"lesson-{lesson}")
        yield says(verbs.COMPLETED, lesson_iri, activity_type=LESSON_TYPE, result={"completion": True})
    attempt = _uuid(chance)
    if not (yield from _sitting(says, chance, course, EXAM, attempt)):
        return
    done = {"score": {"scaled": 0.9}, "success": True, "completion": True}
    yield says(verbs.COMPLETED, verbs.course_iri(course), activity_type=COURSE_TYPE, result=done, attempt=attempt)
    number, said = number_from(attempt), {"course": course, "expires_at": text_of(_BEGIN + timedelta(days=730))}
    score = {"score": {"scaled": 0.9}}
    yield says(verbs.CERTIFIED, verbs.certificate_iri(number), result=score, attempt=attempt, extensions=said)


def _sitting(
    says: Callable[..., Said], chance: random.Random, course: str, kind: str, attempt: str
) -> Generator[Said, None, bool]:
    """Yield what is said of a sitting; return whether it was passed."""
    able = 0.9 if kind == EXAM else 0.5
    iri, parent = verbs.sitting_iri(course, kind), verbs.course_iri(course)
    asked = [f"question-{number}" for number in chance.sample(range(_QUESTIONS), _ASKED)]
    drawn = {"questions": [{"id": one, "options": chance.sample("abcd", 4)} for one in asked]}
    begun = {**drawn, "seed": chance.getrandbits(53)}
    yield says(verbs.INITIALIZED, iri, activity_type=SITTING_TYPE, result_extensions=begun, attempt=attempt)
    wrong = []
    for one in asked:
        right = chance.random() < able
        wrong += [] if right else [one]
        yield says(
            verbs.ANSWERED,
            verbs.question_iri(course, one),
            activity_type=QUESTION_TYPE,
            result={"response": chance.choice("abcd"), "score": {"scaled": int(right)}, "success": right},
            result_extensions={"used_s": round(chance.random() * 60, 3)},
            attempt=attempt,
            extensions={"place": kind},
            parent=iri,
        )
    score = 1 - len(wrong) / _ASKED
    yield says(
        verbs.PASSED if score >= 0.7 else verbs.FAILED,
        iri,
        activity_type=SITTING_TYPE,
        result={"score": {"scaled": score}, "success": score >= 0.7, "completion": True},
        result_extensions={"missed": wrong, "critical_missed": []},
        attempt=attempt,
        parent=parent,
    )
    return score >= 0.7


def _uuid(chance: random.Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))
