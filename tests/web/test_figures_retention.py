"""The figures page with what officers still know: numbers for those who may, asterisks for few, nothing of fewer."""

from typing import Any

import pytest
from cast import memory_node, officer
from figures_scenes import MIDDAY, own_id, train
from flask import Flask
from web_scenes import Site

from elearn.app import create_app
from elearn.core.vocab.people import Particulars
from elearn.core.xapi import verbs
from elearn.core.xapi.build import Saying, build
from elearn.services.record import record


@pytest.fixture
def here() -> Site:
    node = memory_node()
    app: Flask = create_app(node)
    return Site(node, app, {"coordinator": officer(node, "Bopha", role="coordinator")})


def answered(here: Site, people: list[str], days: int, language: str = "en") -> None:
    """Let these officers answer one refresher question each, every second of them right."""
    for at, person in enumerate(people):
        said = build(
            Saying(
                person,
                Particulars("LA", "customs", "Huay Xai", "male", "junior"),
                "2026-05-05" + MIDDAY,
                own_id(here.node),
            ),
            here.node.ids.new(),
            verbs.ANSWERED,
            verbs.question_iri("interdiction", "e-one"),
            attempt=here.node.ids.new(),
            extensions={"version": "1.0.0", "language": language, "place": "refresher"},
            result={"response": "a", "score": {"scaled": 1.0}, "success": at % 2 == 0},
            result_extensions={"passed_days": days},
        )
        record(here.node, said)


def page(here: Site) -> Any:
    return here.signed_in("coordinator").get("/figures")


def test_the_page_shows_shares_with_their_n_and_marks_few(here: Site) -> None:
    people = train(here.node, 12)
    answered(here, people, 30)
    answered(here, people[:6], 90)
    answered(here, people[:3], 180)
    text = page(here).text
    card = text[text.index('<section class="card" aria-labelledby="retention">') :].split("</section>")[0]

    assert "50.0%<br>" in card
    assert "12 / 12" in card
    assert "50.0%*<br>" in card
    assert "6 / 6" in card
    assert "3 / 3" not in card
    assert card.count('<td class="number hidden-cell">not shown</td>') == 4
    assert "15–59, 60–134 and 135–270 days" in card


def test_before_anybody_was_asked_the_page_says_so(here: Site) -> None:
    train(here.node, 6)

    assert "Nobody has answered questions in a shift" in page(here).text
