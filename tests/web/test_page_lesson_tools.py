"""What stands around the text of a lesson: meanings of its terms, a second language beside it, without JavaScript."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from cast import settings
from web_scenes import COURSE, Site, read_everything, site

from elearn.adapters.files import FolderCourses
from elearn.core.vocab.kept import LESSON_PAGE
from elearn.core.vocab.languages import LANGUAGES
from elearn.services import author, learn

_TERM = re.compile(r'<a class="term" href="#([^"]+)"')
_ID = re.compile(r'\bid="([^"]+)"')
LIMIT = 100_000


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("lesson_tools"))
    read_everything(found, found.people["officer"])
    yield found
    found.node.store.close()


def addresses(here: Site) -> list[str]:
    return [
        address
        for one in here.package().course.lessons
        for address in (f"/courses/{COURSE}/lessons/{one.id}", f"/read/{COURSE}/{one.id}/")
    ]


def doubled(page: str) -> list[str]:
    ids = _ID.findall(page)
    return sorted({one for one in ids if ids.count(one) > 1})


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_term_of_a_lesson_has_its_meaning_on_the_page(here: Site, language: str) -> None:
    visitor = here.signed_in("officer", language)
    glossary = here.package().words(language)["glossary"]
    linked = 0
    for address in addresses(here):
        page = visitor.get(address + language if address.endswith("/") else address).text
        for target in _TERM.findall(page):
            linked += 1
            note = page[page.index(f'id="{target}"') :]
            assert glossary[target.removeprefix("term-")]["meaning"] in unescape(note), (address, target)
            assert f'lang="{LANGUAGES[language].bcp47}"' in note[:200]
        assert doubled(page) == [], address

    assert linked > 20


@pytest.mark.parametrize(("language", "second"), [("km", "en"), ("en", "my"), ("zh_Hans", "th")])
def test_a_second_language_stands_beside_the_first_paragraph_by_paragraph(
    here: Site, language: str, second: str
) -> None:
    visitor = here.signed_in("officer", language)
    for address in addresses(here):
        url = f"{address}{language if address.endswith('/') else ''}?beside={second}"
        page = visitor.get(url)
        rows = page.text.split('<div class="beside-row">')[2:]
        first, other = LANGUAGES[language].bcp47, LANGUAGES[second].bcp47

        assert len(rows) > 5
        for number, row in enumerate(rows, 1):
            assert row.startswith(f'<div lang="{first}">')
            assert f'<div class="beside-second" lang="{other}">' in row
            assert f'id="p{number}"' in row.partition("beside-second")[0]
            assert f'id="{other.lower()}-p{number}"' in row.partition("beside-second")[2]
        assert doubled(page.text) == [], url
        assert len(page.data) < LIMIT


def test_the_second_language_is_kept_in_the_address_and_goes_along(here: Site) -> None:
    visitor = here.signed_in("officer")
    lessons = here.package().course.lessons
    one = next(place for place, lesson in enumerate(lessons) if place and lesson.checks)
    url = f"/courses/{COURSE}/lessons/{lessons[one].id}?beside=th"
    page = visitor.get(url).text
    form = re.findall(r'action="([^"]+/checks/[^"]+)"', page)[0]
    answer = visitor.post(unescape(form), {})

    assert f'href="/courses/{COURSE}/lessons/{lessons[one - 1].id}?beside=th"' in page
    assert form.endswith("?beside=th")
    assert "beside-row" in answer.text or "beside=th" in answer.headers["Location"]
    assert "beside-row" not in visitor.get(url.partition("?")[0]).text


@pytest.mark.parametrize("wanted", ["en", "xx", "", "../x", "<script>"])
def test_a_language_that_cannot_stand_beside_is_left_away(here: Site, wanted: str) -> None:
    lesson = here.package().course.lessons[0].id
    answer = here.signed_in("officer").get(f"/courses/{COURSE}/lessons/{lesson}", query_string={"beside": wanted})

    assert answer.status_code == 200
    assert "beside-row" not in answer.text
    assert "<script>" not in answer.text


def test_reading_aloud_is_hidden_until_a_voice_was_found(here: Site) -> None:
    lesson = here.package().course.lessons[0].id
    page = here.signed_in("officer", "zh_Hans").get(f"/courses/{COURSE}/lessons/{lesson}").text
    box = re.findall(r'<div class="read-aloud"[^>]*>', page)

    assert len(box) == 1
    assert 'data-read-aloud="zh-Hans"' in box[0]
    assert box[0].endswith(" hidden>")


def test_a_trainer_sees_in_the_preview_which_terms_are_found(here: Site) -> None:
    visitor = here.signed_in("trainer")
    lessons = [one.id for one in here.package().course.lessons]
    pages = [visitor.get(f"/workshop/{COURSE}/preview/{one}/th").text for one in lessons]

    for page in pages:
        assert {f'id="{target}"' in page for target in _TERM.findall(page)} <= {True}
    assert sum(len(_TERM.findall(page)) for page in pages) > 10


def test_terms_change_nothing_that_is_kept(here: Site) -> None:
    """Packages and their pages are what they were: the links are made for the reader."""
    lesson = here.package().course.lessons[0].id
    digest = here.package().digest
    shown = learn.lesson(here.node, here.people["officer"], COURSE, lesson, "en")

    with here.node.store.reading() as tx:
        row = tx.tables.get(LESSON_PAGE, digest, lesson, "en")
    assert row is not None
    assert shown.terms
    assert 'class="term"' in shown.html
    assert re.sub(r'<a class="term"[^>]*>(.*?)</a>', r"\1", shown.html) == row["html"]


def test_a_stale_paragraph_has_its_source_beside_it_without_being_asked_for(tmp_path: Path) -> None:
    found = site(tmp_path)
    stale, fresh = (one.id for one in found.package().course.lessons[:2])
    courses = tmp_path / "courses"
    shutil.copytree(settings(tmp_path).courses / COURSE, courses / COURSE)
    text = courses / COURSE / "en" / f"{stale}.md"
    parts = text.read_text(encoding="utf-8").split("\n\n")
    text.write_text("\n\n".join([parts[0], f"{parts[1]} One more sentence.", *parts[2:]]), encoding="utf-8")
    author.publish_all(replace(found.node, course_files=FolderCourses(courses)))
    read_everything(found, found.people["officer"])
    visitor = found.signed_in("officer", "km")

    for address in (f"/courses/{COURSE}/lessons/{{}}", f"/read/{COURSE}/{{}}/km"):
        marked = visitor.get(address.format(stale)).text.split("beside-stale")[1:]
        assert len(marked) == 1, address
        assert 'id="p2"' in marked[0]
        assert "One more sentence." in marked[0].partition('id="en-p2"')[2].partition("beside-row")[0]
        assert "beside-row" not in visitor.get(f"{address.format(stale)}?beside=").text
        assert "beside-stale" not in visitor.get(f"{address.format(stale)}?beside=th").text
        assert "beside-row" not in visitor.get(address.format(fresh)).text
    found.node.store.close()
