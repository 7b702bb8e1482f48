"""Setting up, signing in, changing users and PINs, choosing a language: as a browser does it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from account_scenes import CHIEF_PIN, FORM, bare_node
from cast import PIN, TickingClock, officer
from web_scenes import Site, site

from elearn.app import create_app
from elearn.services.setting_up import one_time_link_secret

ELSEWHERE = (
    "http://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "///evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "\t//evil.example",
    "/\t/evil.example",
    "evil.example",
)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("accounts"))
    yield found
    found.node.store.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    node = bare_node(tmp_path)
    yield Site(node, create_app(node), {})
    node.store.close()


def form() -> dict[str, Any]:
    return {
        "node_name": FORM.node_name,
        "country": "KH",
        "agency": "police",
        "languages": ["km", "en"],
        "name": FORM.name,
        "service_number": FORM.service_number,
        "pin": CHIEF_PIN,
        "pin_again": CHIEF_PIN,
        "sex": "female",
        "rank_band": "senior",
    }


def test_before_set_up_every_page_leads_to_the_waiting_one(fresh: Site) -> None:
    visitor = fresh.visitor()

    assert visitor.get("/").headers["Location"] == "/set-up"
    assert visitor.get("/courses").headers["Location"] == "/set-up"
    assert visitor.get("/set-up").status_code == 200


def test_the_set_up_link_works_once(fresh: Site) -> None:
    visitor, link = fresh.visitor(), f"/set-up/{one_time_link_secret(fresh.node)}"

    assert visitor.get(link).status_code == 200
    assert visitor.post(link, form()).headers["Location"] == "/sign-in"
    assert visitor.get(link).headers["Location"] == "/"
    assert visitor.get("/set-up").headers["Location"] == "/"
    again = visitor.post(link, {**form(), "node_name": "Another"})
    assert again.headers["Location"] == "/"
    assert "Another" not in visitor.get("/sign-in").text
    assert visitor.sign_in(FORM.service_number, CHIEF_PIN).status_code == 302


def test_a_guessed_set_up_link_is_refused(fresh: Site) -> None:
    one_time_link_secret(fresh.node)
    visitor = fresh.visitor()
    answer = visitor.get("/set-up/guessed")

    assert answer.status_code == 403
    assert "not valid any more" in answer.text


def test_set_up_says_everything_that_is_wrong_at_once_and_keeps_what_was_typed(fresh: Site) -> None:
    visitor, link = fresh.visitor(), f"/set-up/{one_time_link_secret(fresh.node)}"
    visitor.get(link)
    answer = visitor.post(link, {**form(), "pin": "123456", "pin_again": "123456", "country": "", "name": ""})

    assert answer.status_code == 400
    assert "3 fields need another look" in answer.text
    assert FORM.node_name in answer.text
    assert "123456" not in answer.text.replace("Not a date, not 123456.", "")
    assert visitor.get("/sign-in").headers["Location"] == "/set-up"


def test_a_wrong_pin_and_an_unknown_number_read_the_same(here: Site) -> None:
    number = here.number(officer(here.node))
    wrong = here.visitor(address="192.0.2.20").sign_in(number, "000111")
    unknown = here.visitor(address="192.0.2.21").sign_in("NOBODY-1", "000111")

    assert (wrong.status_code, unknown.status_code) == (403, 403)
    assert "The service number or the PIN is not right." in wrong.text
    assert wrong.text.replace(number, "").count("alert") == unknown.text.count("alert")
    assert "000111" not in wrong.text


def test_after_wrong_tries_even_the_right_pin_has_to_wait(here: Site) -> None:
    number = here.number(officer(here.node))
    visitor = here.visitor(address="192.0.2.30")
    for _ in range(8):
        visitor.sign_in(number, "000111")
    kept_out = visitor.sign_in(number)

    assert kept_out.status_code == 403
    assert "Try again in" in kept_out.text
    assert isinstance(here.node.clock, TickingClock)
    here.node.clock.shift(timedelta(days=1))
    assert visitor.sign_in(number).status_code == 302


def test_the_next_officer_at_the_pc_sees_nothing_of_the_one_before(here: Site) -> None:
    first, second = officer(here.node, "First Officer"), officer(here.node, "Second Officer")
    visitor = here.visitor()
    visitor.sign_in(here.number(first))
    assert "First Officer" in visitor.get("/record").text
    left = visitor.post("/sign-out")
    kept_out = visitor.get("/record")
    visitor.sign_in(here.number(second))

    assert left.headers["Location"] == "/sign-in"
    assert kept_out.headers["Location"].startswith("/sign-in?next=/record")
    assert "Second Officer" in visitor.get("/record").text
    assert "First Officer" not in visitor.get("/record").text


def test_signing_out_ends_the_session_also_for_a_copied_cookie(here: Site) -> None:
    visitor = here.signed_in("officer")
    cookie = visitor.client.get_cookie("elearn_session")
    assert cookie is not None
    visitor.post("/sign-out")
    thief = here.visitor()
    thief.client.set_cookie("elearn_session", cookie.value)

    assert thief.get("/courses").status_code == 302


def test_a_pin_given_by_others_must_be_changed_before_anything_else(here: Site) -> None:
    person = officer(here.node, must_change_pin=1)
    visitor = here.visitor()
    visitor.sign_in(here.number(person))

    for url in ("/", "/courses", "/record", "/glossary", "/search"):
        assert visitor.get(url).headers["Location"] == "/pin"
    assert visitor.post("/pin", {"old": PIN, "new": "862951", "again": "862952"}).status_code == 400
    assert visitor.post("/pin", {"old": PIN, "new": "123456", "again": "123456"}).status_code == 400
    assert visitor.post("/pin", {"old": PIN, "new": "862951", "again": "862951"}).headers["Location"] == "/"
    assert visitor.get("/courses").status_code == 200
    assert here.visitor().sign_in(here.number(person), "862951").status_code == 302


def test_a_changed_pin_ends_the_officers_other_sessions(here: Site) -> None:
    person = officer(here.node)
    one, other = here.visitor(), here.visitor()
    one.sign_in(here.number(person))
    other.sign_in(here.number(person))
    one.post("/pin", {"old": PIN, "new": "862951", "again": "862951"})

    assert one.get("/courses").status_code == 200
    assert other.get("/courses").status_code == 302


def test_a_language_chosen_before_signing_in_stays(here: Site) -> None:
    person = officer(here.node, language="th")
    visitor = here.visitor()
    visitor.get("/sign-in")
    visitor.post("/language", {"language": "km", "next": "/sign-in"})
    assert 'lang="km"' in visitor.get("/sign-in").text
    visitor.sign_in(here.number(person))

    assert '<html lang="km">' in visitor.get("/courses").text


def test_a_language_chosen_after_signing_in_is_kept_for_the_account(here: Site) -> None:
    person = officer(here.node)
    visitor = here.visitor()
    visitor.sign_in(here.number(person))
    visitor.post("/language", {"language": "vi", "next": "/courses"})
    elsewhere = here.visitor()
    elsewhere.client.delete_cookie("elearn_language")
    elsewhere.sign_in(here.number(person))

    assert '<html lang="vi">' in visitor.get("/courses").text
    assert '<html lang="vi">' in elsewhere.get("/courses").text


def test_without_a_choice_the_browser_says_the_language(here: Site) -> None:
    visitor = here.visitor()
    visitor.client.delete_cookie("elearn_language")

    for said, tag in (("my", "my"), ("zh-CN,zh;q=0.9", "zh-Hans"), ("lo-LA,lo", "lo"), ("fr", "en")):
        page = visitor.get("/sign-in", headers={"Accept-Language": said})
        assert f'<html lang="{tag}">' in page.text


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_to_another_site(here: Site, target: str) -> None:
    signing_in, choosing = here.visitor(), here.visitor()
    landed = signing_in.sign_in(here.number(here.people["officer"]), url="/sign-in?next=" + target.replace("\t", "%09"))
    choosing.get("/sign-in")
    chosen = choosing.post("/language", {"language": "en", "next": target})

    assert landed.headers["Location"] == "/"
    assert chosen.headers["Location"] == "/"


def test_after_signing_in_one_is_where_one_wanted_to_be(here: Site) -> None:
    visitor = here.visitor()
    asked = visitor.get("/search?q=seal").headers["Location"]

    assert visitor.sign_in(here.number(here.people["officer"]), url=asked).headers["Location"] == "/search?q=seal"


@pytest.mark.parametrize(("tag", "note"), [("en", ""), ("km", "ការបកប្រែព្រាង"), ("zh_Hans", "译文草稿")])
def test_a_page_whose_words_nobody_has_reviewed_says_so(here: Site, tag: str, note: str) -> None:
    page = here.visitor(tag).get("/sign-in").text

    assert note in page
    assert (note != "") is ('<p class="soft">' in page.split("<footer")[1])
