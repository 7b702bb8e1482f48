"""An officer's own record: all of it, and how far it got."""

from cast import memory_node, officer
from small_course import answer_exam, certificate_of, pass_pretest, publish, read_lessons, ready_for_exam

from elearn.core.vocab.kept import CONFIRMED, PACKAGE, PEER
from elearn.services import results, sit
from elearn.services.my_record import Delivery, delivery, my_record
from elearn.services.node import Node, known
from elearn.services.packages import _shelf

HUB = "00000000-0000-4000-9000-0000000000ff"
DAY = "2026-11-25T09:00:00.000000Z"


def post() -> Node:
    node = memory_node()
    node.store.write(publish)
    return node


def confirm(node: Node, number: int) -> None:
    """Let the hub name a number of this node's chain."""
    peer = {"node": HUB, "name": "Vientiane", "kind": "hub"}
    with node.store.reading() as tx:
        mine = known(tx).id
    row = {"peer": HUB, "node": mine, "number": number, "confirmed_at": DAY}
    node.store.write(lambda tx: tx.tables.put(PEER, peer))
    node.store.write(lambda tx: tx.tables.put(CONFIRMED, row))


def size(node: Node) -> int:
    with node.store.reading() as tx:
        return tx.ledger.size()


def test_a_new_officer_has_an_empty_record() -> None:
    node = post()

    found = my_record(node, officer(node), "en")

    assert (found.name, found.courses, found.sittings, found.certificates) == ("Noy Vong", (), (), ())
    assert (found.entries, found.confirmed) == (0, 0)


def test_the_record_holds_courses_sittings_and_certificates() -> None:
    node = post()
    noy = officer(node)
    number = certificate_of(node, noy)

    found = my_record(node, noy, "km")

    assert [(one.course, one.title, one.language, one.lessons_done) for one in found.courses] == [
        ("seals", "ខ្មែរ Seals", "km", 2)
    ]
    assert [(one.kind, one.score, one.success) for one in found.sittings] == [
        ("exam", 1.0, True),
        ("pretest", 0.5, None),
    ]
    assert [(one.number, one.state, one.version) for one in found.certificates] == [(number, "valid", "1.0.0")]
    assert found.entries == size(node)


def test_what_nobody_has_confirmed_is_kept_here_and_nothing_more() -> None:
    node = post()
    noy = officer(node)
    certificate_of(node, noy)

    found = my_record(node, noy, "en")

    assert found.confirmed == 0
    assert {one.delivery for one in (*found.sittings, *found.certificates)} == {Delivery()}
    assert not found.certificates[0].delivery.confirmed


def test_exactly_what_the_hub_named_is_confirmed() -> None:
    node = post()
    noy = officer(node)
    pass_pretest(node, noy)
    confirm(node, size(node))
    certificate_of_the_rest(node, noy)

    found = my_record(node, noy, "en")

    exam, pretest = found.sittings
    assert pretest.delivery == Delivery("Vientiane", DAY)
    assert exam.delivery == Delivery()
    assert found.certificates[0].delivery == Delivery()
    assert 0 < found.confirmed < found.entries


def certificate_of_the_rest(node: Node, person: str) -> None:
    read_lessons(node, person)
    attempt = sit.start(node, person, "seals", "exam", "en")
    answer_exam(node, person, attempt)
    sit.submit(node, person, attempt)
    assert results.result(node, person, attempt, "en").passed


def test_an_entry_is_confirmed_by_its_number_not_by_its_date() -> None:
    node = post()
    ready_for_exam(node, officer(node))
    confirm(node, 3)
    with node.store.reading() as tx:
        entries = list(tx.ledger.every())
        found = [delivery(tx, entry).confirmed for entry in entries]

    assert found == [True] * 3 + [False] * (len(entries) - 3)


def test_the_record_of_an_officer_whose_course_is_not_held_here_still_shows() -> None:
    node = post()
    noy = officer(node)
    number = certificate_of(node, noy)
    node.store.write(lambda tx: tx.tables.delete(PACKAGE, {}))
    _shelf.clear()  # what another process, started after, would see

    found = my_record(node, noy, "en")

    assert [one.title for one in found.courses] == ["seals"]
    assert [(one.number, one.title) for one in found.certificates] == [(number, "seals")]
