"""The pages about keys: one's own is shown and renewed, a post's machine is reported lost; each says what it does."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from cast import TickingClock, officer
from exchange_scenes import HUB_URL, Line, hub_node, post_on, rows
from key_scenes import id_of, issued
from small_course import publish
from web_scenes import Site, Visitor

from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.app import create_app
from elearn.core.credential.payload import decode
from elearn.core.vocab.kept import KEY_SUCCESSION, TRUSTED_KEY
from elearn.services.carrying import key_signs
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once
from elearn.services.key_renewal import settle
from elearn.services.node import Node
from elearn.services.posts import give_code
from elearn.services.verify import verify_payload


@pytest.fixture
def line(tmp_path: Path) -> Line:
    hub = hub_node()
    return Line(replace(hub, phrases=GettextPhrases(hub.settings.translations, tmp_path / "hub")))


@pytest.fixture
def post(line: Line, tmp_path: Path) -> Node:
    node = post_on(line)
    node = replace(node, phrases=GettextPhrases(node.settings.translations, tmp_path / "post"))
    node.store.write(publish)
    enrol(node, HUB_URL, give_code(line.hub, "Huay Xai"))
    settle(node)
    return node


def text_of(page: str) -> str:
    """Return what a person reads, blanks as one."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def administrator(node: Node) -> Visitor:
    person = officer(node, "Chief", role="administrator", service_number=f"ADM-{node.ids.new()[:8]}-{node.ids.seed()}")
    return Site(node, create_app(node), {"administrator": person}).signed_in("administrator", "en")


def test_the_page_shows_the_key_in_groups_of_four_and_where_to_renew_it(post: Node) -> None:
    visitor = administrator(post)

    assert 'href="/this-post/key"' in visitor.get("/this-post").text
    shown = visitor.get("/this-post/key")
    assert key_signs(post.keys.key_id) in text_of(shown.text)
    assert 'href="/this-post/key/renew"' in shown.text
    assert "Earlier keys" not in shown.text


def test_looking_at_what_a_renewal_does_renews_nothing(post: Node) -> None:
    old = post.keys.key_id

    shown = text_of(administrator(post).get("/this-post/key/renew").text)

    assert f"The old key, {key_signs(old)}, is destroyed." in shown
    assert "No new code is needed." in shown
    assert post.keys.key_id == old
    assert rows(post, KEY_SUCCESSION) == []


def test_renewing_shows_the_new_key_and_the_earlier_one_and_the_hub_follows(post: Node, line: Line) -> None:
    old = post.keys.key_id
    visitor = administrator(post)
    visitor.get("/this-post/key/renew")

    answered = visitor.post("/this-post/key/renew")
    shown = text_of(visitor.get("/this-post/key").text)

    assert answered.status_code == 302
    assert post.keys.key_id != old
    assert f"Key {key_signs(post.keys.key_id)}" in shown
    assert f"{key_signs(old)} 24 November 2026" in shown
    assert exchange_once(post).ok
    assert key_signs(post.keys.key_id) in administrator(line.hub).get(f"/exchange/posts/{id_of(post)}/key").text


def test_a_lost_machine_is_reported_on_the_hubs_page_of_posts(post: Node, line: Line) -> None:
    early = issued(post)
    exchange_once(post)
    for node in (post, line.hub):
        assert isinstance(node.clock, TickingClock)
        node.clock.shift(timedelta(days=2))
    late = issued(post)
    visitor = administrator(line.hub)
    page = f"/exchange/posts/{id_of(post)}/key"

    assert f'href="{page}"' in visitor.get("/exchange").text
    assert "This machine was lost or stolen" in visitor.get(page).text
    exchange_once(post)
    answered = visitor.post(page, {"day": "2026-11-26", "reason": "Stolen from the car"})

    assert answered.status_code == 302
    assert "This machine was reported lost as of 26 November 2026." in text_of(visitor.get(page).text)
    [back] = re.findall(r'href="(/revocations/new\?[^"]+)"', unescape(visitor.get(page).text))
    found = text_of(visitor.get(back).text)
    numbers = [decode(one).claims.number for one in (early, late)]
    assert [one in found for one in numbers] == [False, True]
    assert "reported lost as of 26 November 2026" in text_of(visitor.get("/exchange").text)
    assert [verify_payload(line.hub, one, "en").state for one in (early, late)] == ["valid", "key_lost"]
    told = text_of(visitor.post("/verify", {"typed": late}).text)
    assert "Do not accept this certificate: its key was reported lost." in told
    exchange_once(post)
    assert "The hub was told that this machine was lost" in text_of(administrator(post).get("/exchange").text)


@pytest.mark.parametrize(
    ("day", "reason", "sentence"),
    [
        ("2027-01-01", "Stolen", "This day is still to come."),
        ("", "Stolen", "Type the day."),
        ("2026-11-24", "", "Write a reason."),
    ],
)
def test_a_report_with_something_missing_says_what_and_changes_nothing(
    post: Node, line: Line, day: str, reason: str, sentence: str
) -> None:
    visitor = administrator(line.hub)
    page = f"/exchange/posts/{id_of(post)}/key"
    visitor.get(page)

    answered = visitor.post(page, {"day": day, "reason": reason})

    assert answered.status_code == 400
    assert sentence in text_of(answered.text)
    assert f'value="{day}"' in answered.text
    assert {row["lost_from"] for row in rows(line.hub, TRUSTED_KEY)} == {None}


def test_a_post_that_is_none_of_this_hub_has_no_page(line: Line) -> None:
    assert administrator(line.hub).get("/exchange/posts/nobody/key").status_code == 404
