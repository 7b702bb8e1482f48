"""The pages of refreshers without JavaScript: a shift's questions from the home page to the end, on a shared PC."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from answers import form_of, stages
from cast import officer
from refresher_scenes import DAY, later
from web_scenes import Site, Visitor, pass_exam, read_everything, site, start_exam

from elearn.core.projections.refreshers import REFRESHER_SET
from elearn.core.vocab.kept import QUESTION_TEXT

_ACTION = re.compile(r'<form[^>]*action="(/refreshers[^"]*)"')
_KEY = re.compile(r'name="answer" value="([a-z])"')


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("refreshers"))
    yield found
    found.node.store.close()


def learned(here: Site, days: int = 3) -> str:
    """Return an officer who passed some days ago."""
    person = officer(here.node)
    read_everything(here, person)
    pass_exam(here, person)
    later(here.node, days * DAY)
    return person


def signed_in(here: Site, person: str, language: str = "en") -> Visitor:
    visitor = here.visitor(language)
    visitor.sign_in(here.number(person))
    return visitor


def cards_of(here: Site, person: str) -> list[dict[str, Any]]:
    with here.node.store.reading() as tx:
        cards: list[dict[str, Any]] = tx.tables.select(REFRESHER_SET, {"subject": person})[0]["cards"]
    return cards


def form_for(here: Site, person: str, place: int, right: bool = True) -> dict[str, Any]:
    """Return what a page sends for an answer to the card at a place, from 1, whatever kind its question is of."""
    card = cards_of(here, person)[place - 1]
    course = here.package().course
    return form_of(course.question(card["id"]), tuple(card["options"]), stages(course, card["id"], right)[-1])


def begin(visitor: Visitor) -> str:
    """Press Begin on the home page; return the address of the set."""
    page = visitor.get("/courses")
    assert _ACTION.findall(page.text) == ["/refreshers"]
    return visitor.post("/refreshers").headers["Location"]


def secrets(here: Site, language: str = "en") -> dict[str, str]:
    """Return every text of feedback of the course: words -> question."""
    with here.node.store.reading() as tx:
        rows = tx.tables.select(QUESTION_TEXT, {"digest": here.package().digest, "language": language})
    # Scenarios are not asked in a shift; their feedback lies a level deeper.
    told = ((words, row["question"]) for row in rows for words in row["words"].get("feedback", {}).values())
    return {words: question for words, question in told if words and isinstance(words, str)}


def test_a_shift_goes_from_the_home_page_over_five_questions_to_its_end(here: Site) -> None:
    person = learned(here)
    visitor = signed_in(here, person)
    told = secrets(here)
    one_set = begin(visitor)
    url, answered = visitor.get(one_set).headers["Location"], 0
    while True:
        page = visitor.get(url)
        assert [words for words in told if words in unescape(page.text)] == []
        answered += 1
        response = visitor.post(url, form_for(here, person, answered))
        assert (response.status_code, response.headers["Location"]) == (302, url)
        page = visitor.get(url)
        assert 'role="status"' in page.text
        assert [words for words in told if words in unescape(page.text)] != []
        fields = re.findall(r"<(?:input|select)[^>]*>", page.text.split('class="question', 1)[-1])
        assert [one for one in fields if 'name="answer"' in one and " disabled" not in one] == []
        following = re.findall(r'<a class="button" href="(/refreshers/[^"]+)"', page.text)[0]
        if following == one_set:
            break
        url = following
    end = visitor.get(one_set)

    assert answered == 5
    assert "Done for this shift." in end.text
    assert re.search(r"\d of 5 questions right\.", end.text)
    assert "The next questions are offered from" in visitor.get("/courses").text
    assert visitor.post("/refreshers").status_code == 403
    record = visitor.get("/record").text
    assert "1 set answered." in record
    assert record.count(f'href="{one_set}"') == 1


def test_an_empty_answer_is_told_at_the_question_and_nothing_is_kept(here: Site) -> None:
    visitor = signed_in(here, learned(here))
    url = visitor.get(begin(visitor)).headers["Location"]
    response = visitor.post(url, {})

    assert response.status_code == 400
    assert "Choose an answer first." in response.text
    assert "0 answers saved" in response.text


def test_two_officers_on_one_pc_go_on_each_with_their_own_set(here: Site) -> None:
    noy, kham = learned(here, days=0), learned(here)
    of_noy, of_kham = signed_in(here, noy), signed_in(here, kham)
    sets = {person: begin(visitor) for person, visitor in ((noy, of_noy), (kham, of_kham))}
    first = {
        person: visitor.get(sets[person]).headers["Location"] for person, visitor in ((noy, of_noy), (kham, of_kham))
    }
    keys = _KEY.findall(of_noy.get(first[noy]).text)
    of_noy.post(first[noy], {"answer": keys[:1]})

    assert "1 answer saved" in of_noy.get(first[noy]).text
    assert "0 answers saved" in of_kham.get(first[kham]).text
    # The same browser, another officer: what the other's address shows is nothing.
    assert of_kham.get(sets[noy]).status_code == 404
    assert of_kham.get(first[noy]).status_code == 404
    assert of_kham.post(first[noy], {"answer": keys[:1]}).status_code == 404
    # Signed out in the middle and in again, on another browser: the set is where it was left.
    again = here.visitor()
    again.sign_in(here.number(noy))
    assert "4 questions are left." in again.get("/courses").text
    assert again.get(sets[noy]).headers["Location"].endswith("/2")


def test_an_exam_under_way_keeps_its_questions_out_of_refreshers(here: Site) -> None:
    # So late that the certificate can be renewed by another exam.
    person = learned(here, days=680)
    visitor = signed_in(here, person)
    one_set = begin(visitor)
    url = visitor.get(one_set).headers["Location"]
    start_exam(here, person)

    held_back = visitor.get(url)
    assert held_back.status_code == 403
    assert "an exam in its course is under way" in unescape(held_back.text)
    assert "Nothing was answered in this set." in visitor.get(one_set).text
    assert "Questions for this shift" not in visitor.get("/courses").text


def test_a_set_answers_in_every_language(here: Site) -> None:
    person = learned(here)
    one_set = begin(signed_in(here, person))
    for place, language in enumerate(("km", "lo", "my", "th", "vi"), 1):
        visitor = signed_in(here, person, language)
        page = visitor.get(f"{one_set}/{place}")
        assert [words for words in secrets(here, language) if words in unescape(page.text)] == []
        assert visitor.post(f"{one_set}/{place}", form_for(here, person, place)).status_code == 302
        page = visitor.get(f"{one_set}/{place}")
        assert f'<html lang="{language}">' in page.text
        assert [words for words in secrets(here, language) if words in unescape(page.text)] != []
    end = signed_in(here, person, "zh_Hans").get(one_set)

    assert end.status_code == 200
    assert '<html lang="zh-Hans">' in end.text


def test_before_anything_is_learned_the_home_page_says_nothing_of_refreshers(here: Site) -> None:
    visitor = here.visitor()
    visitor.sign_in(here.number(officer(here.node)))

    assert "Questions for this shift" not in visitor.get("/courses").text
    assert visitor.post("/refreshers").status_code == 403


def test_what_was_wrong_names_the_lesson_to_read_again(here: Site) -> None:
    person = learned(here)
    visitor = signed_in(here, person)
    one_set = begin(visitor)
    for place, _ in enumerate(cards_of(here, person), 1):
        visitor.get(f"{one_set}/{place}")
        visitor.post(f"{one_set}/{place}", form_for(here, person, place, right=False))
    end = visitor.get(one_set)
    links = set(re.findall(r'href="(/courses/[^"]+/lessons/[^"]+)"', end.text))

    assert "0 of 5 questions right." in end.text
    assert links
    assert all(visitor.get(link).status_code == 200 for link in links)
