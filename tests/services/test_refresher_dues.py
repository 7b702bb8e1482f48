"""What is kept of when questions are due is never other than what is worked out anew, whoever wrote in between."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cast import memory_node, officer, sqlite_node
from refresher_scenes import DAY, answer, later, passed, reviews
from small_course import RIGHT, publish, ready_for_exam

from elearn.core.projections.attempts import ATTEMPT
from elearn.core.xapi.build import build
from elearn.core.xapi.verbs import VOIDED
from elearn.ports import Transaction
from elearn.services import learn, refresher_dues, refreshers, sit
from elearn.services.node import Node
from elearn.services.record import rebuild_projections, record, record_in, saying_for


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    node.store.write(publish)
    refresher_dues._kept.clear()
    yield node
    node.store.close()


def found(node: Node, person: str, now: str = "") -> tuple[set[object], dict[object, str]]:
    with node.store.reading() as tx:
        attempts = tx.tables.select(ATTEMPT, {"subject": person})
        answered = refresher_dues.dues_of(tx, person, attempts, now or node.now())
    return set(answered.questions), dict(answered.dues)


def anew(node: Node, person: str, now: str = "") -> tuple[set[object], dict[object, str]]:
    """Return the same with nothing kept. What was kept stays."""
    kept = dict(refresher_dues._kept)
    refresher_dues._kept.clear()
    try:
        return found(node, person, now)
    finally:
        refresher_dues._kept.clear()
        refresher_dues._kept.update(kept)


def void(node: Node, person: str, statement: str) -> None:
    with node.store.reading() as tx:
        saying = saying_for(tx, node, person)
    record(node, build(saying, node.ids.new(), VOIDED, statement))


def test_after_everything_an_officer_does_what_is_kept_is_right(post: Node) -> None:
    noy = officer(post)
    seen = [found(post, noy)]
    ready_for_exam(post, noy)
    seen.append(found(post, noy))
    assert seen[-1] == anew(post, noy)
    attempt = sit.start(post, noy, "seals", "exam", "en")
    for mark in sit.sitting(post, noy, attempt).marks:
        sit.answer(post, noy, attempt, mark.id, RIGHT[mark.id])
        assert found(post, noy) == seen[-1] == anew(post, noy)
    sit.submit(post, noy, attempt)
    seen.append(found(post, noy))
    assert seen[-1] == anew(post, noy)
    later(post, 3 * DAY)
    shift = refreshers.start(post, noy, "en")
    for place in (1, 2, 3):
        answer(post, noy, shift, place, right=place > 1)
        seen.append(found(post, noy))
        assert seen[-1] == anew(post, noy)

    assert [len(questions) for questions, _ in seen[:3]] == [0, 2, 6]
    assert len({str(sorted(dues.items())) for _, dues in seen}) == len(seen)


def test_an_answer_that_is_voided_is_forgotten_at_once(post: Node) -> None:
    noy = officer(post)
    ready_for_exam(post, noy)
    before = found(post, noy)
    void(post, noy, reviews(post, noy)[0]["id"])

    assert len(before[0]) == 2
    assert len(found(post, noy)[0]) == 1
    assert found(post, noy) == anew(post, noy)


def test_what_another_program_writes_counts_at_once(tmp_path: Path) -> None:
    here = sqlite_node(tmp_path)
    here.store.write(publish)
    noy = officer(here)
    ready_for_exam(here, noy)
    before = found(here, noy)
    there = sqlite_node(tmp_path, series=7)
    later(there, 40 * DAY)
    learn.check_answer(there, noy, "seals", "looking", "c-one", ["a"], "en")
    later(here, 41 * DAY)
    try:
        assert found(here, noy) != before
        assert found(here, noy) == anew(here, noy)
        rebuild_projections(there)
        assert found(here, noy) == anew(here, noy)
    finally:
        there.store.close()
        here.store.close()


def test_what_was_undone_is_not_kept(post: Node) -> None:
    noy = officer(post)
    passed(post, noy)
    before = found(post, noy)
    with post.store.reading() as tx:
        saying = saying_for(tx, post, noy)
    gone = build(saying, post.ids.new(), VOIDED, reviews(post, noy)[0]["id"])

    def undone(tx: Transaction) -> None:
        record_in(tx, post, gone)
        refresher_dues.dues_of(tx, noy, tx.tables.select(ATTEMPT, {"subject": noy}), post.now())
        raise LookupError

    with pytest.raises(LookupError):
        post.store.write(undone)

    assert found(post, noy) == before == anew(post, noy)


def test_an_answer_that_lies_ahead_counts_from_then_on_and_not_before(post: Node) -> None:
    noy = officer(post)
    later(post, 20 * DAY)
    ready_for_exam(post, noy)
    first = reviews(post, noy)[0]["at"]
    later(post, -timedelta(days=10))
    early = found(post, noy)
    now = post.now()

    assert early == anew(post, noy, now)
    assert len(early[0]) == 2
    assert early[1] == {}
    assert len(found(post, noy, first)[1]) == 1
    later(post, 40 * DAY)
    assert len(found(post, noy)[1]) == 2
    assert found(post, noy, now) == early


def test_only_a_few_officers_are_kept(post: Node) -> None:
    for number in range(refresher_dues.KEPT_IN_MEMORY + 5):
        found(post, f"officer-{number}")

    assert len(refresher_dues._kept) == refresher_dues.KEPT_IN_MEMORY
