"""Enrolment from the hub's side: one code, one post, and nobody passes as another."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cast import PIN, memory_node, officer
from exchange_scenes import HUB_URL, Line, hub_node, let_pass, post_on, rows

from elearn.adapters.system import Ed25519Keys
from elearn.core.sync.codes import MOST_WRONG_TRIES, parse_code, proof, secret_digest
from elearn.core.sync.signatures import claimed_nonce, sign_answer, sign_request
from elearn.core.sync.talk import ENROL, Answer, Asked, body_of, error_from
from elearn.core.vocab.errors import ElearnError, Invalid, NotFound, Refused, Unavailable
from elearn.core.vocab.kept import ENROLMENT_CODE, PEER
from elearn.services.accounts import session, sign_in
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once
from elearn.services.node import Node, fact, keep_fact
from elearn.services.posts import codes, give_code, make_code, posts


@pytest.fixture
def hub() -> Node:
    return hub_node()


def refusal(post: Node, code: str) -> str:
    with pytest.raises(ElearnError) as refused:
        enrol(post, HUB_URL, code)
    return refused.value.code


def another(code: str) -> str:
    """Return a code of the same id with another secret."""
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def test_a_wrong_code_is_refused_and_counted(hub: Node) -> None:
    post, code = post_on(Line(hub)), give_code(hub, "Huay Xai")

    assert refusal(post, another(code)) == "enrol.code-wrong"
    assert refusal(post, "0000-0000-0000-0000-0000") == "enrol.code-wrong"
    assert [row["wrong_tries"] for row in rows(hub, ENROLMENT_CODE)] == [1]
    assert rows(hub, PEER) == rows(post, PEER) == []
    enrol(post, HUB_URL, code)


def test_after_five_wrong_tries_the_right_code_is_void_too(hub: Node) -> None:
    post, code = post_on(Line(hub)), give_code(hub, "Huay Xai")
    for _ in range(MOST_WRONG_TRIES):
        refusal(post, another(code))

    assert refusal(post, code) == "enrol.code-blocked"
    assert [one.state for one in codes(hub)] == ["blocked"]


def test_a_code_is_good_for_one_post(hub: Node) -> None:
    code = give_code(hub, "Huay Xai")
    enrol(post_on(Line(hub), 1), HUB_URL, code)

    assert refusal(post_on(Line(hub), 2), code) == "enrol.code-used"
    assert len(rows(hub, PEER)) == 1


def test_a_post_whose_answer_was_lost_may_ask_again(hub: Node) -> None:
    line = Line(hub, calls_left=0, lost=True)
    post, code = post_on(line), give_code(hub, "Huay Xai")
    with pytest.raises(Unavailable):
        enrol(post, HUB_URL, code)
    assert rows(post, PEER) == []
    line.calls_left = None

    assert enrol(post, HUB_URL, code) == "Vientiane"

    let_pass(post, 1)
    assert exchange_once(post).sent == 1


def test_an_expired_code_is_refused(hub: Node) -> None:
    code = give_code(hub, "Huay Xai")
    hub.clock.shift(timedelta(days=14))

    assert refusal(post_on(Line(hub)), code) == "enrol.code-expired"
    assert [one.state for one in codes(hub)] == ["expired"]


def test_a_stranger_with_a_good_code_cannot_become_a_post_that_is_known(hub: Node) -> None:
    post = post_on(Line(hub))
    enrol(post, HUB_URL, give_code(hub, "Huay Xai"))
    stranger = post_on(Line(hub), keys=Ed25519Keys(b"\x77" * 32))

    assert refusal(stranger, give_code(hub, "Boten")) == "enrol.node-known"
    assert [row["public_key"] for row in rows(hub, PEER)] == [post.keys.public_key]


def test_a_post_that_lost_its_key_is_enrolled_again_by_a_code_for_it_alone(hub: Node) -> None:
    post = post_on(Line(hub))
    enrol(post, HUB_URL, give_code(hub, "Huay Xai"))
    let_pass(post, 2)
    exchange_once(post)
    with post.store.reading() as tx:
        code = give_code(hub, "", for_node=str(fact(tx, "id")))
    renewed = replace(post, keys=Ed25519Keys(b"\x77" * 32))

    other = refusal(post_on(Line(hub), 2), code)
    enrol(renewed, HUB_URL, code)
    let_pass(renewed, 1)

    assert other == "enrol.code-other-node"
    assert (exchange_once(renewed).ok, posts(hub)[0].held) == (True, 3)
    assert exchange_once(post).error.code == "peer.unknown-key"


def test_demonstrations_and_real_posts_are_kept_apart(hub: Node) -> None:
    post = post_on(Line(hub))
    post.store.write(lambda tx: keep_fact(tx, "demo", True))

    assert refusal(post, give_code(hub, "Huay Xai")) == "enrol.demo"


def test_a_node_is_not_enrolled_with_itself() -> None:
    line = Line(None)  # type: ignore[arg-type]
    hub = hub_node(peer=line)
    line.hub = hub

    assert refusal(hub, give_code(hub, "Myself")) == "enrol.self"


def by_hand(node: Node, code: str, changes: dict[str, object]) -> Answer:
    """Ask the hub of the node's line to enrol it, with other words about itself than its program would say."""
    parsed = parse_code(code)
    with node.store.reading() as tx:
        about = {"node": fact(tx, "id"), "name": "Huay Xai", "kind": "post", "country": "LA", "agency": "customs"}
    about |= {"public_key": node.keys.public_key.hex(), "time": node.now(), "code_id": parsed.code_id, "demo": False}
    request = {**about, **changes}
    body = body_of({"request": request, "proof": proof(secret_digest(parsed), "post", request)})
    headers = sign_request("POST", ENROL, body, key_id=node.keys.key_id, nonce="n", sign=node.keys.sign)
    return node.peer.call(HUB_URL, "POST", ENROL, body, headers)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"kind": "regional-hub"}, "enrol.not-a-post"),
        ({"kind": "spaceship"}, "peer.part"),
        ({"country": "FR"}, "peer.part"),
        ({"name": ""}, "peer.part"),
        ({"name": "Huay\u202eXai"}, "peer.part"),
        ({"node": "x" * 65}, "peer.part"),
        ({"demo": 0}, "peer.part"),
        ({"public_key": "00"}, "peer.part"),
        ({"time": "yesterday"}, "time.unreadable"),
    ],
)
def test_what_a_post_says_of_itself_is_looked_at(hub: Node, changes: dict[str, object], code: str | None) -> None:
    error = error_from(by_hand(post_on(Line(hub)), give_code(hub, "Huay Xai"), changes))

    assert (error.code if error else None) == code
    assert len(rows(hub, PEER)) == (0 if code else 1)


def test_a_machine_that_does_not_know_the_code_cannot_pass_as_the_hub(hub: Node) -> None:
    keys = Ed25519Keys(b"\x66" * 32)

    def pretend(asked: Asked, given: Answer) -> Answer:
        value = json.loads(given.body)
        value["answer"]["public_key"] = keys.public_key.hex()
        value["proof"] = proof(b"a guess", "hub", value["answer"])
        body = body_of(value)
        nonce = claimed_nonce(asked.headers)
        return Answer(200, sign_answer(200, body, key_id=keys.key_id, nonce=nonce, sign=keys.sign), body)

    post = post_on(Line(hub, change_answer=pretend))

    assert refusal(post, give_code(hub, "Huay Xai")) == "enrol.not-the-hub"
    assert rows(post, PEER) == []


def test_an_answer_with_another_key_put_in_on_the_way_is_refused(hub: Node) -> None:
    def swap(asked: Asked, given: Answer) -> Answer:
        value = json.loads(given.body)
        value["answer"]["public_key"] = Ed25519Keys(b"\x66" * 32).public_key.hex()
        return Answer(given.status, given.headers, json.dumps(value).encode())

    line = Line(hub, change_answer=swap)
    post = post_on(line)

    assert refusal(post, give_code(hub, "Huay Xai")) == "enrol.not-the-hub"
    assert rows(post, PEER) == []


def test_an_old_answer_of_the_hub_enrols_nobody(hub: Node) -> None:
    line = Line(hub)
    post, code = post_on(line), give_code(hub, "Huay Xai")
    enrol(post, HUB_URL, code)
    [(_, old)] = line.calls
    line.change_answer = lambda *_: old

    assert refusal(post, code) == "enrol.not-the-hub"


def test_a_request_with_another_key_put_in_on_the_way_is_refused(hub: Node) -> None:
    def swap(asked: Asked) -> Asked:
        value = json.loads(asked.body)
        value["request"]["public_key"] = Ed25519Keys(b"\x66" * 32).public_key.hex()
        return Asked(asked.method, asked.path, asked.headers, json.dumps(value).encode())

    assert refusal(post_on(Line(hub, change=swap)), give_code(hub, "Huay Xai")) == "peer.unknown-key"
    assert rows(hub, PEER) == []


def test_a_machine_that_is_no_hub_says_so() -> None:
    other = memory_node(series=5)
    post = post_on(Line(other))

    assert refusal(post, "K7QD-0123-4567-89AB-CDEF") == "node.power"


@pytest.mark.parametrize(
    ("name", "code"),
    [("", "post-name.missing"), ("x" * 81, "post-name.too-long"), ("=1", "post-name.formula")],
)
def test_a_code_needs_a_name_that_can_be_read(hub: Node, name: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        give_code(hub, name)

    assert refused.value.code == code
    assert codes(hub) == []


def test_only_administrators_make_codes(hub: Node) -> None:
    coordinator, administrator = (
        session(hub, sign_in(hub, number, PIN, "pc").token)
        for number in ("C-1", "A-1")
        if officer(hub, role={"C": "coordinator", "A": "administrator"}[number[0]], service_number=number)
    )

    with pytest.raises(Refused):
        make_code(hub, coordinator, "Huay Xai")
    assert len(make_code(hub, administrator, "Huay Xai")) == 24
    with pytest.raises(NotFound):
        make_code(hub, administrator, "", for_node="nobody")
