"""The pages about certificates: finding, taking back, issuing anew, and two administrators for many."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from cast import PIN, TickingClock, officer, settings, sqlite_node
from revoking_scenes import certified_many
from web_scenes import Site, Visitor, pass_exam, read_everything, site

from elearn.adapters.files import FolderCourses
from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.app import create_app
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.vocab.kept import ACCOUNT
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.tables import Span


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], str]:
    """Publish the courses and let the officer pass once: (folder, role -> person, number)."""
    folder = tmp_path_factory.mktemp("made")
    found = site(folder)
    read_everything(found, found.people["officer"])
    pass_exam(found, found.people["officer"])
    with found.node.store.reading() as tx:
        [row] = tx.tables.select(CERTIFICATE)
    found.node.store.close()
    return folder, found.people, str(row["number"])


@pytest.fixture
def here(made: tuple[Path, dict[str, str], str], tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "copy"
    copytree(made[0], folder)
    chosen = settings(folder)
    courses, words = FolderCourses(chosen.courses), GettextPhrases(chosen.translations, folder / "translations")
    node = sqlite_node(folder, series=3, course_files=courses, phrases=words)
    yield Site(node, create_app(node), made[1])
    node.store.close()


@pytest.fixture
def number(made: tuple[Path, dict[str, str], str]) -> str:
    return made[2]


def taken(here: Site) -> set[str]:
    with here.node.store.reading() as tx:
        return {row["number"] for row in tx.tables.select(CERTIFICATE, {"revoked_at": Span()})}


def second(here: Site) -> Visitor:
    """Return another administrator, signed in."""
    visitor = here.visitor()
    visitor.sign_in(here.number(officer(here.node, "Dara Sok", role="administrator")))
    return visitor


def text(page: Any) -> str:
    return unescape(re.sub(r"\s+", " ", page.text))


def hidden(page: Any, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', page.text)
    assert found is not None
    return unescape(found[1])


def test_a_certificate_is_found_and_taken_back_with_a_reason(here: Site, number: str) -> None:
    visitor = here.signed_in("administrator")

    found = visitor.get("/issued?words=Person+of+officer")
    one = visitor.get(f"/issued/{number}")
    without = visitor.post(f"/issued/{number}/revoke", {"kind": "", "reason": "x"})
    empty = visitor.post(f"/issued/{number}/revoke", {"kind": "other", "reason": " "})
    before = taken(here)
    done = visitor.post(f"/issued/{number}/revoke", {"kind": "other", "reason": "Told by the hotline"})
    after = text(visitor.get(f"/issued/{number}"))

    assert number in found.text
    assert "cannot be made good again" in text(one)
    assert (without.status_code, "Choose a reason." in text(without)) == (400, True)
    assert (empty.status_code, "Write a reason." in text(empty), before) == (400, True, set())
    assert (done.status_code, taken(here)) == (302, {number})
    assert "Told by the hotline" in after
    assert "Person of administrator" in after
    assert "/revoke" not in after


def test_the_officer_reads_that_it_was_taken_back_and_whom_to_ask(here: Site, number: str) -> None:
    chief = here.signed_in("administrator")
    chief.get(f"/issued/{number}")
    chief.post(f"/issued/{number}/revoke", {"kind": "identity", "reason": "Told by the hotline"})
    own = here.signed_in("officer")

    home, record, course = (text(own.get(url)) for url in ("/courses", "/record", "/courses/interdiction"))

    assert "A certificate of yours was taken back." in home
    assert "Ask your administrator why." in record
    assert "Your certificate for this course was taken back" in course
    assert "hotline" not in home + record + course
    assert "hotline" not in own.get("/record/copy.json").text


def test_issued_anew_the_officer_has_the_newer_one(here: Site, number: str) -> None:
    chief = here.signed_in("administrator")
    chief.get(f"/issued/{number}")

    done = chief.post(f"/issued/{number}/reissue")
    new = done.headers["Location"].rsplit("/", 1)[1]
    old_page, own = text(chief.get(f"/issued/{number}")), here.signed_in("officer")
    record = own.get("/record")

    assert new != number
    assert "A newer certificate stands in its place. Open the newer one." in old_page
    assert [f"/certificates/{one}" in record.text for one in (new, number)] == [True, False]
    assert "A newer certificate stands in its place." in text(record)
    again = chief.post(f"/issued/{number}/reissue")
    assert again.status_code == 403
    assert taken(here) == {number}


def test_a_certificate_dated_1970_is_found_on_the_clocks_page_and_issued_anew(here: Site) -> None:
    assert isinstance(here.node.clock, TickingClock)
    here.node.clock.shift(timedelta(days=1))  # past all that was recorded before the folder was copied
    then = replace(here.node, clock=TickingClock(datetime(1970, 1, 2, tzinfo=UTC)))
    [number] = certified_many(then, 1, here.people["officer"])
    chief = here.signed_in("administrator")

    clock, old = chief.get("/this-post/clock"), text(chief.get(f"/issued/{number}"))
    own = text(here.signed_in("officer").get("/record"))
    done = chief.post(f"/issued/{number}/reissue")
    new = text(chief.get(done.headers["Location"]))

    assert f'href="/issued/{number}"' in clock.text
    assert own.count("Ask your administrator to issue it anew.") == 1
    assert "The clock was in doubt when it was issued" in old
    assert ("1970" in old, "The clock was in doubt" in new) == (True, False)
    assert number not in chief.get("/this-post/clock").text


def test_many_are_taken_back_by_two_administrators(here: Site) -> None:
    numbers = certified_many(here.node, 12, here.people["officer"], "evidence")
    maker, other = here.signed_in("administrator"), second(here)

    listed = maker.get("/issued?course=evidence")
    form = maker.get("/revocations/new?course=evidence")
    filled = {"course": "evidence", "digest": hidden(form, "digest"), "kind": "key", "reason": "Stolen"}
    wrong = maker.post("/revocations/new", {**filled, "kind": ""})
    made = maker.post("/revocations/new", filled)
    url = made.headers["Location"]
    own = text(maker.get(url))
    refused = maker.post(f"{url}/approve", {"digest": filled["digest"], "pin": PIN})
    told, page = text(other.get("/issued")), other.get(url)
    no_pin = other.post(f"{url}/approve", {"digest": filled["digest"], "pin": "000000"})
    before = taken(here)
    done = other.post(f"{url}/approve", {"digest": filled["digest"], "pin": PIN})

    assert "Take back all 12 certificates" in text(listed)
    assert "12 certificates would be taken back" in text(form)
    assert (wrong.status_code, made.status_code) == (400, 302)
    assert "Another administrator has to approve it" in own
    assert (refused.status_code, "Another administrator has to approve it." in text(refused)) == (403, True)
    assert "An administrator proposes to take many certificates back." in told
    assert "Proposals to take back (1)" in told
    assert "Approve: take back 12 certificates" in text(page)
    assert (no_pin.status_code, before) == (403, set())
    assert (done.status_code, taken(here)) == (302, set(numbers))
    assert "Done: 12 certificates were taken back." in text(maker.get(url))
    assert "Approved by" in text(maker.get(url))


def test_the_only_administrator_reads_how_to_get_a_second_one(here: Site) -> None:
    certified_many(here.node, 3, here.people["officer"], "evidence")
    maker = here.signed_in("administrator")

    form = text(maker.get("/revocations/new?course=evidence"))

    assert "You are the only administrator here." in form
    assert 'href="/officers"' in form


def test_who_is_no_administrator_any_more_is_kept_out_at_the_next_click(here: Site) -> None:
    numbers = certified_many(here.node, 3, here.people["officer"], "evidence")
    maker, other = here.signed_in("administrator"), second(here)
    form = maker.get("/revocations/new?course=evidence")
    filled = {"course": "evidence", "digest": hidden(form, "digest"), "kind": "key"}
    url = maker.post("/revocations/new", filled).headers["Location"]
    other.get(url)
    with here.node.store.reading() as tx:
        [account] = [
            one
            for one in tx.tables.select(ACCOUNT, {"role": "administrator"})
            if one["person"] not in here.people.values()
        ]
    here.node.store.write(lambda tx: tx.tables.put(ACCOUNT, {**account, "role": "coordinator"}))

    answer = other.post(f"{url}/approve", {"digest": filled["digest"], "pin": PIN})

    assert (answer.status_code, taken(here), len(numbers)) == (403, set(), 3)


def test_a_list_that_changed_is_shown_again(here: Site) -> None:
    certified_many(here.node, 3, here.people["officer"], "evidence")
    maker = here.signed_in("administrator")
    form = maker.get("/revocations/new?course=evidence")
    certified_many(here.node, 1, here.people["officer"], "evidence")

    answer = maker.post(
        "/revocations/new", {"course": "evidence", "digest": hidden(form, "digest"), "kind": "key", "reason": ""}
    )

    assert (answer.status_code, "The list is not the one you saw" in text(answer)) == (400, True)
    assert "4 certificates would be taken back" in text(answer)


@pytest.mark.parametrize("url", ["/issued?since=2026-99", "/issued?since=2026-12-01&until=2026-01-01"])
def test_days_that_are_none_are_said_and_not_guessed(here: Site, url: str) -> None:
    answer = here.signed_in("administrator").get(url)

    assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)


def test_the_pages_answer_in_every_language(here: Site, number: str) -> None:
    certified_many(here.node, 2, here.people["officer"], "evidence")
    maker = here.signed_in("administrator")
    form = maker.get("/revocations/new?course=evidence")
    filled = {"course": "evidence", "digest": hidden(form, "digest"), "kind": "key"}
    made = maker.post("/revocations/new", filled).headers["Location"]
    for language in LANGUAGES:
        visitor = here.signed_in("administrator", language)
        urls = ("/issued", f"/issued/{number}", "/revocations", "/revocations/new?course=evidence", made)
        pages = [visitor.get(url) for url in urls]

        assert [page.status_code for page in pages] == [200] * 5
        assert all(f'<html lang="{LANGUAGES[language].bcp47}">' in page.text for page in pages)
