"""A session in a classroom, page by page: made, printed, keyed in twice, settled, and the certificate is there."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from answers import stages
from cast import officer
from page_reader import Reader
from web_scenes import COURSE, Site, Visitor, crawl, site

from elearn.core.learning.paper import letters_of
from elearn.core.vocab.languages import LANGUAGES
from elearn.services.attempts import attempt_of
from elearn.services.paper_sessions import sheet_row

_CODE = re.compile(r"/sheets/([0-9A-Z]{4}-[0-9A-Z]{4})")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("paper"))
    yield found
    found.node.store.close()


def new_session(visitor: Visitor) -> str:
    visitor.get("/sessions")
    form = {"course": COURSE, "held_on": "2026-11-24", "place": "Room 2", "minutes": "45"}
    return str(visitor.post("/sessions", form).headers["Location"])


def with_a_sheet(here: Site, visitor: Visitor, person: str) -> tuple[str, str]:
    """Return (address of a new session, code of the sheet of somebody who was there)."""
    url = new_session(visitor)
    visitor.get(url)
    visitor.post(f"{url}/officers", {"who": [person]})
    visitor.post(f"{url}/sheets")
    visitor.post(f"{url}/list", {f"said-{person}": "present", f"was-{person}": ""})
    found = _CODE.search(visitor.get(url).text)
    assert found
    return url, found[1]


def right_marks(here: Site, code: str) -> dict[str, list[str]]:
    with here.node.store.reading() as tx:
        row = sheet_row(tx, code)
        found = attempt_of(tx, row["person"], row["attempt"])
    course = found.package.course
    return {
        f"q-{number}": list(letters_of(one.options, stages(course, one.id)[-1]))
        for number, one in enumerate(found.drawn, start=1)
    }


def passed(here: Site) -> int:
    with here.node.store.reading() as tx:
        return sum(entry.statement.verb.endswith("/passed") for entry in tx.ledger.every())


def test_a_session_from_the_first_page_to_the_certificate(here: Site) -> None:
    noy = officer(here.node, "Noy Vong", language="km")
    trainer, second = here.signed_in("trainer"), here.signed_in("administrator")
    before = passed(here)
    url, code = with_a_sheet(here, trainer, noy)
    for papers in ("attendance", "sheets", "booklets"):
        answer = trainer.get(f"{url}/{papers}.pdf")
        assert answer.headers["Location"] == f"{url}/{papers}/print"  # no press here
        printed = trainer.get(f"{url}/{papers}/print")
        assert printed.status_code == 200
        assert "style-src 'unsafe-inline'" in printed.headers["Content-Security-Policy"]
    assert code in trainer.get(f"{url}/sheets/print").text

    own = here.visitor()
    own.sign_in(here.number(noy))
    assert "Your answers are being keyed in." in own.get(f"/courses/{COURSE}").text
    assert "You wrote this exam on paper." in own.post(f"/courses/{COURSE}/exam").text

    marks = right_marks(here, code)
    assert trainer.get(f"/sheets?code={code.lower()}").headers["Location"] == f"/sheets/{code}"
    assert trainer.post(f"/sheets/{code}", {**marks, "q-3": []}).headers["Location"] == "/sheets"
    assert "another person" in trainer.get(f"/sheets/{code}").text
    assert trainer.post(f"/sheets/{code}", marks).status_code == 403
    second.get("/sheets")
    assert second.post(f"/sheets/{code}", marks).headers["Location"] == f"/sheets/{code}"
    page = unescape(second.get(f"/sheets/{code}").text)
    assert "Person of trainer read: –" in page
    assert f"Person of administrator read: {''.join(marks['q-3'])}" in page
    assert page.count("<fieldset") == 1
    assert second.post(f"/sheets/{code}/settle", {}).status_code == 400
    assert passed(here) == before
    assert second.post(f"/sheets/{code}/settle", {"take-3": "second"}).headers["Location"] == "/sheets"

    assert passed(here) == before + 1
    record = own.get("/record").text
    assert "Room 2" in record
    assert record.count("Open the certificate") == 1
    assert own.get(f"/courses/{COURSE}").text.count("Open the certificate") == 1
    assert trainer.post(f"/sheets/{code}", marks).status_code == 403


def test_the_pages_of_a_session_name_their_languages_and_hold_nothing_inline(here: Site) -> None:
    noy = officer(here.node, "Sok Dara", language="my")
    url, code = with_a_sheet(here, here.signed_in("trainer"), noy)
    for language in ("en", "km", "my"):
        visitor = here.signed_in("administrator", language)
        for page in (url, "/sessions", "/sheets", f"/sheets/{code}", "/sheets?code=x"):
            text = visitor.get(page).text
            reader = Reader(text)
            assert reader.inline == [], page
            assert reader.tags <= {"", *(row.bcp47 for row in LANGUAGES.values())}
            assert len(text.encode()) < 100_000
            foreign = [one for lang, one in reader.texts if re.search(r"[\u1000-\u109f]", one) and lang != "my"]
            assert foreign == [], page


def test_an_officer_reaches_no_page_of_a_session_and_no_page_tells_a_sheet(here: Site) -> None:
    noy = officer(here.node, "Aye Aye")
    url, code = with_a_sheet(here, here.signed_in("trainer"), noy)
    own = here.visitor()
    own.sign_in(here.number(noy))

    for page in ("/sessions", url, f"{url}/booklets/print", f"{url}/sheets.pdf", "/sheets", f"/sheets/{code}"):
        assert own.get(page).status_code == 403, page
    assert not [page for page, answer in crawl(own, "/").items() if code in answer.text]


def test_a_stale_form_of_another_trainer_takes_nothing_back(here: Site) -> None:
    noy = officer(here.node, "Lao One")
    trainer, other = here.signed_in("trainer"), here.signed_in("administrator")
    url, code = with_a_sheet(here, trainer, noy)
    trainer.post(f"{url}/list", {f"said-{noy}": "absent", f"was-{noy}": "present"})
    other.get(url)

    other.post(f"{url}/list", {f"said-{noy}": "present", f"was-{noy}": "present"})

    assert "was withdrawn" in other.get(f"/sheets?code={code}").text


def test_a_form_with_mistakes_says_so_beside_each_field(here: Site) -> None:
    visitor = here.signed_in("trainer")
    visitor.get("/sessions")

    answer = visitor.post("/sessions", {"course": COURSE, "held_on": "x", "place": "", "minutes": "many"})

    assert answer.status_code == 400
    assert answer.text.count('class="field-error"') == 3
