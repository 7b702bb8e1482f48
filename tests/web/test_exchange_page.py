"""The administrator's page of the exchange, on a post and on a hub, and the light at the foot of every page."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from cast import NoNeighbours, memory_node, officer
from exchange_scenes import HUB_URL, Line, exam_passed, hub_node, let_pass, numbered_officer, post_on, put_back, rows
from web_scenes import Site, Visitor

from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.app import create_app
from elearn.core.vocab.kept import PEER
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.xapi.statement import Statement
from elearn.ports import Neighbour
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once
from elearn.services.node import Node
from elearn.services.posts import codes, give_code
from elearn.services.receiving import NOT_FOLDED, OTHER_CONTENT, OTHER_NODE, OTHER_PLACE
from elearn.services.receiving_people import LOCAL_ACCOUNT, MALFORMED, NUMBER_TAKEN, OTHER_COUNTRY
from elearn.services.record import record
from elearn.web.sentences import SENTENCES

CODE = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}\b")


@pytest.fixture
def line(tmp_path: Path) -> Line:
    hub = hub_node()
    return Line(replace(hub, phrases=GettextPhrases(hub.settings.translations, tmp_path / "hub")))


@pytest.fixture
def post(line: Line, tmp_path: Path) -> Node:
    node = memory_node(series=1, peer=line)
    return replace(node, phrases=GettextPhrases(node.settings.translations, tmp_path / "post"))


def administrator(node: Node, language: str = "en") -> Visitor:
    person = officer(node, "Chief", role="administrator", service_number=f"ADM-{node.ids.seed()}")
    return Site(node, create_app(node), {"administrator": person}).signed_in("administrator", language)


def text_of(page: str) -> str:
    """Return what a person reads, blanks as one."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_post_is_enrolled_by_typing_address_and_code(post: Node, line: Line) -> None:
    visitor = administrator(post)
    before = text_of(visitor.get("/exchange").text)

    answered = visitor.post("/exchange/enrol", {"url": "hub.example", "code": give_code(line.hub, "Huay Xai").lower()})
    after = text_of(visitor.get("/exchange").text)

    assert "Everything is kept on this machine." in before
    assert answered.status_code == 302
    assert "Vientiane http://hub.example" in after
    assert "This post is enrolled." in after


@pytest.mark.parametrize(
    ("url", "code", "sentence"),
    [
        ("hub.example", "K7QD", "This code is too short or too long."),
        ("hub.example", "0000-0000-0000-0000-0000", "This code is not right."),
        ("ftp://hub", "0000-0000-0000-0000-0000", "This is not the address of a hub."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    post: Node, line: Line, url: str, code: str, sentence: str
) -> None:
    visitor = administrator(post)
    visitor.get("/exchange")

    answered = visitor.post("/exchange/enrol", {"url": url, "code": code})

    assert answered.status_code == 400
    assert sentence in text_of(answered.text)
    assert f'value="{url}"' in answered.text
    assert f'value="{code}"' in answered.text
    assert rows(post, PEER) == []


def test_the_light_says_what_waits_and_what_is_confirmed(post: Node, line: Line) -> None:
    enrol(post, HUB_URL, give_code(line.hub, "Huay Xai"))
    let_pass(post, 2)
    visitor = administrator(post)

    waiting = text_of(visitor.get("/exchange").text)
    visitor.post("/exchange/now")
    confirmed = text_of(visitor.get("/exchange").text)

    assert waiting.count("2 records are kept here and wait for a line to Vientiane.") == 2
    assert "Vientiane has confirmed all records." in confirmed
    assert "up to number 2" in confirmed


def test_without_a_line_the_page_says_that_nothing_is_lost(post: Node, line: Line) -> None:
    enrol(post, HUB_URL, give_code(line.hub, "Huay Xai"))
    let_pass(post, 1)
    line.calls_left = 0
    visitor = administrator(post)
    visitor.get("/exchange")

    visitor.post("/exchange/now")
    shown = visitor.get("/exchange").text

    assert "There is no line to the hub at the moment. Nothing is lost" in text_of(shown)
    assert 'class="light light-waiting"' in shown


def test_a_refusal_is_red_and_says_what_to_do(post: Node, line: Line) -> None:
    enrol(post, HUB_URL, give_code(line.hub, "Huay Xai"))
    let_pass(post, 3)
    line.hub.store.write(lambda tx: tx.tables.delete(PEER, {}))
    exchange_once(post)

    shown = administrator(post).get("/exchange").text

    assert shown.count('class="light light-bad"') == 2
    assert "3 records are kept here, but Vientiane does not take them. Tell your administrator." in text_of(shown)
    assert "Ask it for a new code and enrol again." in text_of(shown)


def test_a_machine_put_back_says_what_was_fetched_and_what_went_behind(post: Node, line: Line) -> None:
    enrol(post, HUB_URL, give_code(line.hub, "Huay Xai"))
    let_pass(post, 1)
    exchange_once(post)
    restored = put_back(post, 70)
    let_pass(post, 3)
    exchange_once(post)
    older = restored()
    let_pass(older, 2)
    exchange_once(older)

    shown = text_of(administrator(older).get("/exchange").text)

    assert "Records fetched back from the hub: 3." in shown
    assert "Records made here since the copy, now behind them: 2." in shown
    assert "twice within a month" not in shown


def test_a_copy_beside_the_original_is_named_on_both_pages_with_the_way_out(post: Node, line: Line) -> None:
    enrol(post, HUB_URL, give_code(line.hub, "Huay Xai"))
    let_pass(post, 1)
    exchange_once(post)
    copy = put_back(post, 70)()
    for machine in (post, copy, post, copy):
        let_pass(machine, 1)
        exchange_once(machine)
        line.hub.clock.shift(timedelta(hours=1))

    for node in (copy, line.hub):
        shown = text_of(administrator(node).get("/exchange").text)
        assert "twice within a month" in shown
        assert "start it with an empty data folder" in shown


@pytest.mark.parametrize(
    ("talk", "sentence"), [(1, "The hub has an older elearn."), (3, "The hub has a newer elearn.")]
)
def test_another_version_says_which_side_to_update(
    post: Node, line: Line, talk: int, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(post, HUB_URL, give_code(line.hub, "Huay Xai"))
    let_pass(post, 1)
    monkeypatch.setattr("elearn.core.sync.talk.TALK", talk)

    exchange_once(post)

    assert sentence in text_of(administrator(post).get("/exchange").text)


def test_a_code_is_shown_once(line: Line) -> None:
    visitor = administrator(line.hub)
    visitor.get("/exchange")

    made = CODE.findall(visitor.post("/exchange/codes", {"post_name": "Boten"}).text)
    again = CODE.findall(visitor.get("/exchange").text)

    assert len(made) == 1
    assert again == []
    assert [(one.post_name, one.state) for one in codes(line.hub)] == [("Boten", "open")]


def test_a_hub_shows_its_posts_silent_ones_first(line: Line) -> None:
    for series, name in ((1, "Huay Xai"), (2, "Boten")):
        node = post_on(line, series)
        enrol(node, HUB_URL, give_code(line.hub, name))
        let_pass(node, series)
        exchange_once(node)
        line.hub.clock.shift(timedelta(days=40 if series == 1 else 0))

    shown = text_of(administrator(line.hub).get("/exchange").text)

    assert "silent for 40 days" in shown
    assert "in contact" in shown
    assert shown.index("silent for 40 days") < shown.index("in contact")


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_whole_page_stands_in_every_language(line: Line, tag: str) -> None:
    posts = [post_on(line, series) for series in (1, 2)]
    for node in posts:
        enrol(node, HUB_URL, give_code(line.hub, "A post"))
    person = numbered_officer(posts[0])
    statement = exam_passed(posts[0], person)
    record(posts[0], statement)
    exchange_once(posts[0])
    other = exam_passed(posts[1], numbered_officer(posts[1]))
    record(posts[1], Statement({**other.body, "id": statement.id}))
    exchange_once(posts[1])

    pages = [administrator(node, tag).get("/exchange") for node in (line.hub, posts[1])]

    for page in pages:
        assert page.status_code == 200
        assert statement.id in page.text
        assert f'lang="{LANGUAGES[tag].bcp47}"' in page.text
        assert "statement.other-content" not in page.text


@pytest.mark.parametrize(
    ("days", "said"),
    [(40, "behind the clock of the hub by 1 month."), (-3, "ahead of the clock of the hub by 3 days."), (0, None)],
)
def test_a_clock_that_is_wrong_is_told_by_how_much(post: Node, line: Line, days: int, said: str | None) -> None:
    enrol(post, HUB_URL, give_code(line.hub, "Huay Xai"))
    line.hub.clock.shift(timedelta(days=days))
    exchange_once(post)

    shown = text_of(administrator(post).get("/exchange").text)

    assert ("The clock of this machine is " + said in shown) if said else ("The clock of this machine" not in shown)


def test_every_reason_why_something_is_kept_apart_has_a_sentence() -> None:
    of_entries = {OTHER_CONTENT, OTHER_PLACE, OTHER_NODE, NOT_FOLDED, "statement.malformed"}
    of_people = {NUMBER_TAKEN, LOCAL_ACCOUNT, OTHER_COUNTRY, MALFORMED}

    assert (of_entries | of_people) - SENTENCES.keys() == set()


def test_a_hub_found_on_the_network_fills_in_its_address(tmp_path: Path) -> None:
    class Near(NoNeighbours):
        def find(self, seconds: float) -> list[Neighbour]:
            return [Neighbour("Vientiane <b>", "http://192.168.1.7:8100")]

    node = memory_node(neighbours=Near())
    visitor = administrator(replace(node, phrases=GettextPhrases(node.settings.translations, tmp_path / "post")))
    visitor.get("/exchange")

    shown = visitor.post("/exchange/look").text

    assert "Vientiane &lt;b&gt;" in shown
    address = "/exchange?url=http://192.168.1.7:8100"
    assert f'href="{address}"' in shown
    assert 'value="http://192.168.1.7:8100"' in visitor.get(address).text
