"""What a hub takes in: chains whole or not at all, content that can't be taken kept apart, people never taken over."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cast import PIN, memory_node, officer
from exchange_scenes import Line, exam_passed, let_pass, numbered_officer, pair, post_on, rows

from elearn.core.ledger.entry import ORIGIN, Entry, Head, check_chain, follow, head_after
from elearn.core.projections.completions import COMPLETION
from elearn.core.sync.batch import Batch, SignedHead, head_message, pack
from elearn.core.sync.signatures import sign_request
from elearn.core.sync.talk import DOWN, ENTRIES, HELLO, LARGEST_BODY_BYTES, OWN, UP, VECTOR, Asked, error_from, said
from elearn.core.vocab.errors import Conflict, Invalid, Refused
from elearn.core.vocab.kept import PEER, PERSON, QUARANTINE
from elearn.core.vocab.nodes import NodeKind
from elearn.core.vocab.tables import Row
from elearn.core.xapi.statement import Statement
from elearn.services.accounts import session, sign_in
from elearn.services.answer import answer
from elearn.services.chains import held_head, whole_chain
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once
from elearn.services.hub_line import ask
from elearn.services.node import Node, fact
from elearn.services.posts import give_code, kept_apart, posts
from elearn.services.receiving import receive_batch
from elearn.services.receiving_people import receive_people
from elearn.services.record import receive_new_in, record

Scene = tuple[Node, Node, Row]


@pytest.fixture
def scene() -> Scene:
    """A post with three passes that were not sent yet, its hub, and the hub's row of the post."""
    post, hub, _ = pair()
    let_pass(post, 3)
    [caller] = rows(hub, PEER)
    return post, hub, caller


def own(node: Node) -> list[Entry]:
    with node.store.reading() as tx:
        return tx.ledger.entries(str(fact(tx, "id")))


def signed(node: Node, entry: Entry) -> SignedHead:
    head = Head(entry.node, entry.number, entry.digest)
    return SignedHead(head, node.keys.sign(head_message(head)))


def batch(node: Node, entries: list[Entry], end: Entry | None = None, start: str = "") -> Batch:
    """Return the batch of these entries as a post sends it that believes they follow each other."""
    first = entries[0]
    before = {entry.number: entry.digest for entry in own(node)}
    after = Head(first.node, first.number - 1, start or before.get(first.number - 1, ORIGIN))
    statements = tuple(entry.statement for entry in entries)
    return Batch(after, entries[-1].digest, signed(node, end or entries[-1]), statements)


def held(hub: Node, caller: Row) -> int:
    with hub.store.reading() as tx:
        return held_head(tx, caller["node"]).number


def relinked(node: Node, bodies: list[dict[str, Any]]) -> list[Entry]:
    """Return a chain of these statements, as a post with a faulty program would make it."""
    head, entries = Head(own(node)[0].node), []
    for body in bodies:
        entries.append(follow(head, Statement(body)))
        head = head_after(entries[-1])
    return entries


def test_a_batch_sent_again_changes_nothing(scene: Scene) -> None:
    post, hub, caller = scene
    first = receive_batch(hub, caller["node"], batch(post, own(post)))
    before = rows(hub, COMPLETION)

    again = receive_batch(hub, caller["node"], batch(post, own(post)))
    overlapping = receive_batch(hub, caller["node"], batch(post, own(post)[1:]))

    assert first == again == overlapping
    assert rows(hub, COMPLETION) == before
    assert len(before) == 3
    assert own(post) == [
        replace(entry, stored=mine.stored) for entry, mine in zip(_of(hub, caller), own(post), strict=True)
    ]


def _of(hub: Node, caller: Row) -> list[Entry]:
    with hub.store.reading() as tx:
        return tx.ledger.entries(caller["node"])


def test_a_gap_in_the_chain_is_refused_whole(scene: Scene) -> None:
    post, hub, caller = scene
    entries = own(post)

    with pytest.raises(Conflict) as refused:
        receive_batch(hub, caller["node"], batch(post, entries[1:]))

    assert (refused.value.code, refused.value.details["number"]) == ("chain.gap", 2)
    assert held(hub, caller) == 0
    assert rows(hub, COMPLETION) == []


@pytest.mark.parametrize("times", [0, 1], ids=["new", "held already"])
def test_an_entry_left_out_of_a_batch_shows(scene: Scene, times: int) -> None:
    post, hub, caller = scene
    entries = own(post)
    for _ in range(times):
        receive_batch(hub, caller["node"], batch(post, entries))

    with pytest.raises(Conflict) as refused:
        receive_batch(hub, caller["node"], batch(post, [entries[0], entries[2]], end=entries[2]))

    assert refused.value.code == "chain.altered"
    assert held(hub, caller) == 3 * times


def test_an_altered_entry_is_noticed_and_nothing_of_the_batch_is_taken(scene: Scene) -> None:
    post, hub, caller = scene
    entries = own(post)
    body = {**entries[1].statement.body, "result": {"score": {"scaled": 1.0}, "success": True}}
    entries[1] = replace(entries[1], statement=Statement(body))

    with pytest.raises(Conflict) as refused:
        receive_batch(hub, caller["node"], batch(post, entries))

    assert (refused.value.code, refused.value.details["number"]) == ("chain.altered", 3)
    assert held(hub, caller) == 0


def test_another_entry_under_a_number_that_is_held_is_a_fork(scene: Scene) -> None:
    post, hub, caller = scene
    receive_batch(hub, caller["node"], batch(post, own(post)))
    other = relinked(
        post, [entry.statement.body | {"id": f"0000000f-0000-4000-8000-{n:012x}"} for n, entry in enumerate(own(post))]
    )

    with pytest.raises(Conflict) as refused:
        receive_batch(hub, caller["node"], batch(post, other))

    assert (refused.value.code, refused.value.details["number"]) == ("chain.fork", 1)
    assert len(rows(hub, COMPLETION)) == 3


def test_entries_past_the_head_that_was_signed_are_refused(scene: Scene) -> None:
    post, hub, caller = scene
    entries = own(post)

    with pytest.raises(Conflict) as refused:
        receive_batch(hub, caller["node"], batch(post, entries, end=entries[1]))
    with pytest.raises(Conflict) as other:
        receive_batch(hub, caller["node"], batch(post, entries, end=replace(entries[2], digest="f" * 64)))

    assert refused.value.code == other.value.code == "chain.head"
    assert held(hub, caller) == 0


def test_a_head_signed_by_another_key_is_refused(scene: Scene) -> None:
    post, hub, caller = scene
    stranger = memory_node(series=66)
    entries = own(post)
    forged = replace(batch(post, entries), head=SignedHead(signed(post, entries[2]).head, stranger.keys.sign(b"x")))

    with pytest.raises(Refused) as refused:
        receive_batch(hub, caller["node"], forged)

    assert refused.value.code == "batch.head-signature"


def test_a_post_cannot_send_as_another(scene: Scene) -> None:
    _, hub, caller = scene
    other = post_on(Line(hub), series=2)
    enrol(other, "http://hub.example", give_code(hub, "Boten"))
    let_pass(other, 1)

    with pytest.raises(Refused) as refused:
        receive_batch(hub, caller["node"], batch(other, own(other)))

    assert refused.value.code == "batch.foreign"


def test_a_statement_that_is_malformed_is_kept_apart_and_the_chain_goes_on(scene: Scene) -> None:
    post, hub, caller = scene
    bodies = [entry.statement.body for entry in own(post)]
    bodies[1] = {**bodies[1], "verb": {"id": "no iri"}}
    chain = relinked(post, bodies)

    received = receive_batch(hub, caller["node"], batch(post, chain))

    assert received.held.number == 3
    assert [(one["number"], one["reason"].split(":")[0]) for one in received.apart] == [(2, "statement.malformed")]
    assert len(rows(hub, COMPLETION)) == 2
    assert rows(hub, QUARANTINE)[0]["entry"] == bodies[1]


def test_a_last_entry_that_is_kept_apart_counts_as_held(scene: Scene) -> None:
    post, hub, caller = scene
    bodies = [entry.statement.body for entry in own(post)]
    bodies.append(
        {**bodies[0], "id": "0000000f-0000-4000-8000-000000000001", "timestamp": "2026-11-25T00:00:00.000000Z"}
    )
    bodies[2] = {**bodies[2], "timestamp": "soon"}
    chain = relinked(post, bodies)
    receive_batch(hub, caller["node"], batch(post, chain[:3]))

    received = receive_batch(hub, caller["node"], batch(post, chain[3:], start=chain[2].digest))
    again = receive_batch(hub, caller["node"], batch(post, chain))

    assert (received.held.number, received.apart) == (4, ())
    assert [one["number"] for one in again.apart] == [3]
    assert len(rows(hub, QUARANTINE)) == 1


def test_the_chain_can_be_checked_with_what_is_kept_apart(scene: Scene) -> None:
    post, hub, caller = scene
    bodies = [entry.statement.body for entry in own(post)]
    bodies[1] = {**bodies[1], "timestamp": "soon"}
    receive_batch(hub, caller["node"], batch(post, relinked(post, bodies)))

    apart = [Entry(row["node"], row["number"], row["digest"], Statement(row["entry"])) for row in rows(hub, QUARANTINE)]
    with hub.store.reading() as tx:
        whole = whole_chain(tx, caller["node"])

    assert len(apart) == 1
    assert check_chain(Head(caller["node"]), whole).number == 3


def test_a_known_id_with_other_content_is_kept_apart_and_nothing_else_is_lost(scene: Scene) -> None:
    post, hub, caller = scene
    [first, *_] = own(post)
    taken = exam_passed(hub, numbered_officer(hub))
    record(hub, Statement({**taken.body, "id": first.statement.id}))

    received = receive_batch(hub, caller["node"], batch(post, own(post)))

    assert [(one["number"], one["reason"]) for one in received.apart] == [(1, "statement.other-content")]
    assert len(rows(hub, COMPLETION)) == 3
    assert posts(hub)[0].apart == 1


def test_a_statement_twice_in_a_chain_is_counted_once(scene: Scene) -> None:
    post, hub, caller = scene
    bodies = [entry.statement.body for entry in own(post)]

    received = receive_batch(hub, caller["node"], batch(post, relinked(post, [*bodies, bodies[0]])))

    assert [(one["number"], one["reason"]) for one in received.apart] == [(4, "statement.other-place")]
    assert len(rows(hub, COMPLETION)) == 3


def test_a_post_cannot_say_that_something_happened_at_another(scene: Scene) -> None:
    post, hub, caller = scene
    bodies = [entry.statement.body for entry in own(post)]
    extensions = {**bodies[0]["context"]["extensions"], "https://elearn.invalid/xapi/ext/node": "another"}
    bodies[0] = {**bodies[0], "context": {**bodies[0]["context"], "extensions": extensions}}

    received = receive_batch(hub, caller["node"], batch(post, relinked(post, bodies)))

    assert [(one["number"], one["reason"]) for one in received.apart] == [(1, "statement.other-node")]


def test_a_statement_that_breaks_a_fold_is_found_and_the_others_are_taken(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, hub, caller = scene
    poison = own(post)[1].statement.id

    def fold(tx: Any, node: Node, entries: Collection[Entry]) -> None:
        if any(entry.statement.id == poison for entry in entries):
            raise KeyError("a fold that does not know this")
        receive_new_in(tx, node, entries)

    monkeypatch.setattr("elearn.services.receiving.receive_new_in", fold)
    received = receive_batch(hub, caller["node"], batch(post, own(post)))

    assert (received.held.number, len(rows(hub, COMPLETION))) == (3, 2)
    assert [(one["number"], one["reason"].split(":")[0]) for one in received.apart] == [(2, "statement.not-folded")]


def test_an_empty_batch_is_refused(scene: Scene) -> None:
    post, hub, caller = scene

    with pytest.raises(Invalid) as refused:
        receive_batch(hub, caller["node"], Batch(Head(caller["node"]), ORIGIN, signed(post, own(post)[-1]), ()))

    assert refused.value.code == "batch.count"


STATUS_OF = {
    "peer.too-large": 413,
    "peer.unknown-path": 404,
    "peer.unknown-part": 404,
    "peer.version-hub": 403,
    "peer.version-post": 403,
}


def asked(node: Node, path: str, body: bytes) -> Asked:
    headers = sign_request("POST", path, body, key_id=node.keys.key_id, nonce="n", sign=node.keys.sign)
    return Asked("POST", path, headers, body)


@pytest.mark.parametrize("path", [HELLO, VECTOR, ENTRIES, OWN, UP, DOWN])
def test_a_stranger_is_told_nothing(scene: Scene, path: str) -> None:
    _, hub, _ = scene
    given = answer(hub, asked(memory_node(series=66), path, b'{"talk":2}'))

    assert given.status == 403
    assert said(given.body)["code"] == "peer.unknown-key"
    assert said(given.body).keys() == {"code", "details"}


def test_a_key_trusted_for_certificates_does_not_open_the_door(scene: Scene) -> None:
    _, hub, _ = scene
    given = answer(hub, asked(hub, HELLO, b'{"talk":2}'))

    assert said(given.body)["code"] == "peer.unknown-key"


def test_the_hub_of_a_hub_is_not_one_of_its_posts(scene: Scene) -> None:
    _, hub, _ = scene
    above = memory_node(kind=NodeKind.HUB, series=20)
    below = replace(hub, peer=Line(above))
    enrol(below, "http://above.example", give_code(above, "Vientiane"))

    given = answer(below, asked(above, HELLO, b'{"talk":2}'))

    assert said(given.body)["code"] == "peer.unknown-key"


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        (HELLO, b"", "peer.unreadable"),
        (HELLO, b"[]", "peer.unreadable"),
        (HELLO, b"[" * 100_000, "peer.unreadable"),
        (HELLO, b'{"talk":2}', "peer.part"),
        (HELLO, b'{"talk":2,"state":"x","time":"soon"}', "time.unreadable"),
        (HELLO, b'{"talk":3,"state":"x"}', "peer.version-hub"),
        (VECTOR, b'{"origins":["x"],"head":{}}', "peer.version-post"),
        (VECTOR, b'{"talk":2,"after":1}', "peer.part"),
        (OWN, b"{}", "peer.part"),
        (OWN, b'{"at":[true]}', "peer.part"),
        (OWN, b'{"at":[' + b",".join([b"1"] * 65) + b"]}", "peer.part"),
        (UP, b"{}", "peer.part"),
        (UP, b'{"part":"anything","digest":"","value":1}', "peer.unknown-part"),
        (UP, b'{"part":"keys","digest":"","value":{}}', "peer.part"),
        (ENTRIES, b"", "batch.torn"),
        (ENTRIES, b"x" * (LARGEST_BODY_BYTES + 1), "peer.too-large"),
        (UP, b'{"part":"people","digest":"","value":[1]}', "peer.part"),
        (UP, b'{"part":"people","digest":"","value":[' + b",".join([b'{"id":"x"}'] * 201) + b"]}", "peer.part"),
        (DOWN, b"{}", "peer.part"),
        (DOWN, b'{"parts":{"keys":1}}', "peer.part"),
        (DOWN, b'{"parts":{"revocations":1}}', "peer.part"),
        ("/peer/anything", b"{}", "peer.unknown-path"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_code(scene: Scene, path: str, body: bytes, code: str) -> None:
    post, hub, _ = scene
    given = answer(hub, asked(post, path, body))

    error = error_from(given)
    assert error is not None
    assert error.code == code
    assert given.status == STATUS_OF.get(code, 400)


def test_a_broken_chain_shows_on_the_hub_too(scene: Scene) -> None:
    post, hub, caller = scene
    [hub_row] = rows(post, PEER)
    entries = own(post)
    receive_batch(hub, caller["node"], batch(post, entries))
    other = relinked(
        post, [entry.statement.body | {"id": f"0000000f-0000-4000-8000-{n:012x}"} for n, entry in enumerate(entries)]
    )

    with pytest.raises(Conflict):
        ask(post, hub_row, ENTRIES, pack(batch(post, other)))

    assert posts(hub)[0].problem == "chain.fork"


def person_row(**changes: Any) -> dict[str, Any]:
    row = {
        "id": "00000001-0000-4000-8000-0000000000aa",
        "name": "Noy Vong",
        "service_number": "LA-7",
        "country": "LA",
        "agency": "customs",
        "post": "Huay Xai",
        "sex": "female",
        "rank_band": "junior",
        "changed_at": "2026-11-24T07:00:00.000000Z",
    }
    return row | changes


def test_the_newest_change_of_an_identity_wins_in_any_order(scene: Scene) -> None:
    _, hub, caller = scene
    older, newer = person_row(), person_row(name="Noy Vongsa", changed_at="2026-11-25T07:00:00.000000Z")

    for order in ([older, newer], [newer, older], [newer, newer]):
        for one in order:
            assert receive_people(hub, caller, [one])["apart"] == []
        assert rows(hub, PERSON) == [newer]
        hub.store.write(lambda tx: tx.tables.delete(PERSON, {}))


def test_a_tie_is_decided_by_content_and_not_by_arrival(scene: Scene) -> None:
    _, hub, caller = scene
    one, other = person_row(), person_row(name="Noy Vongsa")
    outcomes = []
    for order in ([one, other], [other, one]):
        receive_people(hub, caller, order[:1])
        receive_people(hub, caller, order[1:])
        outcomes.append(rows(hub, PERSON))
        hub.store.write(lambda tx: tx.tables.delete(PERSON, {}))

    assert outcomes[0] == outcomes[1]


def test_a_service_number_is_never_taken_over_silently(scene: Scene) -> None:
    _, hub, caller = scene
    first, second = person_row(), person_row(id="00000001-0000-4000-8000-0000000000bb", name="Kham La")
    receive_people(hub, caller, [first])

    given = receive_people(hub, caller, [second])

    assert given == {"taken": [], "apart": [{"id": second["id"], "reason": "person.number-taken"}]}
    assert rows(hub, PERSON) == [first]
    assert [row["entry"] for row in rows(hub, QUARANTINE)] == [second]


def test_what_was_mended_is_no_longer_kept_apart(scene: Scene) -> None:
    _, hub, caller = scene
    second = person_row(id="00000001-0000-4000-8000-0000000000bb")
    receive_people(hub, caller, [person_row(), second])
    apart = len(rows(hub, QUARANTINE))

    receive_people(hub, caller, [{**second, "service_number": "LA-8"}])

    assert (apart, len(rows(hub, QUARANTINE)), len(rows(hub, PERSON))) == (1, 0, 2)


def test_a_post_cannot_rename_who_has_an_account_on_the_hub(scene: Scene) -> None:
    _, hub, caller = scene
    administrator = officer(hub, "Chief", role="administrator")
    before = rows(hub, PERSON)

    given = receive_people(hub, caller, [person_row(id=administrator)])

    assert [one["reason"] for one in given["apart"]] == ["person.local-account"]
    assert rows(hub, PERSON) == before


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"country": "TH"}, "person.other-country"),
        ({"name": ""}, "person.malformed"),
        ({"name": "Noy\nVong"}, "person.malformed"),
        ({"name": "x" * 101}, "person.malformed"),
        ({"service_number": None}, "person.malformed"),
        ({"changed_at": "yesterday"}, "person.malformed"),
        ({"shoe_size": "38"}, "person.malformed"),
    ],
)
def test_what_may_not_be_kept_is_kept_nowhere(scene: Scene, changes: dict[str, Any], reason: str) -> None:
    _, hub, caller = scene
    given = receive_people(hub, caller, [person_row(**changes)])

    assert [one["reason"].split(":")[0] for one in given["apart"]] == [reason]
    assert rows(hub, PERSON) == rows(hub, QUARANTINE) == []


def test_identities_are_refused_from_another_country(scene: Scene) -> None:
    _, hub, caller = scene

    with pytest.raises(Refused) as refused:
        receive_people(hub, {**caller, "country": "TH"}, [person_row(country="TH")])

    assert refused.value.code == "people.not-here"


def test_a_hub_sees_who_is_silent_and_what_is_still_to_come(scene: Scene) -> None:
    post, hub, _ = scene
    line = post.peer
    line.calls_left = 1
    exchange_once(post)
    behind = posts(hub)[0]
    line.calls_left = None
    exchange_once(post)
    hub.clock.shift(timedelta(days=40))

    [silent] = posts(hub)
    assert (behind.held, behind.behind, behind.silent_days) == (0, 3, 0)
    assert (silent.held, silent.behind, silent.silent_days) == (3, 0, 40)


def test_what_is_kept_apart_is_shown_to_administrators_only(scene: Scene) -> None:
    _, hub, caller = scene
    receive_people(hub, caller, [person_row(), person_row(id="00000001-0000-4000-8000-0000000000bb")])

    seen_by = {}
    for role in ("coordinator", "administrator"):
        officer(hub, role.title(), role=role, service_number=f"HUB-{role.upper()}")
        seen_by[role] = session(hub, sign_in(hub, f"HUB-{role}", PIN, "pc").token)
    with pytest.raises(Refused):
        kept_apart(hub, seen_by["coordinator"])
    assert [(one.kind, one.reason, one.said) for one in kept_apart(hub, seen_by["administrator"])] == [
        ("person", "person.number-taken", "Noy Vong, LA-7")
    ]
