"""The law of folds: the same rows for every order of arrival, doubling, splitting, and for voids that come first.

The statements are drawn at random, and so is the way they arrive; the rows are compared whole.
"""

from collections.abc import Iterable
from typing import Any

import pytest
from cast import NumberedIds, memory_node
from hypothesis import given, settings
from hypothesis import strategies as st
from satisfaction_scenes import DAY, responded

from elearn.core.ledger.entry import Entry, Head, follow, head_after
from elearn.core.projections.all import FOLDED_TABLES, PROJECTIONS
from elearn.core.projections.attempts import ANSWER, ATTEMPT
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.projections.completions import COMPLETION
from elearn.core.projections.progress import PROGRESS
from elearn.core.projections.satisfaction import SATISFACTION
from elearn.core.vocab.people import Particulars
from elearn.core.xapi import verbs
from elearn.core.xapi.build import Saying, build, build_void
from elearn.core.xapi.check import check
from elearn.core.xapi.statement import Statement
from elearn.services.node import Node
from elearn.services.record import rebuild_projections, receive_in

ids = NumberedIds(3)
PEOPLE = ("00000000-0000-4000-a000-00000000000a", "00000000-0000-4000-a000-00000000000b")
ATTEMPTS = tuple(NumberedIds(4).new() for _ in range(3))
POSTS = ("Huay Xai", "Chiang Khong")
PASSED_AT = ("2026-11-24T08:00:03.000000Z", "2026-11-01T08:00:00.000000Z")


def rows(node: Node) -> dict[str, list[dict[str, Any]]]:
    with node.store.reading() as tx:
        return {table.name: tx.tables.select(table) for table in FOLDED_TABLES}


def arrive(node: Node, origin: str, statements: Iterable[Statement]) -> None:
    """Let the statements come in as the chain of one origin."""

    def work(tx: Any) -> None:
        head, entries = tx.ledger.head(origin), []
        for statement in statements:
            entries.append(follow(head, statement))
            head = head_after(entries[-1])
        receive_in(tx, node, entries)

    node.store.write(work)


def saying(person: str, second: int = 0, post: str = POSTS[0]) -> Saying:
    return Saying(
        person, Particulars("LA", "customs", post, "female", "junior"), f"2026-11-24T08:00:{second:02}.000000Z", "n"
    )


def taken(language: str = "km", version: str = "1.0") -> dict[str, str]:
    return {"digest": "d" * 64, "language": language, "version": version}


@st.composite
def statements(draw: st.DrawFn, own_attempts: bool = False) -> list[Statement]:
    """Return statements of two people in two courses. own_attempts: no attempt or certificate is shared by two."""

    def one(index: int) -> Statement:
        owner = draw(st.integers(0, 1))
        person = PEOPLE[owner]
        who = saying(person, draw(st.integers(0, 5)), draw(st.sampled_from(POSTS)))
        course = draw(st.sampled_from(("interdiction", "evidence")))
        number = draw(st.integers(0, 2))
        attempt = ATTEMPTS[number] if not own_attempts else f"{owner:08x}-0000-4000-8000-{number:012x}"
        mark = f"N{owner}{number}" if own_attempts else f"N{number}"
        what = taken(draw(st.sampled_from(("km", "en"))), draw(st.sampled_from(("1.0", "1.1"))))
        score = draw(st.sampled_from((0.25, 0.5, 1)))
        kind = draw(st.sampled_from(("pretest", "exam")))
        statement_id = f"00000000-0000-4000-b000-{index:012x}"
        return draw(
            st.sampled_from(
                (
                    lambda: build(who, statement_id, verbs.REGISTERED, verbs.course_iri(course), extensions=what),
                    lambda: build(
                        who, statement_id, verbs.COMPLETED, verbs.lesson_iri(course, f"l{number}"), extensions=what
                    ),
                    lambda: build(who, statement_id, verbs.COMPLETED, verbs.course_iri(course), extensions=what),
                    lambda: build(
                        who,
                        statement_id,
                        verbs.INITIALIZED,
                        verbs.sitting_iri(course, kind),
                        attempt=attempt,
                        extensions=what,
                        result_extensions={"questions": [{"id": "q", "options": ["a"]}], "seed": index},
                    ),
                    lambda: build(
                        who,
                        statement_id,
                        verbs.ANSWERED,
                        verbs.question_iri(course, f"q{number}"),
                        attempt=draw(st.sampled_from((attempt, None))),
                        extensions=what,
                        result={"response": "a" if index % 2 else "b[,]c", "score": {"scaled": score}},
                        result_extensions={"used_s": index},
                    ),
                    lambda: build(
                        who,
                        statement_id,
                        draw(st.sampled_from((verbs.PASSED, verbs.FAILED))),
                        verbs.sitting_iri(course, kind),
                        attempt=attempt,
                        extensions=what,
                        result={"score": {"scaled": score}, "success": True},
                        result_extensions={"missed": [f"o{index}"]},
                    ),
                    lambda: build(
                        who,
                        statement_id,
                        verbs.CERTIFIED,
                        verbs.certificate_iri(mark),
                        attempt=attempt,
                        extensions={**what, "course": course},
                    ),
                    lambda: build(
                        who,
                        statement_id,
                        verbs.REVOKED,
                        verbs.certificate_iri(mark),
                        extensions={
                            "subject": person,
                            "course": course,
                            "reason": f"r{index}",
                            "kind": draw(st.sampled_from(("mistake", "name"))),
                            "clock_uncertain": draw(st.sampled_from((True, None))),
                        },
                    ),
                    lambda: build(
                        who,
                        statement_id,
                        verbs.REVOKED,
                        verbs.certificate_iri(mark),
                        extensions={
                            "subject": person,
                            "course": course,
                            "kind": "replaced",
                            "replaced_by": draw(st.sampled_from((f"{mark}-1", f"{mark}-2"))),
                        },
                    ),
                    lambda: build(
                        who,
                        statement_id,
                        verbs.CERTIFIED,
                        verbs.certificate_iri(f"{mark}-{index % 2 + 1}"),
                        attempt=attempt,
                        extensions={
                            **what,
                            "subject": person,
                            "course": course,
                            "certificate": draw(st.sampled_from(ATTEMPTS)),
                            "replaces": mark,
                            "passed_at": draw(st.sampled_from(PASSED_AT)),
                        },
                    ),
                    lambda: build(who, statement_id, verbs.PIN_RESET, verbs.person_iri(person)),
                    lambda: build(
                        who,
                        statement_id,
                        verbs.TRY_GIVEN,
                        verbs.sitting_iri(course, "exam"),
                        extensions={"subject": PEOPLE[number % 2], "reason": f"r{index}"},
                    ),
                    lambda: responded(statement_id, index % 5 + 1, course=course),
                )
            )
        )()

    return [one(index) for index in range(draw(st.integers(1, 14)))]


def straight(told: list[Statement]) -> dict[str, list[dict[str, Any]]]:
    node = memory_node()
    arrive(node, "origin", told)
    return rows(node)


@settings(max_examples=120, deadline=None)
@given(told=statements(), data=st.data())
def test_the_order_of_arrival_does_not_matter(told: list[Statement], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(told))

    assert straight(shuffled) == straight(told)


@settings(max_examples=60, deadline=None)
@given(told=statements(), data=st.data())
def test_coming_in_pieces_from_several_nodes_and_twice_does_not_matter(
    told: list[Statement], data: st.DataObject
) -> None:
    origins = [data.draw(st.sampled_from(("one", "two"))) for _ in told]
    heads = {"one": Head("one"), "two": Head("two")}
    entries = []
    for origin, statement in zip(origins, told, strict=True):
        entries.append(follow(heads[origin], statement))
        heads[origin] = head_after(entries[-1])
    cut = data.draw(st.integers(0, len(entries)))
    node = memory_node()

    for batch in (entries[cut:], entries[:cut], entries):
        node.store.write(lambda tx, batch=batch: receive_in(tx, node, batch))

    assert rows(node) == straight(told)


@settings(max_examples=120, deadline=None)
@given(told=statements(own_attempts=True), data=st.data())
def test_what_is_voided_never_was_whenever_the_void_comes(told: list[Statement], data: st.DataObject) -> None:
    voided = {index for index in range(len(told)) if data.draw(st.booleans())}
    voids = [build_void(saying(PEOPLE[0]), ids.new(), told[index].id, told[index].subject) for index in voided]
    node = memory_node()

    arrive(node, "origin", data.draw(st.permutations([*told, *voids])))
    live = rows(node)
    rebuild_projections(node)

    left = straight([statement for index, statement in enumerate(told) if index not in voided])
    assert {**live, "voided": []} == left
    assert rows(node) == live


@given(told=statements())
def test_what_is_drawn_here_would_be_taken_from_elsewhere(told: list[Statement]) -> None:
    for statement in told:
        assert check(statement.body) == statement


# --- what each row says


@pytest.fixture
def node() -> Node:
    return memory_node()


def only(node: Node, table: Any) -> dict[str, Any]:
    with node.store.reading() as tx:
        [row] = tx.tables.select(table)
    return {name: value for name, value in row.items() if name not in ("subject", "marks") and value is not None}


PERSON = PEOPLE[0]


def sat(second: int, verb: str, kind: str, score: float, attempt: str = ATTEMPTS[0], **more: Any) -> Statement:
    return build(
        saying(PERSON, second),
        ids.new(),
        verb,
        verbs.sitting_iri("interdiction", kind),
        attempt=attempt,
        extensions=taken(),
        result={"score": {"scaled": score}, "success": verb == verbs.PASSED},
        **more,
    )


def test_progress_from_registration_to_certificate(node: Node) -> None:
    course = "interdiction"
    again = build(saying(PERSON, 5), ids.new(), verbs.COMPLETED, verbs.lesson_iri(course, "one"))
    arrive(
        node,
        "origin",
        [
            build(
                saying(PERSON, 1), ids.new(), verbs.REGISTERED, verbs.course_iri(course), extensions=taken("km", "1.0")
            ),
            sat(2, verbs.FAILED, "pretest", 0.3),
            sat(3, verbs.PASSED, "pretest", 0.9),
            build(
                saying(PERSON, 4),
                ids.new(),
                verbs.COMPLETED,
                verbs.lesson_iri(course, "one"),
                extensions=taken("th", "1.1"),
            ),
            again,
            sat(6, verbs.FAILED, "exam", 0.5),
            sat(7, verbs.PASSED, "exam", 0.9, ATTEMPTS[1]),
            sat(8, verbs.PASSED, "exam", 0.8, ATTEMPTS[2]),
            build(
                saying(PERSON, 9),
                ids.new(),
                verbs.CERTIFIED,
                verbs.certificate_iri("AAAA"),
                extensions={"course": course, "language": "lo"},
            ),
        ],
    )

    at = "2026-11-24T08:00:0{}.000000Z".format
    assert only(node, PROGRESS) == {
        "person": PERSON,
        "course": course,
        "registered_at": at(1),
        "language": "lo",
        "lessons": {"one": at(4)},
        "readings": {"one": {"at": at(5), "id": again.id, "version": None, "digest": None}},
        "last_at": at(9),
        "version": "1.0",
        "pretest_score": 0.3,
        "pretest_at": at(2),
        "best_score": 0.9,
        "passed_at": at(7),
        "completed_at": at(7),
        "certificate": "AAAA",
    }


def test_a_sitting_and_its_answers(node: Node) -> None:
    drawn = [{"id": "q1", "options": ["b", "a"]}]
    ends = "2026-11-24T09:00:00.000000Z"
    question = verbs.question_iri("interdiction", "q1")
    answers = [
        build(
            saying(PERSON, second),
            ids.new(),
            verbs.ANSWERED,
            question,
            attempt=ATTEMPTS[0],
            result={"response": response, "score": {"scaled": score}},
            result_extensions={"used_s": second},
        )
        for second, response, score in ((2, "a", 1), (3, "b[,]c", 0))
    ]
    arrive(
        node,
        "origin",
        [
            answers[1],
            sat(1, verbs.INITIALIZED, "exam", 0, result_extensions={"questions": drawn, "seed": 7, "ends_at": ends}),
            answers[0],
            sat(4, verbs.FAILED, "exam", 0.5, result_extensions={"missed": ["o1"], "critical_missed": ["q1"]}),
            sat(5, verbs.PASSED, "exam", 1.0),
        ],
    )

    assert only(node, ANSWER) == {
        "person": PERSON,
        "attempt": ATTEMPTS[0],
        "question": "q1",
        "response": ["b", "c"],
        "score": 0.0,
        "at": answers[1].timestamp,
        "used_s": 3.0,
        "statement_id": answers[1].id,
    }
    assert only(node, ATTEMPT) == {
        "person": PERSON,
        "attempt": ATTEMPTS[0],
        "course": "interdiction",
        "kind": "exam",
        "digest": "d" * 64,
        "version": "1.0",
        "language": "km",
        "started_at": "2026-11-24T08:00:01.000000Z",
        "ends_at": ends,
        "questions": drawn,
        "seed": 7,
        "submitted_at": "2026-11-24T08:00:04.000000Z",
        "score": 0.5,
        "success": 0,
        "missed": ["o1"],
        "critical_missed": ["q1"],
        "node": "n",
    }


def test_a_completion_carries_the_snapshot_of_that_day_and_a_failed_exam_is_none(node: Node) -> None:
    arrive(
        node,
        "origin",
        [sat(1, verbs.FAILED, "exam", 0.5, ATTEMPTS[1]), sat(2, verbs.PASSED, "pretest", 1, ATTEMPTS[2])],
    )
    with node.store.reading() as tx:
        assert tx.tables.count(COMPLETION) == 0

    arrive(node, "origin", [sat(3, verbs.PASSED, "exam", 0.9)])

    assert only(node, COMPLETION) == {
        "person": PERSON,
        "attempt": ATTEMPTS[0],
        "course": "interdiction",
        "version": "1.0",
        "language": "km",
        "score": 0.9,
        "passed_at": "2026-11-24T08:00:03.000000Z",
        "country": "LA",
        "agency": "customs",
        "post": "Huay Xai",
        "sex": "female",
        "rank_band": "junior",
        "node": "n",
    }


def test_a_revocation_may_come_before_the_certificate(node: Node) -> None:
    number = verbs.certificate_iri("7K3M-9QXA")
    revoked = build(
        saying("admin", 9), ids.new(), verbs.REVOKED, number, extensions={"subject": PERSON, "reason": "mistake"}
    )
    issued = build(
        saying(PERSON, 1),
        ids.new(),
        verbs.CERTIFIED,
        number,
        attempt=ATTEMPTS[0],
        result={"score": {"scaled": 0.9}},
        extensions={**taken(), "course": "interdiction", "expires_at": "2028-11-24T00:00:00.000000Z"},
    )
    arrive(node, "origin", [revoked])
    early = only(node, CERTIFICATE)

    arrive(node, "origin", [issued])

    assert early == {
        "person": PERSON,
        "number": "7K3M-9QXA",
        "revoked_at": revoked.timestamp,
        "withdrawn_at": revoked.timestamp,
        "revoked_reason": "mistake",
        "revocations": {"n": {"w": [*revoked.when, None, None, "mistake"]}},
    }
    assert only(node, CERTIFICATE) == {
        **early,
        "certificate_id": ATTEMPTS[0],
        "course": "interdiction",
        "version": "1.0",
        "digest": "d" * 64,
        "attempt": ATTEMPTS[0],
        "score": 0.9,
        "language": "km",
        "issued_at": issued.timestamp,
        "expires_at": "2028-11-24T00:00:00.000000Z",
        "node": "n",
    }


def test_an_anonymous_answer_is_a_row_of_nobody_and_counts_nowhere_else(node: Node) -> None:
    said = responded("00000000-0000-4000-b000-000000000001", 5, "time", language="km")
    arrive(node, "origin", [said])

    found = rows(node)
    [row] = found.pop("satisfaction")
    assert row == {
        "subject": verbs.ANONYMOUS,
        "id": said.id,
        "course": "interdiction",
        "version": "1",
        "language": "km",
        "node": "n",
        "said_on": DAY,
        "useful": 5,
        "understood": 5,
        "fair": 5,
        "fitting": 5,
        "easy": 5,
        "helped": "time",
    }
    assert all(others == [] for others in found.values())


@pytest.mark.parametrize(
    "other",
    [
        responded("00000000-0000-4000-b000-000000000002", form=2),
        responded("00000000-0000-4000-b000-000000000002", helped="of-another-form"),
        build(saying(PERSON), ids.new(), verbs.RESPONDED, verbs.satisfaction_iri("interdiction")),
        build(saying(verbs.ANONYMOUS), ids.new(), verbs.RESPONDED, verbs.satisfaction_iri("interdiction")),
        build(saying(verbs.ANONYMOUS), ids.new(), verbs.RESPONDED, verbs.course_iri("interdiction")),
    ],
)
def test_answers_to_another_form_or_of_somebody_are_not_counted(node: Node, other: Statement) -> None:
    arrive(node, "origin", [other])

    with node.store.reading() as tx:
        assert tx.tables.count(SATISFACTION) == 0


def test_a_void_cannot_be_voided(node: Node) -> None:
    lesson = build(saying(PERSON, 1), ids.new(), verbs.COMPLETED, verbs.lesson_iri("interdiction", "one"))
    void = build_void(saying(PERSON, 2), ids.new(), lesson.id, PERSON)
    void_of_void = build_void(saying(PERSON, 3), ids.new(), void.id, PERSON)

    arrive(node, "origin", [lesson, void, void_of_void])

    with node.store.reading() as tx:
        assert tx.tables.count(PROGRESS) == 0


def test_every_projection_has_its_own_name_and_every_table_a_subject() -> None:
    assert len({projection.name for projection in PROJECTIONS}) == len(PROJECTIONS)
    assert len({table.name for table in FOLDED_TABLES}) == len(FOLDED_TABLES)
    for table in FOLDED_TABLES:
        assert "subject" in table.columns
        assert any(index[0] == "subject" for index in table.indexes), f"{table.name}: refolding a subject would scan"


def test_an_entry_of_a_later_version_with_an_unknown_verb_folds_to_nothing(node: Node) -> None:
    body = build(saying(PERSON, 1), ids.new(), verbs.PUBLISHED, verbs.course_iri("interdiction")).body
    unknown = Statement({**body, "verb": {"id": "https://elearn.invalid/xapi/verbs/of-tomorrow"}})
    entry: Entry = follow(Head("origin"), unknown)

    node.store.write(lambda tx: receive_in(tx, node, [entry]))

    with node.store.reading() as tx:
        assert tx.ledger.size() == 1
    assert all(found == [] for found in rows(node).values())
