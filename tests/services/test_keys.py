"""A key is renewed, followed, given up or lost: what was signed before stays valid, what is signed after is refused."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from carried_scenes import chief_of, file_of
from cast import TickingClock, memory_node, officer
from exchange_scenes import HUB_URL, Line, exam_passed, hub_node, let_pass, post_on, rows
from key_scenes import (
    Places,
    administrator,
    at_terminal,
    forged,
    id_of,
    issued,
    key_of,
    number_of,
    places,
    printed,
    step,
    tell,
)
from small_course import publish

from elearn.adapters.system import Ed25519Keys
from elearn.core.content.package import signed_words
from elearn.core.vocab.errors import Invalid, NotFound, Refused
from elearn.core.vocab.kept import KEY_SUCCESSION, PACKAGE, PACKAGE_SIGNATURE, PEER, TRUSTED_KEY
from elearn.core.vocab.nodes import NodeKind
from elearn.core.vocab.tables import Table
from elearn.core.xapi.verbs import KEY_LOST, KEY_RENEWED
from elearn.services import arriving
from elearn.services.answer import answer
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once
from elearn.services.key_loss import post_key, post_keys, report_lost
from elearn.services.key_renewal import own_key, renew, settle
from elearn.services.node import Node, keep_fact
from elearn.services.posts import give_code
from elearn.services.publishing import signers
from elearn.services.record import record
from elearn.services.trusted_keys import keep_keys, keys_said
from elearn.services.verify import verify_code, verify_payload

THIEF = Ed25519Keys(b"\x77" * 32)


@pytest.fixture
def three() -> Places:
    return places()


def said(given: object) -> str:
    code: str = json.loads(given.body)["code"]  # type: ignore[attr-defined]
    return code


def of_node(node: Node, table: Table, origin: str) -> list[dict[str, Any]]:
    with node.store.reading() as tx:
        return tx.tables.select(table, {"node": origin})


def verbs_in(node: Node, verb: str) -> list[dict[str, object]]:
    with node.store.reading() as tx:
        found = [entry.statement for entry in tx.ledger.every() if entry.statement.verb == verb]
    return [{"actor": one.actor, **{n: one.extension(n) for n in ("old_key", "lost_from", "reason")}} for one in found]


# --- renewing


def test_what_was_signed_before_a_renewal_stays_valid_at_a_post_that_only_exchanged(three: Places) -> None:
    before = issued(three.post)
    three.exchange()
    old = key_of(three.post)
    renew(three.post, administrator(three.post))
    three.pass_days(1)
    after = issued(three.post)

    assert three.state(after) == "unknown_issuer"
    three.exchange()

    assert (three.state(before), three.state(after)) == ("valid", "valid")
    assert three.state(forged(before, old, issued=date(2026, 11, 25))) == "key_ended"
    assert three.state(before, three.post) == three.state(after, three.post) == "valid"


def test_a_certificate_of_before_is_printed_again_with_the_new_key_and_is_valid(three: Places) -> None:
    before = issued(three.post)
    three.pass_days(400)
    renew(three.post, administrator(three.post))
    again = printed(three.post, number_of(before))
    three.exchange()

    found = verify_payload(three.other, again, "en")

    assert again != before
    assert (found.state, found.issue_doubtful) == ("valid", False)


def test_no_code_is_needed_and_records_go_on_from_where_they_were(three: Places) -> None:
    let_pass(three.post, 2)
    three.exchange(three.post)
    for _ in range(3):
        renew(three.post, at_terminal(three.post))
        let_pass(three.post, 1)
    three.line.calls.clear()
    three.exchange(three.post)

    with three.hub.store.reading() as tx, three.post.store.reading() as mine:
        assert tx.ledger.head(id_of(three.post)) == mine.ledger.head(id_of(three.post))
    assert [asked.path for asked, _ in three.line.calls].count("/peer/renewed") == 1
    three.exchange(three.post)
    assert [asked.path for asked, _ in three.line.calls].count("/peer/renewed") == 1


def test_a_post_without_a_hub_renews_and_keeps_believing_what_it_signed() -> None:
    alone = memory_node()
    alone.store.write(publish)
    before, old = issued(alone), key_of(alone)
    renew(alone, administrator(alone))

    assert verify_payload(alone, before, "en").state == "valid"
    assert verify_payload(alone, forged(before, old, issued=date(2026, 11, 26)), "en").state == "key_ended"
    assert [key.signs.replace(" ", "") for key in own_key(alone).earlier] == [old.key_id]
    assert own_key(alone).signs.replace(" ", "") == alone.keys.key_id != old.key_id


def test_keys_of_before_enrolment_are_known_at_every_post_after_it() -> None:
    hub = hub_node()
    line = Line(hub)
    post, other = post_on(line, 1), post_on(line, 2)
    post.store.write(publish)
    first = issued(post)
    renew(post, administrator(post))
    second = issued(post)
    assert isinstance(hub.clock, TickingClock)
    hub.clock.shift(timedelta(days=30))
    for node in (post, other):
        enrol(node, HUB_URL, give_code(hub, "Huay Xai"))
    exchange_once(other)

    found = [verify_payload(other, payload, "en") for payload in (first, second)]

    assert [(one.state, one.issue_doubtful) for one in found] == [("valid", False), ("valid", False)]


def test_who_renewed_is_said_in_the_ledger_and_goes_to_the_hub(three: Places) -> None:
    chief, old = administrator(three.post), three.post.keys.key_id
    renew(three.post, chief)
    three.exchange(three.post)

    for node in (three.post, three.hub):
        assert verbs_in(node, KEY_RENEWED) == [
            {"actor": chief.person, "old_key": old, "lost_from": None, "reason": None}
        ]


def test_only_an_administrator_renews(three: Places) -> None:
    chief = administrator(three.post)

    with pytest.raises(Refused, match="permission"):
        renew(three.post, replace(chief, role=type(chief.role)("trainer")))
    assert not rows(three.post, KEY_SUCCESSION)


def test_what_stops_a_renewal_leaves_the_old_key_in_force(three: Places) -> None:
    chief, old = administrator(three.post), three.post.keys.key_id
    three.post.store.write(lambda tx: keep_fact(tx, "set_up_at", ""))

    with pytest.raises(Refused, match=r"node\.not-set-up"):
        renew(three.post, chief)
    assert three.post.keys.key_id == old
    assert not rows(three.post, KEY_SUCCESSION)


def test_an_old_key_is_not_ended_before_what_it_signed_even_if_the_clock_went_back(three: Places) -> None:
    before = issued(three.post)
    assert isinstance(three.post.clock, TickingClock)
    three.post.clock.shift(timedelta(days=-20_000))  # the clock stands in 1972
    renew(three.post, administrator(three.post))
    three.exchange()

    assert three.state(before) == "valid"


def test_packages_signed_with_an_old_key_still_name_their_signer(three: Places) -> None:
    [package] = rows(three.post, PACKAGE)
    row = {"digest": package["digest"], "key_id": three.post.keys.key_id, "signed_at": package["published_at"]}
    signature = three.post.keys.sign(signed_words(package["digest"]))
    three.post.store.write(lambda tx: tx.tables.put(PACKAGE_SIGNATURE, {**row, "signature": signature}))
    old = three.post.keys.key_id
    renew(three.post, administrator(three.post))

    def named() -> tuple[str, ...]:
        with three.post.store.reading() as tx:
            return signers(tx, package["digest"], three.post.keys)

    assert named() == ("Huay Xai",)
    [key] = [one for one in rows(three.post, TRUSTED_KEY) if one["key_id"] == old]
    three.post.store.write(lambda tx: tx.tables.put(TRUSTED_KEY, {**key, "lost_from": "2026-11-01"}))
    assert named() == ()


def test_a_hub_put_back_to_before_the_renewal_learns_of_it_again(three: Places) -> None:
    three.exchange()
    kept = {table: rows(three.hub, table) for table in (PEER, TRUSTED_KEY)}
    renew(three.post, administrator(three.post))
    three.exchange(three.post)

    def put_back(tx: object) -> None:
        for table in (PEER, TRUSTED_KEY, KEY_SUCCESSION):
            tx.tables.delete(table, {})  # type: ignore[attr-defined]
        for table, old_rows in kept.items():
            for row in old_rows:
                tx.tables.put(table, row)  # type: ignore[attr-defined]

    three.hub.store.write(put_back)
    three.exchange()


def test_a_key_whose_file_was_lost_is_known_as_own_and_the_hub_wants_a_code(three: Places) -> None:
    before = issued(three.post)
    three.exchange()
    lost = replace(three.post, keys=Ed25519Keys(b"\x31" * 32))
    settle(lost)

    assert verify_payload(lost, before, "en").state == "valid"
    assert own_key(lost).earlier[0].ended_at
    refused = exchange_once(lost).error
    assert refused is not None
    assert refused.code == "peer.unknown-key"


# --- successions that are not


@pytest.mark.parametrize("by", ["old_by", "new_by"])
def test_a_step_signed_by_one_of_both_only_is_refused(three: Places, by: str) -> None:
    old = key_of(three.post)
    step_to_thief = step(id_of(three.post), old, THIEF, **{by: THIEF if by == "old_by" else old})

    given = tell(three.hub, id_of(three.post), [step_to_thief], THIEF)

    assert (given.status, said(given)) == (400, "key.succession")
    three.exchange(three.post)


def test_a_step_from_another_posts_key_is_refused(three: Places) -> None:
    mine = step(id_of(three.post), key_of(three.other), THIEF)

    assert said(tell(three.hub, id_of(three.post), [mine], THIEF)) == "key.not-followed"


def test_a_step_of_another_node_is_refused(three: Places) -> None:
    others = step(id_of(three.other), key_of(three.post), THIEF)

    assert said(tell(three.hub, id_of(three.post), [others], THIEF)) == "key.not-followed"


def test_a_step_shown_by_somebody_who_does_not_have_the_new_key_is_refused(three: Places) -> None:
    old = key_of(three.post)

    given = tell(three.hub, id_of(three.post), [step(id_of(three.post), old, THIEF)], Ed25519Keys(b"\x78" * 32))

    assert said(given) == "peer.unknown-key"


def test_an_old_step_shown_again_changes_nothing(three: Places) -> None:
    first = key_of(three.post)
    renew(three.post, administrator(three.post))
    second = key_of(three.post)
    three.exchange(three.post)
    asked = next(asked for asked, _ in three.line.calls if asked.path == "/peer/renewed")
    renew(three.post, at_terminal(three.post))
    three.exchange(three.post)

    assert said(answer(three.hub, asked)) == "key.not-followed"
    assert said(tell(three.hub, id_of(three.post), [step(id_of(three.post), first, second)], second)) == (
        "key.not-followed"
    )
    three.exchange(three.post)
    assert [row["public_key"] for row in of_node(three.hub, PEER, id_of(three.post))] == [three.post.keys.public_key]


def test_a_renewed_key_no_longer_opens_the_door_and_says_why(three: Places) -> None:
    old = key_of(three.post)
    renew(three.post, administrator(three.post))
    three.exchange(three.post)

    refused = exchange_once(replace(three.post, keys=old)).error

    assert refused is not None
    assert refused.code == "peer.key-renewed"


def test_a_key_does_not_come_back(three: Places) -> None:
    first = key_of(three.post)
    renew(three.post, administrator(three.post))
    three.exchange(three.post)

    given = tell(three.hub, id_of(three.post), [step(id_of(three.post), key_of(three.post), first)], first)

    assert said(given) == "key.not-followed"


def test_a_stranger_has_no_key_to_renew(three: Places) -> None:
    given = tell(three.hub, "stranger", [step("stranger", Ed25519Keys(b"\x78" * 32), THIEF)], THIEF)

    assert said(given) == "peer.unknown-key"


# --- the hub's own key


def test_posts_follow_the_hub_to_its_new_key_without_a_code(three: Places) -> None:
    at_hub = issued(three.hub)
    three.exchange()
    for _ in range(2):
        renew(three.hub, administrator(three.hub) if not rows(three.hub, KEY_SUCCESSION) else at_terminal(three.hub))
    renew(three.post, administrator(three.post))
    after = issued(three.hub)
    three.exchange()

    assert (three.state(at_hub), three.state(after)) == ("valid", "valid")
    for node in (three.post, three.other):
        assert [row["public_key"] for row in rows(node, PEER)] == [three.hub.keys.public_key]
    three.line.calls.clear()
    three.exchange()
    assert "/peer/steps" not in [asked.path for asked, _ in three.line.calls]


def test_another_machine_at_the_hubs_address_is_not_followed(three: Places) -> None:
    three.line.hub = replace(three.hub, keys=THIEF)

    refused = exchange_once(three.post).error

    assert refused is not None
    assert refused.code == "peer.hub-key"
    assert [row["public_key"] for row in rows(three.post, PEER)] == [three.hub.keys.public_key]


# --- lost


def test_a_lost_key_is_refused_at_once_and_its_certificates_from_that_day_on_everywhere(three: Places) -> None:
    before = issued(three.post)
    three.exchange()
    three.pass_days(2)
    thief = key_of(three.post)
    after = issued(three.post)
    chief = administrator(three.hub)

    assert report_lost(three.hub, chief, id_of(three.post), "2026-11-25", "Stolen from the car") == 1

    refused = exchange_once(three.post).error
    assert refused is not None
    assert (refused.code, refused.details["date"]) == ("peer.key-lost", "2026-11-25")
    three.exchange(three.other)
    for node in (three.hub, three.other):
        assert three.state(before, node) == "valid"
        assert three.state(after, node) == "key_lost"
        assert verify_payload(node, before, "en").key_lost == "2026-11-25"
    renamed = forged(before, thief, person_name="Somebody Else")
    assert three.state(renamed, three.hub) == "doubtful"
    assert three.state(renamed, three.other) == "valid"  # names stay at home; the page says that nobody vouches for it
    assert verbs_in(three.hub, KEY_LOST) == [
        {"actor": chief.person, "old_key": None, "lost_from": "2026-11-25", "reason": "Stolen from the car"}
    ]


def test_what_a_thief_dates_back_is_doubtful_everywhere(three: Places) -> None:
    before = issued(three.post)
    three.exchange()
    three.pass_days(2)
    thief = key_of(three.post)
    unsent = issued(three.post)
    report_lost(three.hub, administrator(three.hub), id_of(three.post), "2026-11-26", "Stolen")
    three.exchange(three.other)
    invented = forged(before, thief, certificate_id="99999999-1234-4234-8234-123456789abc")
    better = forged(before, thief, score=1.0 if verify_payload(three.post, before, "en") else 0.0, expires=None)
    back = forged(unsent, thief, issued=date(2026, 11, 24))

    for node in (three.hub, three.other):
        assert [three.state(one, node) for one in (invented, better, back)] == ["doubtful"] * 3


def test_another_course_under_a_known_number_is_doubtful(three: Places) -> None:
    before = issued(three.post)
    three.exchange()
    three.pass_days(2)
    report_lost(three.hub, administrator(three.hub), id_of(three.post), "2026-11-26", "Stolen")
    three.exchange(three.other)

    assert three.state(before) == "valid"
    assert three.state(forged(before, key_of(three.post), course="interdiction")) == "doubtful"


def test_what_the_thief_sent_between_theft_and_report_is_not_believed(three: Places) -> None:
    three.exchange()
    three.pass_days(3)
    sent_late = issued(three.post)
    dated_back = forged(sent_late, key_of(three.post), issued=date(2026, 11, 24))
    three.exchange()
    report_lost(three.hub, administrator(three.hub), id_of(three.post), "2026-11-26", "Stolen")
    three.exchange(three.other)

    assert (three.state(sent_late), three.state(dated_back)) == ("key_lost", "doubtful")


def test_a_post_whose_key_was_lost_is_enrolled_again_and_prints_what_was_doubtful_anew(three: Places) -> None:
    unsent = issued(three.post)
    chief = administrator(three.hub)
    three.pass_days(2)
    report_lost(three.hub, chief, id_of(three.post), "2026-11-25", "Stolen")
    again = replace(three.post, keys=Ed25519Keys(b"\x32" * 32))
    settle(again)
    with pytest.raises(Refused, match=r"enrol\.key-lost"):
        enrol(three.post, HUB_URL, give_code(three.hub, "", id_of(three.post)))
    enrol(again, HUB_URL, give_code(three.hub, "", id_of(three.post)))
    three.exchange(again, three.other)

    assert three.state(unsent) == "doubtful"
    assert three.state(printed(again, number_of(unsent))) == "valid"
    assert post_key(three.hub, id_of(again)).lost_from == ""
    assert verify_code(three.hub, number_of(unsent), "en").state == "valid"  # the officer's record is there


def test_a_key_the_thief_renewed_is_lost_with_the_one_it_came_from(three: Places) -> None:
    three.exchange()
    three.pass_days(3)
    renew(three.post, at_terminal(three.post))  # by whoever has the machine
    three.exchange(three.post)

    assert report_lost(three.hub, administrator(three.hub), id_of(three.post), "2026-11-25", "Stolen") == 2
    refused = exchange_once(three.post).error
    assert refused is not None
    assert refused.code == "peer.key-lost"
    renew(three.post, at_terminal(three.post))
    refused = exchange_once(three.post).error
    assert refused is not None
    assert refused.code == "peer.key-lost"


def test_a_key_that_ended_before_the_loss_is_not_touched(three: Places) -> None:
    before = issued(three.post)
    renew(three.post, at_terminal(three.post))
    three.exchange()
    three.pass_days(5)

    assert report_lost(three.hub, administrator(three.hub), id_of(three.post), "2026-11-27", "Stolen") == 1
    three.exchange(three.other)
    assert verify_payload(three.other, before, "en").key_lost == ""


def test_a_loss_reported_with_a_wrong_day_is_reported_again(three: Places) -> None:
    three.pass_days(3)
    payload = issued(three.post)
    three.exchange()
    three.pass_days(2)
    chief = administrator(three.hub)
    states = []
    for day in ("2026-11-25", "2026-11-29"):
        report_lost(three.hub, chief, id_of(three.post), day, "Stolen")
        three.exchange(three.other)
        states.append(three.state(payload))

    assert states == ["key_lost", "valid"]


@pytest.mark.parametrize(
    ("day", "reason", "code"),
    [
        ("2026-11-25", "Stolen", "day.future"),
        ("yesterday", "Stolen", "day.unreadable"),
        ("", "Stolen", "day.unreadable"),
        ("2026-11-24", "  ", "reason.empty"),
        ("2026-11-24", "x" * 501, "reason.too-long"),
    ],
)
def test_a_report_needs_a_day_that_has_come_and_a_reason(three: Places, day: str, reason: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        report_lost(three.hub, administrator(three.hub), id_of(three.post), day, reason)
    assert refused.value.code == code


def test_only_an_administrator_of_the_hub_reports_a_loss(three: Places) -> None:
    chief = administrator(three.hub)

    with pytest.raises(Refused, match="permission"):
        report_lost(three.hub, replace(chief, role=type(chief.role)("trainer")), id_of(three.post), "2026-11-24", "x")
    with pytest.raises(Refused, match=r"node\.power"):
        report_lost(three.post, administrator(three.post), id_of(three.hub), "2026-11-24", "x")
    with pytest.raises(NotFound, match=r"post\.unknown"):
        report_lost(three.hub, chief, "nobody", "2026-11-24", "x")


def test_the_hubs_page_knows_each_posts_key(three: Places) -> None:
    renew(three.post, administrator(three.post))
    three.exchange(three.post)
    found = post_keys(three.hub)

    assert found[id_of(three.post)].signs.replace(" ", "") == three.post.keys.key_id
    assert found[id_of(three.post)].renewed_at
    assert not found[id_of(three.other)].renewed_at


# --- over the border


def test_a_renewed_and_a_lost_key_are_known_in_another_country_by_the_hub_above(three: Places) -> None:
    region = memory_node(kind=NodeKind.REGIONAL_HUB, series=20)
    region.store.write(publish)
    above = Line(region)
    hub = replace(three.hub, peer=above)
    abroad = post_on(above, 30, settings=three.post.settings)
    abroad.store.write(lambda tx: keep_fact(tx, "country", "TH"))
    abroad.store.write(publish)
    enrol(hub, "http://region.example", give_code(region, "Vientiane"))
    enrol(abroad, "http://region.example", give_code(region, "Chiang Khong"))
    before = issued(three.post)
    renew(three.post, at_terminal(three.post))
    after = issued(three.post)
    three.exchange(three.post, hub, abroad)
    found = [three.state(one, abroad) for one in (before, after)]

    for node in (region, abroad, three.hub, three.post):
        assert isinstance(node.clock, TickingClock)
        node.clock.shift(timedelta(days=3))
    thief = key_of(three.post)
    report_lost(three.hub, administrator(three.hub), id_of(three.post), "2026-11-26", "Stolen")
    three.exchange(hub, abroad)

    assert found == ["valid", "valid"]
    assert [three.state(one, abroad) for one in (before, after)] == ["valid", "valid"]
    assert verify_payload(abroad, after, "en").key_lost == "2026-11-26"
    assert three.state(forged(after, thief, issued=date(2026, 11, 27)), abroad) == "key_lost"
    assert three.state(forged(after, thief, score=0.99), abroad) == "doubtful"


# --- enrolled again


def test_an_old_key_ends_when_its_post_is_enrolled_again(three: Places) -> None:
    before = issued(three.post)
    three.exchange()
    old = key_of(three.post)
    again = replace(three.post, keys=Ed25519Keys(b"\x33" * 32))
    settle(again)
    enrol(again, HUB_URL, give_code(three.hub, "", id_of(three.post)))
    three.pass_days(1)
    three.exchange(again, three.other)

    assert three.state(before) == "valid"
    assert three.state(forged(before, old, issued=date(2026, 11, 26))) == "key_ended"
    refused = exchange_once(three.post).error
    assert refused is not None
    assert refused.code == "peer.unknown-key"


# --- who says what of a key


def test_a_post_never_takes_its_own_key_from_outside_and_its_earlier_ones_only_narrowed(three: Places) -> None:
    old = three.post.keys.key_id
    renew(three.post, administrator(three.post))
    three.exchange(three.post)
    own = {row["key_id"]: row for row in of_node(three.post, TRUSTED_KEY, id_of(three.post))}
    wide = [
        {**one, "valid_until": None, "succeeded_by": None}
        for one in keyed(three.hub)
        if one["node"] == id_of(three.post)
    ]
    lost = [{**one, "lost_from": "2026-11-01", "node_name": "Thief"} for one in wide]

    three.post.store.write(lambda tx: keep_keys(tx, three.post, id_of(three.hub), wide))
    assert {row["key_id"]: row for row in of_node(three.post, TRUSTED_KEY, id_of(three.post))} == own
    three.post.store.write(lambda tx: keep_keys(tx, three.post, "a stranger", lost))
    assert {row["key_id"]: row for row in of_node(three.post, TRUSTED_KEY, id_of(three.post))} == own
    three.post.store.write(lambda tx: keep_keys(tx, three.post, id_of(three.hub), lost))
    found = {row["key_id"]: row for row in of_node(three.post, TRUSTED_KEY, id_of(three.post))}
    assert found == {**own, old: {**own[old], "lost_from": "2026-11-01"}}


def keyed(node: Node) -> list[dict[str, object]]:
    with node.store.reading() as tx:
        return keys_said(tx, set())


def test_only_who_vouched_for_a_key_or_the_hub_changes_what_is_known_of_it(three: Places) -> None:
    three.exchange()
    about_post = [one for one in keyed(three.hub) if one["node"] == id_of(three.post)]
    widened = [{**one, "lost_from": "2026-11-01"} for one in about_post]

    def lost() -> list[object]:
        return [row["lost_from"] for row in of_node(three.other, TRUSTED_KEY, id_of(three.post))]

    three.other.store.write(lambda tx: keep_keys(tx, three.other, "another hub", widened))
    assert lost() == [None]
    three.other.store.write(lambda tx: keep_keys(tx, three.other, id_of(three.hub), widened))
    assert lost() == ["2026-11-01"]


# --- records officers bring along


def test_a_record_signed_with_a_key_that_was_renewed_is_believed_and_one_of_a_lost_key_compared() -> None:
    three = places()
    noy = officer(three.post, name="Noy Vong", service_number="N-7")
    record(three.post, exam_passed(three.post, noy))
    file, code = file_of(three.post, noy)
    renew(three.post, at_terminal(three.post))
    three.exchange()
    chief = chief_of(three.other)

    assert arriving.look_at(three.other, chief, file, code).trusted
    report_lost(three.hub, administrator(three.hub), id_of(three.post), "2026-11-24", "Stolen")
    three.exchange(three.other)
    looked = arriving.look_at(three.other, chief, file, code)
    assert (looked.trusted, [part.trust for part in looked.parts]) == (False, ["lost"])
    with pytest.raises(Refused, match=r"carried\.unknown-key"):
        arriving.take_in(three.other, chief, file, code)
    assert arriving.take_in(three.other, chief, file, code, compared=True).person == noy


# --- the clock


def test_a_post_with_its_clock_in_1970_checks_without_a_lie(three: Places) -> None:
    before = issued(three.post)
    three.exchange()
    three.pass_days(2)
    after = issued(three.post)
    report_lost(three.hub, administrator(three.hub), id_of(three.post), "2026-11-25", "Stolen")
    three.exchange(three.other)
    assert isinstance(three.other.clock, TickingClock)
    three.other.clock.shift(timedelta(days=-20_700))

    found = [verify_payload(three.other, payload, "en") for payload in (before, after)]

    assert [(one.state, one.clock_doubtful) for one in found] == [("valid", True), ("key_lost", True)]


def test_a_certificate_dated_by_a_clock_that_was_wrong_is_not_an_unknown_issuers(three: Places) -> None:
    assert isinstance(three.post.clock, TickingClock)
    three.post.clock.shift(timedelta(days=-1500))
    payload = issued(three.post)
    three.exchange()

    found = verify_payload(three.other, payload, "en")

    assert (found.issued[:4], found.issue_doubtful) == ("2022", True)
    assert found.state == "expired"  # as is printed on it
