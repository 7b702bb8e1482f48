"""The pages on which certificates are printed many at once: for whom, what they say, in every language."""

import re
import time
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from cast import NoPress, officer
from press_cast import SHORT
from web_scenes import COURSE, Site, Visitor, site

from elearn.adapters.weasy_press import WeasyPress
from elearn.core.vocab.languages import LANGUAGES
from elearn.services import certificate_batches
from elearn.services.certify import certified
from elearn.services.operator import operator
from elearn.services.packages import current_package
from elearn.services.record import record_in, saying_for

PAGE = "/print/certificates"


class Standing(NoPress):
    """A press that says it could, and then cannot."""

    def missing(self) -> str | None:
        """Return that nothing is."""
        return None


def issued(here: Site, name: str, language: str = "en", **changes: Any) -> str:
    person = officer(here.node, name, **changes)

    def work(tx: Any) -> None:
        package, attempt = current_package(tx, COURSE), here.node.ids.new()
        saying = saying_for(tx, here.node, person)
        record_in(
            tx, here.node, certified(tx, here.node, saying, package, attempt=attempt, score=0.9, language=language)
        )

    here.node.store.write(work)
    return person


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("certificates"), press=Standing())
    for tag in LANGUAGES:
        issued(found, SHORT[tag], tag, agency="customs")
    issued(found, "Strange \U0001f600", agency="police")
    yield found
    found.node.batches.wait()  # type: ignore[attr-defined]
    found.node.store.close()


def shown(visitor: Visitor, url: str, status: int = 200) -> str:
    answer = visitor.get(url)
    assert answer.status_code == status
    return unescape(answer.text)


def test_how_many_and_which_not_is_said_before_anything_is_made(here: Site) -> None:
    page = shown(here.signed_in("coordinator"), PAGE)

    assert "7 certificates can be printed" in page
    assert "the name has signs that cannot be printed: 1" in page
    assert "Strange" in page
    assert "Make 7 certificates" in page
    assert shown(here.signed_in("administrator"), f"{PAGE}?agency=police").count("0 certificates can be printed") == 1


def test_what_makes_no_sense_is_said_on_the_page(here: Site) -> None:
    visitor = here.signed_in("coordinator")

    assert "is not a date" in shown(visitor, f"{PAGE}?from=yesterday", 400)
    assert "Turn the two dates around" in shown(visitor, f"{PAGE}?from=2026-11-02&to=2026-11-01", 400)
    visitor.get(PAGE)
    answer = visitor.post(PAGE, {"agency": "police"})
    assert answer.status_code == 400
    assert "There is no certificate like that to print." in answer.text


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_pages_stand_in_every_language_and_no_code_is_shown(here: Site, language: str) -> None:
    visitor = here.signed_in("administrator", language)
    page = shown(visitor, PAGE)
    batch = visitor.post(PAGE, {"agency": "customs", "form": "zip"}).headers["Location"]
    here.node.batches.wait()  # type: ignore[attr-defined]
    stopped = shown(visitor, batch)

    for text in (page, stopped):
        assert f'<html lang="{LANGUAGES[language].bcp47}">' in text
        assert not re.search(r"\b(press|printing|disk)\.[a-z]", text)
    assert "data-follow" not in stopped
    visitor.post(f"{batch}/delete")
    assert visitor.get(batch).status_code == 404


def test_one_that_stopped_says_why_and_can_go_on(here: Site) -> None:
    visitor = here.signed_in("coordinator")
    visitor.get(PAGE)
    batch = visitor.post(PAGE, {"agency": "customs"}).headers["Location"]
    here.node.batches.wait()  # type: ignore[attr-defined]
    page = shown(visitor, batch)

    assert "It stopped. What is made so far is kept." in page
    assert "This post cannot make PDF files." in page
    assert visitor.get(f"{batch}/file").status_code == 404
    assert visitor.post(f"{batch}/again").headers["Location"] == batch
    assert visitor.post(f"{batch}/delete").headers["Location"] == PAGE
    assert "The file was deleted" in shown(visitor, PAGE)


def test_a_trainer_sees_own_sessions_only_and_an_officer_nothing(here: Site) -> None:
    trainer = here.signed_in("trainer")
    page = shown(trainer, PAGE)

    assert "There is no session yet." in page
    assert "can be printed" not in page
    answer = trainer.post(PAGE, {"form": "pdf"})
    assert answer.status_code == 400
    assert "Choose one of them." in answer.text
    assert here.signed_in("officer").get(PAGE).status_code == 403
    assert PAGE not in here.signed_in("officer").get("/courses").text


def test_the_list_for_the_ceremony_is_a_page_to_print_where_there_is_no_press(here: Site) -> None:
    visitor = here.signed_in("coordinator")
    answer = visitor.get(f"{PAGE}/list.pdf?agency=customs&order=number")

    assert answer.status_code == 302
    printed = visitor.get(answer.headers["Location"])
    assert printed.status_code == 200
    assert "default-src 'none'" in printed.headers["Content-Security-Policy"]
    for name in SHORT.values():
        assert name in printed.text
    assert "Strange" not in printed.text


@pytest.mark.pango
def test_made_in_the_background_it_can_be_saved_by_those_who_may(tmp_path: Any) -> None:
    press = WeasyPress()
    there = site(tmp_path, press=press)
    try:
        issued(there, "Mara Lim")
        issued(there, "李娜", "zh_Hans")
        visitor = there.signed_in("coordinator")
        visitor.get(PAGE)
        batch = visitor.post(PAGE, {"form": "zip"}).headers["Location"]
        assert "data-follow" in visitor.get(batch).text
        end = time.monotonic() + 60
        while "It is ready." not in visitor.get(batch).text:
            assert time.monotonic() < end
            time.sleep(0.05)
        saved = visitor.get(f"{batch}/file")
        names = ZipFile(BytesIO(saved.data)).namelist()
        saved.close()

        assert saved.headers["Content-Disposition"].startswith("attachment; filename=certificates-all-")
        assert saved.headers["Cache-Control"] == "no-store"
        assert [name[20:] for name in names] == ["Mara Lim.pdf", "李娜.pdf"]
        assert there.signed_in("trainer").get(f"{batch}/file").status_code == 404
        assert there.signed_in("officer").get(f"{batch}/file").status_code == 403
        assert there.visitor().get(f"{batch}/file").status_code == 302
        assert visitor.get(f"{PAGE}/list.pdf").data.startswith(b"%PDF")
        assert len(certificate_batches.batches(there.node, operator(there.node))) == 1
    finally:
        press.close()
        there.node.store.close()
