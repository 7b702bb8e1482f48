"""The follow-up as officers and colleagues meet it: offered in time, nothing to write, no answer seen by others."""

import re

import pytest
from cast import memory_node, officer
from figures_scenes import passed
from followup_scenes import shift, ticked
from small_course import publish
from web_scenes import NOT_ALLOWED, Site, Visitor

from elearn.app import create_app
from elearn.core.vocab.followup import STOPPED, USED
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.roles import Role
from elearn.services.followup import follow_ups_held
from elearn.services.record import record

COURSE = "seals"
FORM = f"/courses/{COURSE}/follow-up"
LIST = "/follow-ups"


@pytest.fixture
def here() -> Site:
    node = memory_node()
    node.store.write(publish)
    return Site(node, create_app(node), {role.value: officer(node, role.value, role=role.value) for role in Role})


def graduate(here: Site, days: int = 90, language: str = "en", name: str = "Noy Vong") -> tuple[Visitor, str]:
    """Return (visitor, person) of somebody who passed so many days ago."""
    person = officer(here.node, name)
    record(here.node, passed(here.node, person, here.node.now(), course=COURSE))
    shift(here.node, days)
    visitor = here.visitor(language)
    visitor.sign_in(here.number(person))
    return visitor, person


def said(here: Site, person: str) -> list[tuple[str, tuple[str, ...], str]]:
    with here.node.store.reading() as tx:
        return [(one.used, one.stopped, one.seen) for one in follow_ups_held(tx, person)]


def test_it_is_offered_on_two_pages_from_day_80_until_it_is_answered(here: Site) -> None:
    visitor, person = graduate(here, 79)
    pages = ("/courses", f"/courses/{COURSE}")
    early = [FORM in visitor.get(url).text for url in pages]
    shift(here.node, 1)
    visitor.sign_in(here.number(person))
    due = [FORM in visitor.get(url).text for url in pages]
    visitor.get(FORM)
    answered = visitor.post(FORM, ticked("more", "time", "equipment"))

    assert (early, due) == ([False, False], [True, True])
    assert (answered.status_code, answered.headers["Location"]) == (302, f"/courses/{COURSE}")
    assert "Your answer is kept" in visitor.get(f"/courses/{COURSE}").text
    assert [FORM in visitor.get(url).text for url in pages] == [False, False]
    assert said(here, person) == [("more", ("equipment", "time"), "")]
    record_page = visitor.get("/record").text
    assert "More than once" in record_page
    assert "Equipment was missing" in record_page


def test_after_day_150_the_home_page_asks_no_more_and_the_course_still_offers_it(here: Site) -> None:
    visitor, _ = graduate(here, 151)

    assert FORM not in visitor.get("/courses").text
    assert FORM in visitor.get(f"/courses/{COURSE}").text
    assert visitor.get(FORM).status_code == 200


def test_the_form_has_no_field_to_write_in_and_says_why(here: Site) -> None:
    visitor, _ = graduate(here)
    page = visitor.get(FORM).text
    inside = page.split('<form method="post" action="' + FORM)[1].split("</form>")[0]
    fields = re.findall(r'<input type="(\w+)" name="(\w+)" value="([\w-]+)"', inside)

    assert "nothing about cases or persons belongs here" in page
    assert "textarea" not in inside
    assert 'type="text"' not in inside
    assert [value for _, name, value in fields if name == "used"] == list(USED)
    assert [value for _, name, value in fields if name == "stopped"] == list(STOPPED)


def test_what_is_missing_is_told_and_what_was_chosen_is_still_there(here: Site) -> None:
    visitor, person = graduate(here)
    visitor.get(FORM)
    answer = visitor.post(FORM, {"used": "once", "stopped": ["nothing", "time"]})

    assert answer.status_code == 400
    assert "alone, or what did stop you" in answer.text
    assert 'value="once" checked' in answer.text
    assert 'value="time" checked' in answer.text
    assert said(here, person) == []


def test_sending_it_twice_is_answering_once(here: Site) -> None:
    visitor, person = graduate(here)
    visitor.get(FORM)
    visitor.post(FORM, ticked("more"))
    again = visitor.post(FORM, ticked("never"))

    assert (again.status_code, again.headers["Location"]) == (302, f"/courses/{COURSE}")
    assert said(here, person) == [("more", ("nothing",), "")]


def test_too_early_it_is_refused_with_a_sentence(here: Site) -> None:
    visitor, _ = graduate(here, 10)

    assert "opens 80 days after the exam" in visitor.get(FORM).text


def test_colleagues_confirm_without_seeing_any_answer(here: Site) -> None:
    visitor, person = graduate(here, name="Noy Of The List")
    visitor.get(FORM)
    chief = here.signed_in("coordinator")
    before = chief.get(LIST).text
    visitor.post(FORM, ticked("never", "authority"))
    after = chief.get(LIST).text

    assert re.sub(r'name="csrf" value="[^"]+"', "", before) == re.sub(r'name="csrf" value="[^"]+"', "", after)
    assert "Noy Of The List" in after
    assert "1 word about a colleague is due." in chief.get("/courses").text
    chief.get(LIST)
    assert chief.post(f"{LIST}/{person}/{COURSE}", {"seen": "yes"}).headers["Location"] == LIST
    again = chief.post(f"{LIST}/{person}/{COURSE}", {"seen": "no"})
    assert again.status_code == 302
    assert "It is asked only once." in chief.get(LIST).text
    assert "Nothing to confirm now." in chief.get(LIST).text
    assert "about a colleague is due" not in chief.get("/courses").text
    assert said(here, person) == [("never", ("authority",), "yes")]
    assert "Seen used correctly, a colleague says" in visitor.get("/record").text


def test_an_officer_neither_sees_the_list_nor_confirms(here: Site) -> None:
    _, other = graduate(here)
    visitor, person = graduate(here)

    assert NOT_ALLOWED in visitor.get(LIST).text
    assert NOT_ALLOWED in visitor.post(f"{LIST}/{other}/{COURSE}", {"seen": "yes"}).text
    assert LIST not in visitor.get("/courses").text
    assert said(here, other) == []
    assert person != other


def test_nobody_confirms_the_own_skill(here: Site) -> None:
    chief = here.people["trainer"]
    record(here.node, passed(here.node, chief, here.node.now(), course=COURSE))
    shift(here.node, 90)
    visitor = here.signed_in("trainer")

    assert "Nothing to confirm now." in visitor.get(LIST).text
    assert "cannot confirm your own skill" in visitor.post(f"{LIST}/{chief}/{COURSE}", {"seen": "yes"}).text
    assert said(here, chief) == []


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_form_and_list_answer_in_every_language_and_are_light(here: Site, language: str) -> None:
    visitor, _ = graduate(here, language=language)
    chief = here.signed_in("administrator", language)
    for page in (visitor.get(FORM), chief.get(LIST)):
        assert page.status_code == 200
        assert f'<html lang="{LANGUAGES[language].bcp47}">' in page.text
        assert len(page.data) < 100_000
