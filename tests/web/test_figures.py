"""The coordinator's page: the same numbers as the files, protected, drawn and worded in all seven languages."""

import csv
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from figures_scenes import train
from web_scenes import Site, Visitor, site

from elearn.core.stats.measures import DIMENSIONS
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.xapi.verbs import EXPORTED


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("figures"))
    train(found.node, 12, "2026-03-05", sex="female", agency="customs", course="interdiction")
    train(found.node, 15, "2026-04-05", agency="police", post="ປ້ອມ <ຫ້ວຍຊາຍ> & Co")
    train(found.node, 3, "2026-04-06", agency="narcotics", language="km")
    yield found
    found.node.store.close()


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("empty"))
    yield found
    found.node.store.close()


@pytest.fixture(scope="module")
def bopha(here: Site) -> Visitor:
    return here.signed_in("coordinator")


class Tables(HTMLParser):
    """Rows of all tables of a page as lists of texts, and every element with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._in_cell = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1] += data.strip()


def rows_of(page: str) -> list[list[str]]:
    return Tables(page).rows


def test_the_page_shows_who_was_trained_and_hides_what_points_at_persons(bopha: Visitor) -> None:
    page = bopha.get("/figures").text
    rows = rows_of(page)

    assert "<b>30</b>" in page
    assert re.search(r"<b>0</b>Certificates: Valid for more than 90 days", page)
    assert ["Female", "12", "12", "40.0%"] in rows
    assert ["Police", "15", "15", "50.0%"] in rows
    assert ["Narcotics control", "not shown", "not shown", "not shown"] in rows
    assert ["Customs", "not shown", "not shown", "not shown"] in rows
    assert ["Total", "30", "30", ""] in rows
    # Printed, the 15 men of the police would tell the 3 of narcotics control: all men but them.
    assert ["Police", "not shown", "not shown", "15"] in rows
    assert ["Total", "12", "18", "30"] in rows


def test_the_page_tells_outcomes_and_areas_of_the_action_plan_by_code_and_words(empty: Site) -> None:
    train(empty.node, 8, "2025-02-05", course="money", outcome="TA2-O7")
    year = "from=2025&to=2025"

    page = empty.signed_in("coordinator").get(f"/figures?outcome=TA2-O7&rows=outcome&columns=area&{year}").text

    money = "TA2-O7 Officers can follow the money and take away criminal assets"
    assert [money, "8", "8", "100.0%"] in rows_of(page)
    assert ["TA2 Cooperation in law enforcement", "8", "8", "100.0%"] in rows_of(page)
    assert ["Outcome of the action plan", "TA2 Cooperation in law enforcement", "Total"] in rows_of(page)
    assert f'<option value="TA2-O7" selected>{money}</option>' in page
    assert "<title>TA2-O7 Officers can follow the money and take away criminal assets: 8</title>" in page
    assert empty.signed_in("coordinator").get(f"/figures?area=TA1&{year}").status_code == 200


def test_the_page_says_that_the_figures_are_provisional_and_why(bopha: Visitor) -> None:
    assert "Provisional: this post has no hub yet that could confirm its records." in bopha.get("/figures").text


def test_names_of_posts_are_text_and_never_markup(bopha: Visitor) -> None:
    page = bopha.get("/figures").text

    assert "ປ້ອມ &lt;ຫ້ວຍຊາຍ&gt; &amp; Co" in page
    assert "<ຫ້ວຍຊາຍ>" not in page


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("by", ["month", "quarter", "semester", "year"])
def test_the_page_and_its_files_are_made_in_every_language(here: Site, language: str, by: str) -> None:
    visitor = here.signed_in("coordinator", language)

    page = visitor.get(f"/figures?by={by}&rows=period&columns=agency")
    file = visitor.get(f"/figures.csv?by={by}")

    assert page.status_code == file.status_code == 200
    assert f'<html lang="{LANGUAGES[language].bcp47}">' in page.text
    assert "%(" not in page.text
    assert "%(" not in file.data.decode()


def test_the_page_obeys_its_own_security_policy(bopha: Visitor) -> None:
    elements = Tables(bopha.get("/figures").text).elements

    assert not any("style" in attributes for _, attributes in elements)
    assert not any(tag == "style" for tag, _ in elements)
    assert not any(tag == "script" and not attributes.get("src") for tag, attributes in elements)


def test_every_drawing_has_a_title_and_a_description_and_ids_are_unique(bopha: Visitor) -> None:
    elements = Tables(bopha.get("/figures").text).elements
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    labelled = [
        str(attributes["aria-labelledby"]) for tag, attributes in elements if tag == "svg" and "role" in attributes
    ]

    assert len(ids) == len(set(ids))
    assert len(labelled) == len(DIMENSIONS) + 1
    assert all(name in ids for names in labelled for name in names.split())


def test_the_file_holds_the_numbers_of_the_page_under_the_same_filters(bopha: Visitor) -> None:
    page = bopha.get("/figures?agency=police&to=2026-12-31").text
    [address] = re.findall(r'href="(/figures\.csv[^"]*)"', page)

    response = bopha.get(address.replace("&amp;", "&"))

    lines = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="figures-2026-11-2')
    assert [line["officers"] for line in lines if line["table"] == "summary" and line["row"] == "total"] == ["15"]
    assert "<b>15</b>" in page
    [sha256] = [line["value"] for line in lines if line["row"] == "sha256"]
    assert sha256 in page


def test_a_file_is_recorded_and_the_page_is_not(here: Site, bopha: Visitor) -> None:
    def exports() -> int:
        with here.node.store.reading() as tx:
            return sum(entry.statement.verb == EXPORTED for entry in tx.ledger.every())

    before = exports()
    bopha.get("/figures")
    assert exports() == before
    bopha.get("/figures.json")
    assert exports() == before + 1


def test_the_hash_of_the_page_is_that_of_the_file(bopha: Visitor) -> None:
    document = json.loads(bopha.get("/figures.json").data)

    assert document["sha256"] in bopha.get("/figures").text


def test_an_empty_post_is_told_what_to_do(empty: Site) -> None:
    page = empty.signed_in("coordinator").get("/figures")

    assert page.status_code == 200
    assert "Nobody has passed an exam here yet" in page.text
    assert "<table" not in page.text
    assert "/figures.csv" not in page.text


def test_filters_without_anybody_offer_the_way_back(bopha: Visitor) -> None:
    page = bopha.get("/figures?from=2020&to=2020-12").text

    assert "No officer passed an exam under these filters" in page
    assert '<a class="button" href="/figures">' in page


def test_fewer_than_five_are_told_as_such_without_a_number(bopha: Visitor) -> None:
    page = bopha.get("/figures?from=2026-04-06&to=2026-04-06").text

    assert "Officers trained: fewer than 5" in page
    assert "<table" not in page


@pytest.mark.parametrize("said", ["from=yesterday", "sex=woman", "rows=sex&columns=sex", "from=2026-05&to=2026-04"])
def test_a_question_that_makes_no_sense_is_answered_with_a_sentence_and_all_figures(bopha: Visitor, said: str) -> None:
    page = bopha.get(f"/figures?{said}")

    assert page.status_code == 400
    assert "Everything is shown instead." in page.text
    assert "<b>30</b>" in page.text
    assert "%(" not in page.text


def test_a_file_of_an_unknown_kind_or_of_nonsense_is_refused_with_a_sentence(bopha: Visitor) -> None:
    assert bopha.get("/figures.pdf").status_code == 404
    assert "CSV, XLSX" in bopha.get("/figures.pdf").text
    assert bopha.get("/figures.csv?from=never").status_code == 400


@pytest.mark.parametrize("role", ["officer", "trainer"])
@pytest.mark.parametrize("address", ["/figures", "/figures.csv", "/figures.xlsx", "/figures.json"])
def test_others_do_not_see_figures(here: Site, role: str, address: str) -> None:
    response = here.signed_in(role).get(address)

    assert response.status_code == 403
    assert b"interdiction" not in response.data


def test_the_page_is_small(bopha: Visitor) -> None:
    assert len(bopha.get("/figures", headers={"Accept-Encoding": "gzip"}).data) < 20_000
