"""The hub's list of certificates taken back, between elearns of different age."""

import pytest
from cast import memory_node, officer
from revoking_scenes import certified_many, chief

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.kept import ACCOUNT, REVOCATION
from elearn.core.xapi.canonical import digest_of
from elearn.ports import Transaction
from elearn.services.node import Node
from elearn.services.reissue import reissue
from elearn.services.revocation_list import keep_list, list_held, list_said
from elearn.services.revocations import TakenBack, list_date, taken_back
from elearn.services.revoking import revoke

TIME = "2026-11-25T10:00:00.000000Z"
AT = "2026-11-24T09:00:00.000000Z"


def keep(node: Node, **given: object) -> None:
    node.store.write(lambda tx: keep_list(tx, node, "hub", {"time": TIME, **given}))


def kept(node: Node) -> list[tuple[str, str | None]]:
    with node.store.reading() as tx:
        return [(row["number"], row["kind"]) for row in tx.tables.select(REVOCATION)]


def test_a_post_of_an_older_version_gets_the_pairs_it_knows_and_no_more() -> None:
    hub = memory_node()
    [number] = certified_many(hub, 1)
    revoke(hub, chief(hub), number, "exam")

    with hub.store.reading() as tx:
        old, new = list_said(tx, "-", ""), list_said(tx, "-", "-")

    at = new["revocations"][0][1]
    assert old == {"revocations": [[number, at]]}
    assert new == {"revocations": [[number, at]], "kinds": [[number, "exam"]]}


def test_a_hub_of_an_older_version_says_no_kinds_and_those_known_stay() -> None:
    post = memory_node()
    keep(post, revocations=[["A", AT], ["B", AT]], kinds=[["A", "exam"]])

    keep(post, revocations=[["A", AT], ["C", AT]])

    assert kept(post) == [("A", "exam"), ("C", None)]


def test_a_word_of_a_later_version_takes_back_all_the_same() -> None:
    post = memory_node()

    keep(post, revocations=[["A", AT]], kinds=[["A", "of-tomorrow"]])

    with post.store.reading() as tx:
        assert taken_back(tx, "A") == TakenBack(AT)
        assert list_date(tx) == "2026-11-25"


def test_what_is_held_is_not_sent_again() -> None:
    hub, post = memory_node(), memory_node(series=2)
    first, second = certified_many(hub, 2)
    by = chief(hub)
    revoke(hub, by, first, "key")
    reissue(hub, by, second)

    def said(held: dict[str, str]) -> dict[str, object]:
        with hub.store.reading() as tx:
            return list_said(tx, **held)

    def held(tx: Transaction) -> dict[str, str]:
        return list_held(tx)

    with post.store.reading() as tx:
        nothing = held(tx)
    keep(post, **said(nothing))
    with post.store.reading() as tx:
        again = said(held(tx))
    keep(post, **again)

    assert nothing == {"revocations": digest_of([]), "kinds": digest_of([])}
    assert again == {"revocations": None, "kinds": None}
    assert kept(post) == sorted([(first, "key"), (second, "replaced")])


@pytest.mark.parametrize(
    "given",
    [
        {"revocations": "all"},
        {"revocations": [["A"]]},
        {"revocations": [["A", 7]]},
        {"revocations": [], "kinds": [["A", ""]]},
        {"revocations": [], "time": "soon"},
    ],
)
def test_a_list_that_is_none_is_refused_whole(given: dict[str, object]) -> None:
    post = memory_node()
    keep(post, revocations=[["A", AT]])

    with pytest.raises(Invalid):
        keep(post, **given)

    assert kept(post) == [("A", None)]


def test_an_officer_is_told_once_and_again_when_a_replaced_one_is_taken_back() -> None:
    post = memory_node()
    noy = officer(post)
    [number] = certified_many(post, 1, noy)

    def told() -> list[str]:
        with post.store.reading() as tx:
            account = tx.tables.get(ACCOUNT, noy)
        assert account is not None
        return [one["code"] for one in account["notice"] or []]

    for kind in ("replaced", "replaced", "exam", "exam"):
        keep(post, revocations=[[number, AT]], kinds=[[number, kind]])

    assert told() == ["notice.certificate-reissued", "notice.certificate-revoked"]
