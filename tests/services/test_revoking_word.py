"""A certificate is taken back by who issued it and by the hubs above, in whatever order their words arrive."""

from itertools import permutations

import pytest
from cast import memory_node, officer
from exchange_scenes import rows
from hypothesis import given, settings
from hypothesis import strategies as st
from key_scenes import Places, id_of, places
from revoking_scenes import certified_many, chief

from elearn.core.credential.number import number_from
from elearn.core.credential.replacing import replacement_id
from elearn.core.ledger.entry import Head, follow, head_after
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.vocab.errors import Refused
from elearn.core.vocab.kept import TRUSTED_KEY
from elearn.core.vocab.people import Particulars
from elearn.core.vocab.tables import Row
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import CERTIFIED, REVOKED, certificate_iri
from elearn.services.node import Node
from elearn.services.record import rebuild_projections, receive_in, record
from elearn.services.revocations import taken_back
from elearn.services.revoking import may_be_revoked, revoke

ISSUER, OTHER, HUB, STRANGER = (f"{one:08x}-0000-4000-9000-0000000000aa" for one in range(1, 5))
HOLDER, LOWER = "70000000-0000-4000-8000-000000000001", "10000000-0000-4000-8000-000000000001"
ATTEMPT = "12345678-1234-4234-8234-123456789abc"
NUMBER, NEWER = number_from(ATTEMPT), number_from(replacement_id(ATTEMPT))
NOBODY = Particulars("", "", "", "", "")


def said(node: str, minute: int, number: str = NUMBER, subject: str = HOLDER, **told: str) -> Statement:
    """Return a certificate where the attempt is told, else a revocation."""
    at = f"2026-11-24T08:{minute:02d}:00.000000Z"
    verb = CERTIFIED if "certificate" in told else REVOKED
    return build(
        Saying(subject, NOBODY, at, node),
        f"{minute:08x}-0000-4000-8000-0000000000bb",
        verb,
        certificate_iri(number),
        attempt=ATTEMPT if verb == CERTIFIED else None,
        extensions={"subject": subject, "course": "seals", **told},
    )


ISSUED = said(ISSUER, 10, certificate=ATTEMPT)
BY_ISSUER = said(ISSUER, 20, kind="exam")
BY_HUB = said(HUB, 21, kind="mistake")
BY_OTHER = said(OTHER, 5, kind="name")
BY_STRANGER = said(STRANGER, 6, subject=LOWER, kind="key")
ANEW_THERE = said(OTHER, 22, NEWER, certificate=replacement_id(ATTEMPT), replaces=NUMBER)
REPLACED_THERE = said(OTHER, 23, replaced_by=NEWER)
ONLY_SAYS_SO = said(STRANGER, 24, replaced_by=NEWER)


def hub() -> Node:
    """Return a node that knows who is above whom."""
    node = memory_node(series=7)
    for key, one in enumerate((ISSUER, OTHER)):
        row = {"key_id": f"{key:016x}", "node": one, "public_key": bytes(32), "vouched_by": HUB}
        node.store.write(lambda tx, row=row: tx.tables.put(TRUSTED_KEY, row))
    return node


def after(statements: tuple[Statement, ...], together: bool) -> Row:
    """Return the row of the certificate after they arrived in this order, at once or one by one."""
    node, heads = hub(), dict[str, Head]()
    entries = []
    for one in statements:
        origin = str(one.extension("node"))
        entries.append(follow(heads.get(origin, Head(origin)), one))
        heads[origin] = head_after(entries[-1])
    for some in [entries] if together else [[one] for one in entries]:
        node.store.write(lambda tx, some=some: receive_in(tx, node, some))
    [row] = rows(node, CERTIFICATE, number=NUMBER)
    rebuild_projections(node)
    assert rows(node, CERTIFICATE, number=NUMBER) == [row]
    return row


@pytest.mark.parametrize(
    ("told", "withdrawn", "replaced"),
    [
        ((ISSUED, BY_OTHER), None, None),
        ((ISSUED, BY_STRANGER), None, None),
        ((ISSUED, BY_OTHER, BY_STRANGER), None, None),
        ((ISSUED, BY_OTHER, BY_ISSUER), BY_ISSUER, None),
        ((ISSUED, BY_STRANGER, BY_ISSUER), BY_ISSUER, None),
        ((ISSUED, BY_STRANGER, BY_HUB), BY_HUB, None),
        ((ISSUED, BY_OTHER, BY_HUB, BY_ISSUER), BY_ISSUER, None),
        ((ISSUED, ANEW_THERE, REPLACED_THERE), None, REPLACED_THERE),
        ((ISSUED, BY_OTHER, ANEW_THERE, REPLACED_THERE), None, REPLACED_THERE),
        ((ISSUED, ONLY_SAYS_SO), None, None),
        ((ISSUED, ANEW_THERE, ONLY_SAYS_SO), None, None),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_every_order_of_arrival_lets_the_same_words_count(
    told: tuple[Statement, ...], withdrawn: Statement | None, replaced: Statement | None, together: bool
) -> None:
    found = [after(order, together) for order in permutations(told)]

    row = found[0]
    assert all(one == row for one in found)
    assert (row["subject"], row["issued_at"]) == (HOLDER, ISSUED.timestamp)
    assert row["withdrawn_at"] == (withdrawn.timestamp if withdrawn else None)
    assert row["replaced_by"] == (NEWER if replaced else None)
    counted = [one.timestamp for one in (withdrawn, replaced) if one]
    assert row["revoked_at"] == (min(counted) if counted else None)


EVERYTHING = (ISSUED, BY_ISSUER, BY_HUB, BY_OTHER, BY_STRANGER, ANEW_THERE, REPLACED_THERE, ONLY_SAYS_SO)


@settings(max_examples=60, deadline=None)
@given(st.permutations(EVERYTHING), st.booleans())
def test_all_of_it_in_any_order_gives_one_row(order: list[Statement], together: bool) -> None:
    row = after(tuple(order), together)

    assert (row["subject"], row["withdrawn_at"], row["revoked_kind"]) == (HOLDER, BY_ISSUER.timestamp, "exam")
    assert (row["replaced_by"], row["revoked_at"]) == (NEWER, BY_ISSUER.timestamp)


def taken(node: Node, number: str) -> bool:
    with node.store.reading() as tx:
        return taken_back(tx, number) is not None


@pytest.fixture
def three() -> Places:
    return places()


@pytest.mark.parametrize("first", [True, False])
def test_another_post_takes_nothing_back_at_the_hub(three: Places, first: bool) -> None:
    [number] = certified_many(three.post, 1)
    [row] = rows(three.post, CERTIFICATE, number=number)
    saying = Saying(id_of(three.other), NOBODY, three.other.now(), id_of(three.other))
    told = {"subject": row["person"], "course": "seals", "kind": "exam"}
    forged = build(saying, three.other.ids.new(), REVOKED, certificate_iri(number), extensions=told)
    record(three.other, forged)

    for node in (three.other, three.post) if first else (three.post, three.other):
        three.exchange(node)
    three.exchange()

    assert not taken(three.hub, number)
    assert not taken(three.post, number)


def test_the_hub_takes_back_what_its_post_issued(three: Places) -> None:
    [number] = certified_many(three.post, 1)
    three.exchange(three.post)

    revoke(three.hub, chief(three.hub, "Above", service_number="LA-H"), number, "exam")
    three.exchange(three.post)

    assert taken(three.post, number)


def test_a_post_is_told_that_it_cannot_take_back_what_another_issued() -> None:
    node = hub()
    noy = officer(node)
    node.store.write(
        lambda tx: receive_in(tx, node, [follow(Head(ISSUER), said(ISSUER, 9, subject=noy, certificate=ATTEMPT))])
    )

    with pytest.raises(Refused, match=r"certificate\.elsewhere"):
        revoke(node, chief(node), NUMBER, "exam")

    with node.store.reading() as tx:
        assert not may_be_revoked(tx, NUMBER)
    assert not taken(node, NUMBER)
