"""The satisfaction form as an officer meets it: offered, never forced, whole or told what is missing."""

import re
from collections.abc import Iterator

import pytest
from cast import officer
from satisfaction_scenes import in_the_box, let_pass, responses, said, settled
from web_scenes import COURSE, Site, Visitor, crawl, pass_exam, read_everything, site

from elearn.core.vocab.kept import BALLOT
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.roles import Role
from elearn.core.vocab.satisfaction import HELPED, ITEMS, LEAST
from elearn.services import satisfaction

FORM = f"/courses/{COURSE}/satisfaction"
_CHECKED = re.compile(r'<input type="radio" name="([^"]+)" value="([^"]+)" checked>')


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("satisfaction"))
    yield found
    found.node.store.close()


@pytest.fixture(autouse=True)
def empty_box(here: Site) -> Iterator[None]:
    yield
    here.node.store.write(lambda tx: tx.tables.delete(BALLOT, {}))


def graduate(here: Site, language: str = "en") -> tuple[Visitor, str, str]:
    """Return (visitor, person, attempt) of somebody who has just passed."""
    person = officer(here.node)
    read_everything(here, person)
    attempt, _ = pass_exam(here, person)
    visitor = here.visitor(language)
    visitor.sign_in(here.number(person))
    return visitor, person, attempt


def test_the_form_is_offered_on_three_pages_until_it_is_answered(here: Site) -> None:
    visitor, _, attempt = graduate(here)
    pages = (f"/results/{attempt}", f"/courses/{COURSE}", "/courses")
    assert [FORM in visitor.get(url).text for url in pages] == [True] * 3

    visitor.get(FORM)
    answered = visitor.post(FORM, said())

    assert (answered.status_code, answered.headers["Location"]) == (302, f"/courses/{COURSE}")
    assert "Your answer is in the box" in visitor.get(f"/courses/{COURSE}").text
    assert [FORM in visitor.get(url).text for url in pages] == [False] * 3


def test_who_has_not_passed_is_not_offered_it(here: Site) -> None:
    person = officer(here.node)
    visitor = here.visitor()
    visitor.sign_in(here.number(person))

    assert not any("satisfaction" in url for url in crawl(visitor, "/"))
    refused = visitor.get(FORM)
    assert refused.status_code == 403
    assert "when you have passed the exam" in refused.text


def test_the_certificate_does_not_wait_for_the_form(here: Site) -> None:
    visitor, _, attempt = graduate(here)

    page = visitor.get(f"/results/{attempt}")

    assert "Open the certificate" in page.text
    assert page.text.index("Open the certificate") < page.text.index(FORM)


def test_what_is_missing_is_told_at_its_place_and_what_was_chosen_is_kept(here: Site) -> None:
    visitor, person, _ = graduate(here)
    visitor.get(FORM)

    page = visitor.post(FORM, said(useful="5", fair="", helped=""))

    assert page.status_code == 400
    assert "Some questions have no answer yet" in page.text
    assert re.findall(r'id="e-([^"]+)">([^<]+)<', page.text) == [
        ("fair", "Choose a number from 1 to 5."),
        ("helped", "Choose one of these."),
    ]
    assert dict(_CHECKED.findall(page.text)) == {"useful": "5", "understood": "4", "fitting": "4", "easy": "4"}
    assert (in_the_box(here.node), [one for one in settled(here.node) if one[0] == person]) == ([], [])


@pytest.mark.parametrize(
    "typed",
    ["", "no such thing", "a\x00b\u202e", "<script>alert(1)</script>", "-99999999999999999999", "5 5", "ក" * 3000],
)
def test_whatever_is_sent_in_its_place_the_form_comes_back(here: Site, typed: str) -> None:
    visitor, _, _ = graduate(here)
    visitor.get(FORM)

    page = visitor.post(FORM, dict.fromkeys([*ITEMS, "helped"], typed))

    assert page.status_code == 400
    assert page.text.count("field-error") == 6
    assert "checked" not in page.text
    assert "<script>alert" not in page.text
    assert in_the_box(here.node) == []


def test_the_form_asks_everything_by_radio_buttons_and_has_no_field_to_write_in(here: Site) -> None:
    visitor, _, _ = graduate(here)

    page = visitor.get(FORM).text

    radios = re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)"', page)
    expected = [(item, str(value)) for item in ITEMS for value in range(1, 6)]
    assert radios == [*expected, *(("helped", key) for key in HELPED)]
    assert "checked" not in page
    main = page[page.index("<main") : page.index("</main>")]
    assert "<textarea" not in main
    assert set(re.findall(r'<input type="([^"]+)"', main)) == {"radio", "hidden"}
    assert main.count("<fieldset") == main.count("<legend") == 6


def test_declining_ends_the_asking(here: Site) -> None:
    visitor, person, _ = graduate(here)
    visitor.get(FORM)

    visitor.post(f"{FORM}/decline")

    assert "You will not be asked about this course again." in visitor.get(f"/courses/{COURSE}").text
    assert FORM not in visitor.get("/courses").text
    assert (person, COURSE) in {(one, course) for one, course, _ in settled(here.node)}
    assert in_the_box(here.node) == []


@pytest.mark.parametrize("address", [FORM, f"{FORM}/decline"])
def test_sending_it_twice_is_answering_once(here: Site, address: str) -> None:
    visitor, _, _ = graduate(here)
    visitor.get(FORM)
    visitor.post(FORM, said())

    again = visitor.post(address, said(1))

    assert (again.status_code, again.headers["Location"]) == (302, f"/courses/{COURSE}")
    assert "It is asked only once." in visitor.get(f"/courses/{COURSE}").text
    assert [ballot["answers"]["ratings"]["useful"] for ballot in in_the_box(here.node)] == [4]


def test_a_form_without_its_token_is_refused(here: Site) -> None:
    visitor, _, _ = graduate(here)
    visitor.token = "somebody else's"

    assert visitor.post(FORM, said()).status_code == 403
    assert in_the_box(here.node) == []


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_form_and_explanation_answer_in_every_language(here: Site, language: str) -> None:
    visitor, _, _ = graduate(here, language)
    for url in (FORM, "/satisfaction/anonymous"):
        page = visitor.get(url)
        assert page.status_code == 200
        assert f'<html lang="{LANGUAGES[language].bcp47}">' in page.text
        assert len(page.data) < 100_000


def test_the_explanation_says_what_is_not_promised(here: Site) -> None:
    visitor, _, _ = graduate(here)

    page = visitor.get("/satisfaction/anonymous").text

    assert "/satisfaction/anonymous" in visitor.get(FORM).text
    assert "What we cannot promise" in page
    assert "Fewer than five are never recorded and never sent" in page


def test_no_page_of_anybody_shows_a_ballot_that_waits(here: Site) -> None:
    """Looked for by ballot id, and by whatever a page could say of a box that is not full."""
    people = let_pass(here.node, LEAST - 1)
    for person in people:
        satisfaction.answer(here.node, person, COURSE, said(2, "equipment"))
    ids = [ballot["id"] for ballot in in_the_box(here.node)]
    assert len(ids) == LEAST - 1

    for role in Role:
        pages = crawl(here.signed_in(role.value), "/", "/satisfaction/anonymous", language="en")
        for url, page in pages.items():
            if page.mimetype != "text/html":
                continue
            assert not any(mark in page.text for mark in ids), url
            assert "Better equipment or a better line" not in page.text, url


def test_five_officers_later_the_answers_are_in_the_ledger_and_name_nobody(here: Site) -> None:
    before = len(responses(here.node))
    visitors = [graduate(here)[0] for _ in range(LEAST)]
    for visitor in visitors:
        visitor.get(FORM)
        visitor.post(FORM, said())

    assert len(responses(here.node)) == before + LEAST
    assert {one.actor for one in responses(here.node)} == {"anonymous"}
