"""A post's side of the exchange: what is sent is confirmed, what is cut goes on, and the light tells the truth."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cast import PIN, NoLine, TickingClock, memory_node, officer
from exchange_scenes import HUB_URL, Line, exam_passed, hub_node, let_pass, numbered_officer, pair, post_on, rows

from elearn.core.projections.all import FOLDED_TABLES
from elearn.core.projections.completions import COMPLETION
from elearn.core.roster.form import OfficerForm
from elearn.core.sync.signatures import claimed_nonce, sign_answer
from elearn.core.sync.talk import DOWN, ENTRIES, Answer, Asked, body_of, said
from elearn.core.vocab.errors import Invalid, Refused, Unavailable
from elearn.core.vocab.kept import CONFIRMED, PEER, PERSON, PERSON_SENT, QUARANTINE, REVOCATION, TRUSTED_KEY
from elearn.core.vocab.nodes import NodeKind
from elearn.core.xapi import verbs
from elearn.core.xapi.build import build
from elearn.services.accounts import session, sign_in
from elearn.services.enrolment import enrol, hub_address
from elearn.services.exchange import exchange_once, light, state, tick
from elearn.services.node import Node, fact, keep_fact
from elearn.services.officers import change_officer
from elearn.services.posts import codes, give_code, posts
from elearn.services.record import record, saying_for
from elearn.services.revocations import list_date, revoked_at


def test_a_node_without_a_hub_is_alone() -> None:
    post = memory_node()
    let_pass(post, 1)

    assert light(post).colour == "alone"
    assert exchange_once(post).error.code == "exchange.alone"
    assert state(post).hub == ""
    tick(post)


def test_both_sides_know_each_other_after_enrolment() -> None:
    post, hub, _ = pair()

    [known_hub], [known_post] = rows(post, PEER), rows(hub, PEER)
    assert (known_hub["name"], known_hub["url"], known_hub["public_key"]) == ("Vientiane", HUB_URL, hub.keys.public_key)
    assert (known_post["name"], known_post["url"], known_post["public_key"]) == ("Huay Xai", None, post.keys.public_key)
    assert {row["key_id"] for row in rows(hub, TRUSTED_KEY)} == {post.keys.key_id}
    assert {row["key_id"] for row in rows(post, TRUSTED_KEY)} >= {hub.keys.key_id}
    assert [code.state for code in codes(hub)] == ["used"]


def test_the_code_never_travels() -> None:
    hub = hub_node()
    line = Line(hub)
    code = give_code(hub, "Huay Xai")
    enrol(post_on(line), HUB_URL, code)

    [(asked, answered)] = line.calls
    secret = code.replace("-", "")[4:]
    for piece in (asked.body, answered.body, *(value.encode() for value in asked.headers.values())):
        assert secret.encode() not in piece.replace(b"-", b"")


def test_what_is_sent_is_confirmed_and_the_hub_shows_the_same_figures() -> None:
    post, hub, _ = pair()
    let_pass(post, 7)
    before = light(post)

    outcome = exchange_once(post)

    assert (before.colour, before.waiting) == ("waiting", 7)
    assert (outcome.ok, outcome.sent, outcome.people) == (True, 7, 1)
    assert (light(post).colour, light(post).waiting) == ("good", 0)
    assert len(rows(hub, COMPLETION)) == 7
    for table in FOLDED_TABLES:
        assert rows(hub, table) == rows(post, table)


def test_nothing_is_sent_twice() -> None:
    post, _, line = pair()
    let_pass(post, 3)
    exchange_once(post)
    line.calls.clear()

    outcome = exchange_once(post)

    assert (outcome.ok, outcome.sent, outcome.people) == (True, 0, 0)
    assert [asked.path for asked, _ in line.calls] == ["/peer/hello"]


@pytest.mark.parametrize("lost", [False, True], ids=["request-lost", "answer-lost"])
@pytest.mark.parametrize("calls_left", range(5))
def test_cut_at_any_call_the_next_exchange_goes_on(calls_left: int, lost: bool) -> None:
    post, hub, line = pair()
    let_pass(post, 600)
    line.calls_left, line.lost = calls_left, lost

    cut = exchange_once(post)
    after, held = light(post), len(rows(hub, COMPLETION))
    line.calls_left = None
    again = exchange_once(post)

    assert cut.error.code == "peer.no-line"
    assert after.colour == ("waiting" if after.waiting else "good")
    assert after.waiting == 600 - cut.sent
    assert (again.ok, again.sent) == (True, 600 - held)
    assert light(post).waiting == 0
    assert len(rows(hub, COMPLETION)) == 600
    assert rows(hub, COMPLETION) == rows(post, COMPLETION)
    assert rows(hub, PERSON) == rows(post, PERSON)


def test_confirmed_is_what_the_hub_named_and_nothing_else() -> None:
    post, hub, line = pair()
    let_pass(post, 3)

    def hide(asked: Asked, given: Answer) -> Answer:
        return Answer(502, {}, b"<html>bad gateway") if asked.path == ENTRIES else given

    line.change_answer = hide
    outcome = exchange_once(post)

    assert outcome.error.code == "peer.strange-answer"
    assert len(rows(hub, COMPLETION)) == 3
    assert (light(post).colour, light(post).waiting) == ("waiting", 3)
    assert rows(post, CONFIRMED) == []


def saying(hub: Node, path: str, **changes: object) -> Callable[[Asked, Answer], Answer]:
    """Let the hub itself, with its own key, say something else on this path."""

    def change(asked: Asked, given: Answer) -> Answer:
        if asked.path != path:
            return given
        body = body_of({**said(given.body), **changes})
        nonce = claimed_nonce(asked.headers)
        return Answer(200, sign_answer(200, body, key_id=hub.keys.key_id, nonce=nonce, sign=hub.keys.sign), body)

    return change


@pytest.mark.parametrize(("number", "place"), [(2, 1), (3, 1)], ids=["fewer", "others"])
def test_a_hub_that_names_fewer_or_others_than_were_sent_has_confirmed_nothing(number: int, place: int) -> None:
    post, hub, line = pair()
    let_pass(post, 3)
    with post.store.reading() as tx:
        mine = str(fact(tx, "id"))
        digests = [entry.digest for entry in tx.ledger.entries(mine)]

    held = {"number": number, "digest": digests[place]}
    line.change_answer = saying(hub, ENTRIES, held={mine: held})
    outcome = exchange_once(post)

    assert outcome.error.code == "peer.strange-answer"
    assert (light(post).colour, light(post).waiting) == ("waiting", 3)
    assert rows(post, CONFIRMED) == []


def test_a_page_that_asks_for_a_password_is_not_the_hub() -> None:
    post, _, line = pair()
    let_pass(post, 1)
    line.change_answer = lambda *_: Answer(200, {"Content-Type": "text/html"}, b"<html>Pay here</html>")

    outcome = exchange_once(post)

    assert isinstance(outcome.error, Unavailable)
    assert (light(post).colour, light(post).reason) == ("waiting", "peer.strange-answer")


def test_an_old_answer_of_the_hub_is_not_taken_for_a_new_one() -> None:
    post, _, line = pair()
    exchange_once(post)
    old = next(answer for asked, answer in line.calls if asked.path == "/peer/hello")
    line.change_answer = lambda *_: old

    assert exchange_once(post).error.code == "peer.strange-answer"


def test_a_refusal_turns_the_light_red_and_success_turns_it_back() -> None:
    post, hub, _ = pair()
    let_pass(post, 2)
    hub.store.write(lambda tx: tx.tables.delete(TRUSTED_KEY, {}))
    refused = exchange_once(post)
    red = light(post)
    hub.store.write(lambda tx: tx.tables.delete(PEER, {}))

    enrol(post, HUB_URL, give_code(hub, "Huay Xai"))
    exchange_once(post)

    assert refused.error.code == "peer.unknown-key"
    assert (red.colour, red.waiting, red.reason) == ("bad", 2, "peer.unknown-key")
    assert light(post).colour == "good"


def test_a_hub_put_back_to_an_older_state_gets_everything_again() -> None:
    post, hub, line = pair()
    let_pass(post, 5)
    exchange_once(post)
    fresh = hub_node()
    for table in (PEER, TRUSTED_KEY):
        for row in rows(hub, table):
            fresh.store.write(lambda tx, table=table, row=row: tx.tables.put(table, row))
    line.hub = fresh

    outcome = exchange_once(post)

    assert (outcome.ok, outcome.sent, outcome.people) == (True, 5, 1)
    assert rows(fresh, COMPLETION) == rows(post, COMPLETION)
    assert rows(fresh, PERSON) == rows(post, PERSON)


def test_a_clock_in_1970_still_exchanges_and_the_hub_sees_it() -> None:
    hub = hub_node()
    line = Line(hub)
    post = post_on(line, clock=TickingClock(datetime(1970, 1, 1, tzinfo=UTC)))
    enrol(post, HUB_URL, give_code(hub, "Huay Xai"))
    let_pass(post, 2)

    outcome = exchange_once(post)

    assert (outcome.ok, outcome.sent) == (True, 2)
    assert light(post).colour == "good"
    assert posts(hub)[0].clock_offset_ms < -50 * 365 * 24 * 3600 * 1000
    assert state(post).clock_offset_ms > 50 * 365 * 24 * 3600 * 1000


def test_without_a_line_it_tries_ever_more_seldom_and_never_raises() -> None:
    post, _, line = pair()
    let_pass(post, 1)
    line.calls_left = 0
    tries = 0
    for _ in range(180):
        before = rows(post, PEER)[0]["state"].get("tried_at")
        tick(post)
        line.calls_left = 0
        tries += rows(post, PEER)[0]["state"].get("tried_at") != before
        post.clock.shift(timedelta(minutes=1))

    assert 6 <= tries <= 12
    assert light(post).reason == "peer.no-line"


def test_what_is_new_is_sent_at_the_next_minute() -> None:
    post, hub, _ = pair()
    tick(post)
    let_pass(post, 1)
    assert light(post).waiting == 1

    tick(post)

    assert light(post).waiting == 0
    assert len(rows(hub, COMPLETION)) == 1


def test_while_nothing_waits_the_hub_is_left_alone_for_a_while() -> None:
    post, _, line = pair()
    tick(post)
    line.calls.clear()

    tick(post)
    quiet = len(line.calls)
    post.clock.shift(timedelta(minutes=20))
    tick(post)

    assert quiet == 0
    assert [asked.path for asked, _ in line.calls] == ["/peer/hello"]


def test_identities_go_to_the_hub_of_the_country_only_and_only_when_changed() -> None:
    post, hub, line = pair()
    here = officer(post, "Noy Vong")
    officer(post, "Somchai Dee", country="TH")

    exchange_once(post)
    first = rows(hub, PERSON)
    changed = {**first[0], "name": "Noy Vongsa", "changed_at": post.now()}
    post.store.write(lambda tx: tx.tables.put(PERSON, changed))
    waiting = state(post).people
    exchange_once(post)

    assert [row["id"] for row in first] == [here]
    assert waiting == 1
    assert [row["name"] for row in rows(hub, PERSON)] == ["Noy Vongsa"]
    assert all(b"Somchai" not in asked.body for asked, _ in line.calls)


def test_a_name_corrected_while_the_clock_stood_in_1970_reaches_the_hub() -> None:
    post, hub, _ = pair()
    officer(post, "Chief", role="administrator", service_number="ADM-1")
    by = session(post, sign_in(post, "ADM-1", PIN, "pc").token)
    person = numbered_officer(post)
    exchange_once(post)
    post.clock.shift(timedelta(days=-56 * 365))

    change_officer(post, by, person, OfficerForm(service_number="N-7", name="Noy Vongsa"))
    exchange_once(post)

    assert [row["name"] for row in rows(hub, PERSON, id=person)] == ["Noy Vongsa"]


def test_identities_never_go_to_a_hub_of_another_country_or_one_that_may_not_hold_them() -> None:
    for changes, country in (({}, "TH"), ({"kind": NodeKind.REGIONAL_HUB}, "LA")):
        hub = memory_node(series=9, **{"kind": NodeKind.HUB, **changes})
        hub.store.write(lambda tx, country=country: keep_fact(tx, "country", country))
        line = Line(hub)
        post = post_on(line)
        enrol(post, HUB_URL, give_code(hub, "Huay Xai"))
        let_pass(post, 1)
        officer(post, "Somchai Dee", country="TH")

        outcome = exchange_once(post)

        assert (outcome.ok, outcome.sent, outcome.people) == (True, 1, 0)
        assert "/peer/people" not in [asked.path for asked, _ in line.calls]
        assert rows(hub, PERSON) == []
        assert rows(post, PERSON_SENT) == []


def test_keys_and_revocations_come_down() -> None:
    post, hub, line = pair()
    other = post_on(Line(hub), series=2)
    enrol(other, HUB_URL, give_code(hub, "Boten"))
    person = let_pass(other, 1)
    with other.store.reading() as tx:
        saying = saying_for(tx, other, person)
    number = "ABCD-EFGH"
    revoked = build(saying, other.ids.new(), verbs.REVOKED, verbs.certificate_iri(number), extensions={"reason": "x"})
    record(other, revoked)
    exchange_once(other)

    exchange_once(post)

    assert {row["key_id"] for row in rows(post, TRUSTED_KEY)} >= {hub.keys.key_id, other.keys.key_id}
    with post.store.reading() as tx:
        assert revoked_at(tx, number) == saying.timestamp
        assert revoked_at(tx, "OTHER") == ""
        assert list_date(tx) == "2026-11-24"
    assert all(b'"x"' not in answered.body for _, answered in line.calls)
    assert [row["number"] for row in rows(post, REVOCATION)] == [number]


def test_a_hub_cannot_say_that_this_posts_own_key_is_anothers() -> None:
    post, hub, line = pair()
    [mine] = [row for row in rows(hub, TRUSTED_KEY) if row["key_id"] == post.keys.key_id]
    forged = {**mine, "node": "another", "public_key": post.keys.public_key.hex()}
    page = {"digest": "a" * 64, "after": 0, "total": 1, "items": [forged]}
    line.change_answer = saying(hub, DOWN, parts={"keys": page})

    assert exchange_once(post).ok

    assert "another" not in {row["node"] for row in rows(post, TRUSTED_KEY)}


def test_a_key_under_the_id_of_another_is_refused() -> None:
    post, hub, line = pair()
    [mine] = [row for row in rows(post, TRUSTED_KEY) if row["key_id"] == hub.keys.key_id]
    forged = {**mine, "key_id": "0" * 16, "public_key": hub.keys.public_key.hex()}
    page = {"digest": "a" * 64, "after": 0, "total": 1, "items": [forged]}
    line.change_answer = saying(hub, DOWN, parts={"keys": page})

    assert exchange_once(post).error.code == "peer.part"
    assert "0" * 16 not in {row["key_id"] for row in rows(post, TRUSTED_KEY)}


def test_what_the_hub_keeps_apart_is_shown_at_the_post() -> None:
    post, hub, _ = pair()
    other = post_on(Line(hub), series=2)
    enrol(other, HUB_URL, give_code(hub, "Boten"))
    let_pass(other, 1)
    exchange_once(other)
    [taken] = rows(other, COMPLETION)
    person = numbered_officer(post)
    statement = exam_passed(post, person)
    with other.store.reading() as tx:
        [entry] = tx.ledger.entries(fact(tx, "id"))
    record(post, exam_passed(post, person), replace(statement, body={**statement.body, "id": entry.statement.id}))

    outcome = exchange_once(post)

    assert outcome.ok
    assert (light(post).colour, light(post).waiting, light(post).reason) == ("good", 0, "exchange.kept-apart")
    assert [(one.kind, one.number, one.reason) for one in state(post).apart] == [
        ("entry", 2, "statement.other-content")
    ]
    assert len(rows(hub, QUARANTINE)) == 1
    assert taken in rows(hub, COMPLETION)
    assert len(rows(hub, COMPLETION)) == 2


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("hub.example", "http://hub.example"),
        (" https://hub.example/ ", "https://hub.example"),
        ("http://10.0.0.1:8100", "http://10.0.0.1:8100"),
        ("https://hub.example/elearn/", "https://hub.example/elearn"),
        ("http://[fd00::1]:8100", "http://[fd00::1]:8100"),
    ],
)
def test_an_address_has_one_form(typed: str, address: str) -> None:
    assert hub_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    ["", "ftp://hub.example", "http://", "http://a b", "http://me:pw@hub", "http://hub?x=1", "http://hub:99999", "ហាប់"],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        hub_address(typed)

    assert refused.value.code == "hub-url.wrong"


def test_a_hub_that_cannot_call_others_has_no_light_of_its_own() -> None:
    hub = memory_node(kind=NodeKind.REGIONAL_HUB)

    assert light(hub).colour == "alone"
    with pytest.raises(Refused) as refused:
        enrol(replace(hub, peer=NoLine()), HUB_URL, "K7QD-0123-4567-89AB-CDEF")
    assert refused.value.code == "node.power"
