"""The satisfaction section of the figures page: bars with their tables, and nothing while the box is not full."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cast import officer, settings, sqlite_node
from figures_scenes import train
from satisfaction_scenes import let_answer
from web_scenes import Site

from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.app import create_app
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.satisfaction import HELPED, ITEMS

HEAD = "What officers think of the courses"


@pytest.fixture(scope="module")
def phrases(tmp_path_factory: pytest.TempPathFactory) -> GettextPhrases:
    return GettextPhrases(settings(Path()).translations, tmp_path_factory.mktemp("translations"))


@pytest.fixture
def here(tmp_path: Path, phrases: GettextPhrases) -> Iterator[Site]:
    """A post without courses: figures have no need of them."""
    node = sqlite_node(tmp_path, phrases=phrases)
    yield Site(node, create_app(node), {"coordinator": officer(node, role="coordinator")})
    node.store.close()


def section(here: Site, address: str = "/figures") -> str:
    page = here.signed_in("coordinator").get(address)
    assert page.status_code == 200
    start = page.text.index('<section class="card" aria-labelledby="satisfaction">')
    return page.text[start : page.text.index("</section>", start)]


def test_bars_and_tables_say_the_same_numbers(here: Site) -> None:
    let_answer(here.node, 5)
    train(here.node, 3)

    found = section(here)

    assert HEAD in found
    assert "Answers: 5" in found
    assert "62.5%" in found
    bars = re.findall(r"<title>([^<]+): ([\d.]+%?)</title>", found)
    assert bars == [*((words, "3.00") for words in ITEMS.values()), *((words, "20.0%") for words in HELPED.values())]
    assert {float(width) for width in re.findall(r'<rect class="fill-0" x="0" y="\d+" width="([\d.]+)%"', found)} == {
        46.8,
        15.6,
    }
    assert found.count('<td class="number">3.00</td>') == 5
    assert found.count(">interdiction<") == 1
    assert found.count('scope="row"') == 5 + 5 + 1 + 1


def test_while_fewer_than_five_wait_there_is_no_number(here: Site) -> None:
    train(here.node, 3)
    let_answer(here.node, 4)

    found = section(here)

    assert "There are no five answers yet" in found
    assert "<table" not in found
    assert not re.search(r"\d+[.,]\d", found)


def test_a_filter_that_answers_do_not_know_is_said(here: Site) -> None:
    let_answer(here.node, 5)

    found = section(here, "/figures?sex=male")

    assert "Answers are anonymous" in found
    assert "<table" not in found
    assert "<table" in section(here)


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_section_is_drawn_in_every_language(here: Site, language: str) -> None:
    let_answer(here.node, 5)

    page = here.signed_in("coordinator", language).get("/figures")

    assert page.status_code == 200
    assert page.text.count('<rect class="fill-0" x="0"') >= 10
