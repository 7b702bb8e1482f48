"""The figures page with what officers use at work: shares with their n, asterisks for few, nothing of fewer."""

import pytest
from cast import memory_node, officer
from figures_scenes import passed
from flask import Flask
from followup_scenes import followed_up, observed
from web_scenes import Site

from elearn.app import create_app
from elearn.services.record import record


@pytest.fixture
def here() -> Site:
    node = memory_node()
    app: Flask = create_app(node)
    return Site(node, app, {"coordinator": officer(node, "Bopha", role="coordinator")})


def card(here: Site) -> str:
    text = here.signed_in("coordinator").get("/figures").text
    return text[text.index('<section class="card" aria-labelledby="follow-up">') :].split("</section>")[0]


def test_the_page_shows_shares_with_their_n_and_marks_few(here: Site) -> None:
    node = here.node
    exams = [passed(node, node.ids.new(), "2026-03-05") for _ in range(12)]
    record(node, *exams)
    record(
        node, *(followed_up(one, node.ids.new(), "once" if at else "never", "time") for at, one in enumerate(exams[:8]))
    )
    record(node, *(observed(one, node.ids.new(), "yes") for one in exams[:4]))
    found = card(here)

    assert "66.7%" in found  # eight of twelve answered
    assert '87.5%*<br><span class="small soft">8</span>' in found
    assert '100.0%*<br><span class="small soft">8</span>' in found  # no time
    assert '<span class="small soft">4</span>' not in found
    assert found.count('<td class="number hidden-cell">not shown</td>') == 4
    assert "There was no time" in found


def test_before_anybody_is_due_the_page_says_so(here: Site) -> None:
    record(here.node, *(passed(here.node, here.node.ids.new(), "2026-11-20") for _ in range(6)))

    assert "Nobody passed an exam 80 days ago or more." in card(here)
