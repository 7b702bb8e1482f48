"""What is kept apart can be looked at and noted: it stays, and the light is good again until something new comes."""

import re

import pytest
from cast import officer
from exchange_scenes import exam_passed, numbered_officer, pair, rows
from revoking_scenes import chief
from web_scenes import Site

from elearn.app import create_app
from elearn.core.vocab.errors import Invalid, NotFound, Refused
from elearn.core.vocab.kept import QUARANTINE
from elearn.core.vocab.roles import Role
from elearn.core.xapi.statement import Statement
from elearn.services.apart_noted import note_apart
from elearn.services.exchange import exchange_once, light, state
from elearn.services.node import Node
from elearn.services.posts import kept_apart, posts
from elearn.services.record import record


def apart() -> tuple[Node, Node]:
    """Return a post and its hub, which keeps one record of the post apart."""
    post, hub, _ = pair()
    person = numbered_officer(post)
    good = exam_passed(post, person)
    record(post, good)
    assert exchange_once(post).ok
    bad = exam_passed(post, person)
    record(post, Statement({**bad.body, "verb": {"id": "no iri"}}))
    assert exchange_once(post).ok
    return post, hub


def key(node: Node) -> tuple[str, str, str]:
    [row] = rows(node, QUARANTINE)
    return row["id"], row["node"], row["digest"]


def test_what_was_looked_at_stays_and_the_light_is_good_again() -> None:
    post, hub = apart()
    by, at_hub = chief(post, service_number="P-1"), chief(hub, service_number="H-1")
    before = (light(post).reason, posts(hub)[0].apart)

    note_apart(post, by, key(post), "  A test of the vendor ")
    note_apart(hub, at_hub, key(hub), "Spoken with the post")

    assert before == ("exchange.kept-apart", 1)
    assert (light(post).colour, light(post).reason, posts(hub)[0].apart) == ("good", "", 0)
    assert [(one.note, bool(one.noted_at)) for one in state(post).apart] == [("A test of the vendor", True)]
    assert [(one.note, bool(one.noted_at)) for one in kept_apart(hub, at_hub)] == [("Spoken with the post", True)]
    assert rows(hub, QUARANTINE)[0]["entry"]["verb"] == {"id": "no iri"}
    assert exchange_once(post).ok
    assert light(post).reason == ""


def test_only_administrators_note_and_they_say_what_came_of_it() -> None:
    post, _ = apart()
    by = chief(post, service_number="P-1")

    for role in (Role.OFFICER, Role.TRAINER, Role.COORDINATOR):
        with pytest.raises(Refused, match="permission"):
            note_apart(post, chief(post, role=role, service_number=f"P-{role.name}"), key(post), "x")
    with pytest.raises(Invalid, match=r"reason\.empty"):
        note_apart(post, by, key(post), "  ")
    with pytest.raises(Invalid, match=r"reason\.too-long"):
        note_apart(post, by, key(post), "x" * 501)
    with pytest.raises(NotFound, match=r"apart\.unknown"):
        note_apart(post, by, ("a", "b", "c"), "x")
    assert light(post).reason == "exchange.kept-apart"


def test_the_hubs_page_has_a_form_for_each_and_shows_the_note() -> None:
    _, hub = apart()
    person = officer(hub, "Chief", role="administrator", service_number="ADM-1")
    visitor = Site(hub, create_app(hub), {"administrator": person}).signed_in("administrator")
    page = visitor.get("/exchange").text
    names = ("id", "node", "digest")
    fields = {name: re.search(f'name="{name}" value="([^"]*)"', page)[1] for name in names}  # type: ignore[index]

    empty = visitor.post("/exchange/apart", {**fields, "note": ""})
    done = visitor.post("/exchange/apart", {**fields, "note": "Spoken with the post"})
    after = visitor.get("/exchange").text

    assert "I have looked at it" in page
    assert (empty.status_code, done.status_code) == (400, 302)
    assert "Spoken with the post" in after
    assert "I have looked at it" not in after
