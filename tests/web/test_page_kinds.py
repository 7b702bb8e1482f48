"""Pages of every kind of question: hostile forms, no keys, the way of a scenario in an exam, stale translations."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from cast import officer
from kinds_course import COURSE, STRUCTURES, WORDS
from kinds_scenes import answer, check, kinds_package, kinds_site, ready_for_exam, wrong_answer
from web_scenes import Site, Visitor

from elearn.core.projections.attempts import ANSWER
from elearn.core.questions.all import kind_of
from elearn.services import learn, sit
from elearn.services.questions_shown import check_view

LESSON = f"/courses/{COURSE}/lessons/looking"
KIND = pytest.mark.parametrize("kind", list(STRUCTURES))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = kinds_site(tmp_path_factory.mktemp("kinds"))
    yield found
    found.node.store.close()


def reader(here: Site, language: str = "en") -> tuple[Visitor, str]:
    """Return a visitor whose lessons are open, and the person."""
    person = officer(here.node)
    sit.submit(here.node, person, sit.start(here.node, person, COURSE, "pretest", "en"), anyway=True)
    visitor = here.visitor(language)
    visitor.sign_in(here.number(person))
    visitor.get(LESSON)
    return visitor, person


def sitting(here: Site) -> tuple[Visitor, str, str]:
    """Return a visitor in the pre-test, the person and the attempt."""
    person = officer(here.node)
    attempt = sit.start(here.node, person, COURSE, "pretest", "en")
    visitor = here.visitor()
    visitor.sign_in(here.number(person))
    visitor.get(f"/sittings/{attempt}")
    return visitor, person, attempt


def card(page: str, question: str) -> str:
    """Return the part of a lesson's page that is one question."""
    return unescape(page[page.index(f'id="check-{question}"') :].partition("</form>")[0])


HOSTILE: list[dict[str, Any]] = [
    {},
    {"answer": ""},
    {"answer": ["a", "b", "c", "d", "e"]},
    {"answer": "<script>alert(1)</script>"},
    {"answer": "\x00\x01\x1b[31m"},
    {"answer": "\ud800".encode("utf-8", "surrogatepass")},
    {"answer": "a[,]b[.]c[:]d"},
    {"answer": "9" * 5000},
    {"answer": ["x" * 300] * 50},
    {"answer": "near", "node": "start"},
    {"answer": "a", "node": "near"},
    {"answer": "a", "node": "[.]start"},
    {"node": "start"},
    {"place-1": "1", "place-2": "1", "place-3": "1", "place-4": "1"},
    {"place-1": "0", "place-2": "-1", "place-3": "99999999999", "place-4": "²"},
    {"place-1": "1"},
    {"match-1": "99", "match-2": "x"},
    {"match-1": "¹", "match-2": "1"},
    {"answer": "a", "sure": "very"},
    {"answer": "12,5", "sure": ["sure", "not-sure"]},
]


@KIND
@pytest.mark.parametrize("form", HOSTILE, ids=[str(number) for number in range(len(HOSTILE))])
def test_a_hostile_form_is_answered_with_a_sentence_or_kept_as_what_it_says(
    here: Site, kind: str, form: dict[str, Any]
) -> None:
    visitor, _, attempt = sitting(here)

    response = visitor.post(f"/sittings/{attempt}/answers/p-{kind}", form)

    assert response.status_code in {302, 400}
    with here.node.store.reading() as tx:
        rows = tx.tables.select(ANSWER, {"attempt": attempt})
    assert (response.status_code == 302) == bool(rows)
    if response.status_code == 400:
        assert 'role="alert"' in response.text
        assert "<script>alert" not in response.text
    else:
        question = kinds_package(here.node).course.question(f"p-{kind}")
        assert kind_of(question).parse_response(question, rows[0]["response"]) == rows[0]["response"]
        assert "<script>alert" not in visitor.get(f"/sittings/{attempt}?question=p-{kind}").text


def test_a_page_names_the_lines_of_an_order_and_the_sides_of_pairs_by_where_they_stand(here: Site) -> None:
    visitor, _ = reader(here)
    page = visitor.get(LESSON).text

    order, match = card(page, "c-order"), card(page, "c-match")

    assert sorted(re.findall(r'name="(place-\d)"', order)) == [f"place-{number}" for number in range(1, 5)]
    texts = re.findall(r'class="part-text"[^>]*>([^<]+)<', order)
    assert sorted(texts) == ["Look 1", "Look 2", "Look 3", "Look 4"]
    assert texts != sorted(texts)
    assert set(re.findall(r'<option value="([^"]*)"', match)) == {"", "1", "2", "3"}
    for key in "abcdxyz":
        assert f'"{key}"' not in order + match


@pytest.mark.parametrize("language", list(WORDS))
def test_what_may_be_typed_and_what_is_said_stand_on_no_page_before_the_answer(here: Site, language: str) -> None:
    visitor, person = reader(here, language)
    words = WORDS[language]

    page = unescape(visitor.get(LESSON).text)

    told = (f"{words['why']} 1", f"{words['why']} {words['seal']}", f"{words['look']} {words['lorry']}")
    assert [one for one in told if one in page] == []
    assert f"{words['seal']} {words['car']}" not in page
    check(here.node, person, kinds_package(here.node).course.question("c-text"), ["nothing"], language)
    again = unescape(visitor.get(LESSON).text)
    assert told[2] in again
    assert f"{words['seal']} {words['car']}" not in again


def test_an_exam_under_way_tells_nothing_but_the_way_of_a_scenario(here: Site) -> None:
    visitor, person = reader(here)
    ready_for_exam_after_pretest(here, person)
    attempt = sit.start(here.node, person, COURSE, "exam", "en")
    for kind in STRUCTURES:
        question = kinds_package(here.node).course.question(f"e-{kind}")
        answer(here.node, person, attempt, question, wrong_answer(question))
        page = unescape(visitor.get(f"/sittings/{attempt}?question=e-{kind}").text)

        if kind == "scenario":
            assert page.count("Because") == 2
            assert "Unsafe step" in page
            assert 'name="answer"' not in page
        else:
            assert "Because 1" not in page
            assert "Because seal" not in page
            assert "Look lorry" not in page


def ready_for_exam_after_pretest(here: Site, person: str) -> None:
    for kind in STRUCTURES:
        check(here.node, person, kinds_package(here.node).course.question(f"c-{kind}"))
    learn.finish_lesson(here.node, person, COURSE, "looking", "en")


def test_after_each_step_the_same_question_is_shown_and_then_the_next(here: Site) -> None:
    visitor, _, attempt = sitting(here)
    send = f"/sittings/{attempt}/answers/p-scenario"

    first = visitor.post(send, {"node": "start", "answer": "a"})
    last = visitor.post(send, {"node": "near", "answer": "a"})
    page = visitor.get(last.headers["Location"])

    assert first.headers["Location"] == last.headers["Location"] == f"/sittings/{attempt}?question=p-scenario"
    assert "You came to a good end" in page.text
    assert f'href="/sittings/{attempt}"' in page.text
    assert "Save and go on" not in page.text


def test_how_sure_somebody_was_is_ticked_again(here: Site) -> None:
    visitor, _, attempt = sitting(here)
    visitor.post(f"/sittings/{attempt}/answers/p-choice", {"answer": "a", "sure": "fairly-sure"})

    page = visitor.get(f"/sittings/{attempt}?question=p-choice").text

    assert re.search(r'name="sure" value="fairly-sure" checked', page)
    assert page.count('name="sure"') == 3
    assert 'name="sure"' not in visitor.get(f"/sittings/{attempt}?question=p-multiple").text


@KIND
def test_a_stale_translation_has_its_source_beside_it(here: Site, kind: str) -> None:
    package = kinds_package(here.node)
    behind = {**package.translation, "th": {**package.translation["th"], "behind": [f"question/c-{kind}"]}}
    stale = replace(package, translation=behind)
    question = package.course.question(f"c-{kind}")
    with here.node.store.reading() as tx:
        shown = check_view(tx, package, question, wrong_answer(question), "th").question
        marked = check_view(tx, stale, question, wrong_answer(question), "th").question

    assert (shown.behind, marked.behind, shown.source_stem) == (False, True, "")
    assert marked.source_stem.startswith(("Which seal", "Look"))
    texts = _texts_with_source(marked.parts)
    assert all(source.startswith(("Look", "car", "lorry", "seal")) for _, source in texts)
    assert bool(texts) == (kind in {"choice", "multiple", "order", "match", "hotspot", "scenario"})


def _texts_with_source(part: Any) -> list[tuple[str, str]]:
    if isinstance(part, list):
        return [found for one in part for found in _texts_with_source(one)]
    if not isinstance(part, dict):
        return []
    mine = [(part["text"], part["source"])] if "source" in part else []
    return mine + [found for one in part.values() for found in _texts_with_source(one)]


@pytest.mark.parametrize("language", list(WORDS))
def test_every_kind_is_drawn_on_a_page_of_every_language(here: Site, language: str) -> None:
    visitor, person = reader(here, language)
    page = visitor.get(LESSON)

    assert page.status_code == 200
    assert len(page.get_data()) < 100_000
    for kind in STRUCTURES:
        text = card(page.text, f"c-{kind}")
        assert f'lang="{WORDS_TAG.get(language, language)}"' in text
        assert "gap-1}" not in text
        check(here.node, person, kinds_package(here.node).course.question(f"c-{kind}"), language=language)
    told = visitor.get(LESSON).text
    for kind in STRUCTURES:
        assert "choice-right" in card(told, f"c-{kind}")
        assert "choice-wrong" not in card(told, f"c-{kind}")


WORDS_TAG = {"zh_Hans": "zh-Hans"}


def test_the_exam_of_all_kinds_is_open_after_the_lessons(here: Site) -> None:
    person = officer(here.node)
    ready_for_exam(here.node, person)
    visitor = here.visitor()
    visitor.sign_in(here.number(person))

    assert "/exam" in visitor.get(f"/courses/{COURSE}").text
