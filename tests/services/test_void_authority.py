"""A void counts from the node that said what it voids, or from a hub above it, in whatever order the two arrive."""

import pytest
from exchange_scenes import exam_passed, numbered_officer, rows
from key_scenes import Places, id_of, places

from elearn.core.projections.attempts import ATTEMPT
from elearn.core.projections.base import VOIDED_IDS
from elearn.core.vocab.people import Particulars
from elearn.core.xapi.build import Saying, build_void
from elearn.core.xapi.statement import Statement
from elearn.services.node import Node
from elearn.services.record import rebuild_projections, record
from elearn.services.standing_above import has_a_word


@pytest.fixture
def three() -> Places:
    return places()


def void(node: Node, said: Statement) -> None:
    """Have a node void a statement."""
    saying = Saying(id_of(node), Particulars("", "", "", "", ""), node.now(), id_of(node))
    record(node, build_void(saying, node.ids.new(), said.id, said.subject))


def passed(node: Node) -> Statement:
    """Return the statement of an exam that was passed at a node."""
    said = exam_passed(node, numbered_officer(node))
    record(node, said)
    return said


def counted(node: Node, said: Statement) -> bool:
    """Tell whether a node counts an exam, now and after folding all anew."""
    found = [bool(rows(node, ATTEMPT, person=said.subject))]
    rebuild_projections(node)
    found.append(bool(rows(node, ATTEMPT, person=said.subject)))
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize("void_first", [True, False])
def test_another_post_voids_nothing_in_whatever_order_it_arrives(three: Places, void_first: bool) -> None:
    said = passed(three.post)
    void(three.other, said)
    for node in (three.other, three.post) if void_first else (three.post, three.other):
        three.exchange(node)

    assert counted(three.hub, said)
    assert rows(three.hub, VOIDED_IDS) == []


@pytest.mark.parametrize("void_first", [True, False])
def test_the_hub_voids_what_a_post_of_its_own_said(three: Places, void_first: bool) -> None:
    said = passed(three.post)
    if void_first:
        void(three.hub, said)
    three.exchange(three.post)
    if not void_first:
        void(three.hub, said)

    assert not counted(three.hub, said)


def test_a_post_voids_what_it_said_itself(three: Places) -> None:
    said = passed(three.post)
    three.exchange(three.post)
    void(three.post, said)
    three.exchange(three.post)

    assert not counted(three.post, said)
    assert not counted(three.hub, said)


def test_a_rightful_void_counts_beside_one_that_is_not(three: Places) -> None:
    said = passed(three.post)
    void(three.other, said)
    void(three.post, said)
    three.exchange(three.other, three.post)

    assert not counted(three.hub, said)
    assert len(rows(three.hub, VOIDED_IDS)) == 1


def test_above_a_post_is_its_hub_and_nobody_is_above_by_saying_so(three: Places) -> None:
    three.exchange()
    post, other, hub = (id_of(node) for node in (three.post, three.other, three.hub))
    for node in (three.post, three.hub):
        with node.store.reading() as tx:
            assert has_a_word(tx, hub, post)
            assert has_a_word(tx, post, post)
            assert not has_a_word(tx, other, post)
            assert not has_a_word(tx, post, hub)
            assert not has_a_word(tx, "", post)
