"""Taking certificates back and issuing them anew: by whom, for good, why, and what everybody sees of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from cast import TickingClock, memory_node, officer, sqlite_node
from revoking_scenes import certified_many, chief
from small_course import certificate_of, publish, structure

from elearn.core.credential.number import number_from
from elearn.core.credential.payload import decode
from elearn.core.credential.replacing import replacement_id
from elearn.core.ledger.entry import Entry, Head, follow, head_after
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.vocab.errors import ElearnError, Invalid, NotFound, Refused
from elearn.core.vocab.kept import ACCOUNT, PAPER_SHEET, PERSON, REVOCATION
from elearn.core.vocab.nodes import NodeKind
from elearn.core.vocab.revoking import KINDS
from elearn.core.vocab.roles import Role
from elearn.core.vocab.tables import Row
from elearn.core.xapi.build import build_void
from elearn.core.xapi.verbs import CERTIFIED, REVOCATION_EXPLAINED, REVOKED
from elearn.services import certify, learn
from elearn.services.certificate_history import history
from elearn.services.certificates_found import Sought, find
from elearn.services.my_record import my_record
from elearn.services.node import Node
from elearn.services.packages import current_packages
from elearn.services.record import receive_in, record, saying_for
from elearn.services.record_copy import record_copy
from elearn.services.reissue import reissue
from elearn.services.requirements import missing_courses
from elearn.services.results import result
from elearn.services.revocations import taken_back
from elearn.services.revoking import revoke
from elearn.services.transcript import transcript_page
from elearn.services.verify import verify_code, verify_payload


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    node.store.write(publish)
    yield node
    node.store.close()


def row_of(node: Node, number: str) -> Row:
    with node.store.reading() as tx:
        row = tx.tables.get(CERTIFICATE, number)
    assert row is not None
    return row


def notices(node: Node, person: str) -> list[str]:
    with node.store.reading() as tx:
        account = tx.tables.get(ACCOUNT, person)
    assert account is not None
    return [one["code"] for one in account["notice"] or []]


def list_here(node: Node, number: str, kind: str | None, at: str = "2026-11-24T09:00:00.000000Z") -> None:
    """Let the hub's list say that it was taken back."""
    row = {"number": number, "revoked_at": at, "listed_at": "", "listed_by": "hub", "kind": kind}
    node.store.write(lambda tx: tx.tables.put(REVOCATION, row))


# --- taking back


def test_taking_back_is_for_good_and_everybody_sees_it(post: Node) -> None:
    noy, by = officer(post), chief(post)
    number = certificate_of(post, noy)

    revoke(post, by, number, "identity", "  Exam taken by somebody else ")

    assert (row_of(post, number)["revoked_kind"], bool(row_of(post, number)["withdrawn_at"])) == ("identity", True)
    with post.store.reading() as tx:
        said = next(one for one in tx.ledger.about(noy) if one.verb == REVOKED)
    assert (said.actor, said.subject) == (by.person, noy)
    with pytest.raises(Refused, match=r"certificate\.revoked-already"):
        revoke(post, by, number, "mistake")
    with pytest.raises(Refused, match=r"certificate\.revoked"):
        certify.certificate_page(post, number, "en")
    card = learn.my_courses(post, noy, "en")[0]
    assert (card.state, card.next) == ("revoked", "exam")
    assert [one.state for one in my_record(post, noy, "en").certificates] == ["revoked"]
    assert notices(post, noy) == ["notice.certificate-revoked"]


def test_the_free_text_is_for_administrators_and_not_in_the_officers_copy(post: Node) -> None:
    noy, by = officer(post), chief(post)
    number = certificate_of(post, noy)

    revoke(post, by, number, "other", "Told by the hotline")

    event = history(post, by, number, "en").events[-1]
    assert (event.what, event.by, event.kind, event.reason) == ("revoked", by.name, "other", "Told by the hotline")
    with post.store.reading() as tx:
        told = [one for one in tx.ledger.about(by.person) if one.verb == REVOCATION_EXPLAINED]
        about_noy = repr([one.body for one in tx.ledger.about(noy)])
    assert len(told) == 1
    assert by.person in about_noy
    assert "hotline" not in about_noy
    assert "hotline" not in str(record_copy(post, noy, "en"))


@pytest.mark.parametrize("role", [Role.OFFICER, Role.TRAINER, Role.COORDINATOR])
def test_only_administrators_take_back_issue_anew_and_look(post: Node, role: Role) -> None:
    number = certificate_of(post, officer(post))
    by = chief(post, role=role)

    for errand in (
        lambda: revoke(post, by, number, "mistake"),
        lambda: reissue(post, by, number),
        lambda: find(post, by, Sought(), "en"),
        lambda: history(post, by, number, "en"),
    ):
        with pytest.raises(Refused, match="permission"):
            errand()
    assert row_of(post, number)["revoked_at"] is None


@pytest.mark.parametrize(
    ("typed", "kind", "reason", "error", "code"),
    [
        (None, "other", " ", Invalid, "reason.empty"),
        (None, "mistake", "x" * 501, Invalid, "reason.too-long"),
        (None, "", "because", Invalid, "revoking.kind"),
        (None, "replaced", "because", Invalid, "revoking.kind"),
        ("ABCD", "mistake", "because", Invalid, "number.length"),
        (number_from("00000000-0000-4000-8000-00000000ffff"), "mistake", "", NotFound, "certificate.unknown"),
    ],
)
def test_taking_back_asks_for_a_reason_and_a_number_that_is_there(
    post: Node, typed: str | None, kind: str, reason: str, error: type[ElearnError], code: str
) -> None:
    number = certificate_of(post, officer(post))

    with pytest.raises(error) as refused:
        revoke(post, chief(post), typed or number, kind, reason)

    assert refused.value.code == code
    assert row_of(post, number)["revoked_at"] is None


def test_a_hub_takes_back_what_it_has_no_name_for() -> None:
    hub = memory_node(kind=NodeKind.REGIONAL_HUB)
    [number] = certified_many(hub, 1, officer(hub))
    holder = row_of(hub, number)["person"]
    hub.store.write(lambda tx: tx.tables.delete(PERSON, {"id": holder}))
    by = chief(hub)

    revoke(hub, by, number, "exam")

    assert row_of(hub, number)["revoked_kind"] == "exam"
    assert history(hub, by, number, "en").line.name == ""
    with pytest.raises(Refused, match=r"node\.power"):
        reissue(hub, by, number)


def test_a_revocation_counts_whatever_its_date(post: Node) -> None:
    noy = officer(post)
    number = certificate_of(post, noy)
    payload = certify.certificate_page(post, number, "en").payload
    old = replace(post, clock=TickingClock(datetime(1970, 1, 1, tzinfo=UTC)))

    revoke(old, chief(post), number, "mistake")

    assert row_of(post, number)["revoked_at"].startswith("1970")
    by_code, by_number = verify_payload(post, payload, "en"), verify_code(post, number, "en")
    # The date of a clock that was wrong is not shown.
    assert [(one.state, one.revoked, one.replaced) for one in (by_code, by_number)] == [("revoked", "", False)] * 2
    assert learn.my_courses(post, noy, "en")[0].state == "revoked"


# --- issuing anew


def test_a_certificate_issued_anew_has_a_number_of_its_own_and_the_name_of_today(post: Node) -> None:
    noy, by = officer(post, "Noi Vong"), chief(post)
    number = certificate_of(post, noy)
    paper = certify.certificate_page(post, number, "en").payload
    post.store.write(lambda tx: tx.tables.put(PERSON, {**tx.tables.get(PERSON, noy), "name": "Noy Vongsa"}))

    new = reissue(post, by, number)

    old_row, new_row = row_of(post, number), row_of(post, new)
    same = ("person", "course", "version", "digest", "attempt", "score", "language", "expires_at")
    assert [new_row[name] for name in same] == [old_row[name] for name in same]
    assert (old_row["replaced_by"], new_row["replaces"]) == (new, number)
    assert (new_row["passed_at"], new_row["issued_at"] > old_row["issued_at"]) == (old_row["issued_at"], True)
    claims = decode(certify.certificate_page(post, new, "en").payload).claims
    assert (claims.number, claims.person_name) == (new, "Noy Vongsa")
    assert claims.certificate_id == replacement_id(old_row["attempt"])
    with pytest.raises(Refused, match=r"certificate\.replaced"):
        certify.certificate_page(post, number, "en")
    told = [verify_payload(post, paper, "en"), verify_code(post, number, "en"), verify_code(post, new, "en")]
    assert [(one.state, one.replaced) for one in told] == [("revoked", True), ("revoked", True), ("valid", False)]
    assert notices(post, noy) == ["notice.certificate-reissued"]


def test_the_officer_and_the_figures_have_one_certificate_after_it_was_issued_anew(post: Node) -> None:
    noy, by = officer(post), chief(post)
    number = certificate_of(post, noy)

    new = reissue(post, by, number)

    assert learn.my_courses(post, noy, "en")[0].certificate == new
    assert result(post, noy, row_of(post, new)["attempt"], "en").certificate == new
    shown = {one.number: (one.state, one.replaced_by) for one in my_record(post, noy, "en").certificates}
    assert shown == {number: ("replaced", new), new: ("valid", "")}
    sheet = repr(transcript_page(post, noy, "en"))
    assert (new in sheet, number in sheet) == (True, False)
    with post.store.reading() as tx:
        assert missing_courses(tx, noy, "officer", []) == {}


@pytest.mark.parametrize(("kind", "stands"), [("replaced", True), ("name", False), (None, False)])
def test_what_was_replaced_elsewhere_still_opens_the_courses_that_build_on_it(
    post: Node, kind: str | None, stands: bool
) -> None:
    noy = officer(post)
    number = certificate_of(post, noy)
    post.store.write(lambda tx: publish(tx, structure(id="more", code="T2", requires=["seals"])))
    list_here(post, number, kind)

    with post.store.reading() as tx:
        missing = missing_courses(tx, noy, "officer", current_packages(tx))

    assert missing == ({} if stands else {"more": ("seals",)})


def test_issued_anew_twice_each_replaces_the_one_before(post: Node) -> None:
    by = chief(post)
    first = certificate_of(post, officer(post))

    second = reissue(post, by, first)
    with pytest.raises(Refused, match=r"reissue\.replaced"):
        reissue(post, by, first)
    third = reissue(post, by, second)

    assert len({first, second, third}) == 3
    assert row_of(post, third)["passed_at"] == row_of(post, first)["issued_at"]
    assert [verify_code(post, one, "en").state for one in (first, second, third)] == ["revoked", "revoked", "valid"]


def test_a_replaced_certificate_can_still_be_taken_back(post: Node) -> None:
    by = chief(post)
    number = certificate_of(post, officer(post))
    new = reissue(post, by, number)

    revoke(post, by, number, "exam")

    assert [(one.state, one.replaced) for one in (verify_code(post, number, "en"),)] == [("revoked", False)]
    assert verify_code(post, new, "en").state == "valid"
    with pytest.raises(Refused, match=r"certificate\.revoked-already"):
        revoke(post, by, number, "exam")


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_taken_back_is_issued_anew_unless_the_pass_is_in_doubt(post: Node, kind: str) -> None:
    by = chief(post)
    number = certificate_of(post, officer(post))
    revoke(post, by, number, kind, "because")

    if kind in {"exam", "identity"}:
        with pytest.raises(Refused, match=r"reissue\.pass-in-doubt"):
            reissue(post, by, number)
        assert history(post, by, number, "en").reissue == "reissue.pass-in-doubt"
    else:
        new = reissue(post, by, number)
        assert verify_code(post, new, "en").state == "valid"
        # What was taken back stays so, whatever came after it.
        assert (verify_code(post, number, "en").state, verify_code(post, number, "en").replaced) == ("revoked", False)


@pytest.mark.parametrize(
    ("kind", "code"),
    [(None, "reissue.reason-unknown"), ("exam", "reissue.pass-in-doubt"), ("replaced", "reissue.replaced")],
)
def test_a_post_cannot_get_around_what_another_node_took_back(post: Node, kind: str | None, code: str) -> None:
    number = certificate_of(post, officer(post))
    list_here(post, number, kind)

    with pytest.raises(Refused) as refused:
        reissue(post, chief(post), number)

    assert refused.value.code == code


def test_what_the_hub_took_back_by_mistake_is_issued_anew_at_the_post(post: Node) -> None:
    number = certificate_of(post, officer(post))
    list_here(post, number, "mistake")

    new = reissue(post, chief(post), number)

    assert verify_code(post, new, "en").state == "valid"
    assert (verify_code(post, number, "en").state, verify_code(post, number, "en").replaced) == ("revoked", False)


def test_what_has_ended_is_renewed_and_not_issued_anew(post: Node) -> None:
    number = certificate_of(post, officer(post))
    later = replace(post, clock=TickingClock(post.clock.now() + timedelta(days=800)))

    with pytest.raises(Refused, match=r"reissue\.expired"):
        reissue(later, chief(post), number)


def test_issued_anew_under_a_clock_in_1970_it_is_dated_with_its_pass(post: Node) -> None:
    number = certificate_of(post, officer(post))
    by = chief(post)
    old = replace(post, clock=TickingClock(datetime(1970, 1, 1, tzinfo=UTC)))

    new = reissue(old, by, number)

    assert row_of(post, new)["issued_at"] == row_of(post, number)["issued_at"]
    assert decode(certify.certificate_page(post, new, "en").payload).claims.number == new


def test_two_nodes_that_issue_anew_give_one_number_and_one_row(post: Node) -> None:
    noy, by = officer(post), chief(post)
    number = certificate_of(post, noy)
    with post.store.reading() as tx:
        before = tx.ledger.entries(tx.ledger.head("00000000-0000-4000-9000-000000000000").node)
    other = memory_node(series=2)
    other.store.write(lambda tx: receive_in(tx, other, before))
    with post.store.reading() as tx:
        person = tx.tables.get(PERSON, noy)
    other.store.write(lambda tx: tx.tables.put(PERSON, person))

    here, there = reissue(post, by, number), reissue(other, chief(other, service_number="TH-1"), number)

    def entries(node: Node, series: int) -> list[Entry]:
        with node.store.reading() as tx:
            return tx.ledger.entries(f"{series:08x}-0000-4000-9000-000000000000")

    both = memory_node(series=5)
    both.store.write(lambda tx: receive_in(tx, both, [*entries(other, 2), *entries(post, 0)]))
    assert here == there
    assert row_of(both, here)["issued_at"] == min(row_of(post, here)["issued_at"], row_of(other, here)["issued_at"])


def test_every_order_of_arrival_gives_the_same_row(post: Node) -> None:
    noy, by = officer(post), chief(post)
    number = certificate_of(post, noy)
    new = reissue(post, by, number)
    revoke(post, by, number, "name")
    revoke(post, by, new, "mistake")
    with post.store.reading() as tx:
        said = [one for one in tx.ledger.about(noy) if one.verb in {CERTIFIED, REVOKED}]
    expected = [row_of(post, one) for one in (number, new)]
    assert len(said) == 5

    for order in permutations(said):
        node, head, entries = memory_node(series=3), Head("origin"), []
        for one in order:
            entries.append(follow(head, one))
            head = head_after(entries[-1])
        node.store.write(lambda tx, node=node, entries=entries: receive_in(tx, node, entries))
        assert [row_of(node, one) for one in (number, new)] == expected


def test_a_void_of_a_revocation_makes_good_what_it_took_back(post: Node) -> None:
    noy, by = officer(post), chief(post)
    number = certificate_of(post, noy)
    revoke(post, by, number, "mistake")
    with post.store.reading() as tx:
        said = next(one for one in tx.ledger.about(noy) if one.verb == REVOKED)
        saying = saying_for(tx, post, noy, by.person)

    record(post, build_void(saying, post.ids.new(), said.id, noy))

    with post.store.reading() as tx:
        assert taken_back(tx, number) is None
    assert [one.what for one in history(post, by, number, "en").events] == ["issued"]


# --- finding


def test_certificates_are_found_by_number_officer_course_version_post_and_days(post: Node) -> None:
    noy, kham = officer(post, "Noy Vong", post="Boten"), officer(post, "Kham La")
    one, [two] = certificate_of(post, noy), certified_many(post, 1, kham, course="other")
    by = chief(post)

    def numbers(**sought: str) -> list[str]:
        return sorted(line.number for line in find(post, by, Sought(**sought), "en").lines)

    assert numbers() == sorted([one, two])
    assert numbers(words=one.lower().replace("-", " ")) == [one]
    assert numbers(words="kham") == numbers(course="other") == [two]
    assert numbers(words="boten") == [one]
    assert numbers(version="1.0.0", node="00000000-0000-4000-9000-000000000000") == sorted([one, two])
    assert numbers(since="2026-11-24", until="2026-11-24") == sorted([one, two])
    assert numbers(until="2026-11-23") == numbers(version="2") == numbers(words="nobody") == numbers(session="x") == []
    sheet = {"code": "ABCDEFGH", "session": "s", "attempt": row_of(post, two)["attempt"], "done_at": post.now()}
    post.store.write(lambda tx: tx.tables.put(PAPER_SHEET, sheet))
    assert numbers(session="s") == [two]
    assert [find(post, by, one, "en").good for one in (Sought(), Sought(course="other"))] == [0, 1]
    with pytest.raises(Invalid, match=r"figures\.dates-turned"):
        numbers(since="2026-12-01", until="2026-11-01")


def test_the_history_tells_what_is_only_known_from_the_hubs_list(post: Node) -> None:
    number = certificate_of(post, officer(post))
    list_here(post, number, "exam")

    page = history(post, chief(post), number, "en")

    assert [(one.what, one.kind) for one in page.events] == [("issued", ""), ("listed", "exam")]
    assert (page.line.state, page.revocable) == ("revoked", False)
