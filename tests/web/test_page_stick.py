"""The administrator's page of exchange by stick, on a post and on a hub, with files as a browser sends them."""

import io
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from cast import memory_node, officer
from exchange_scenes import hub_node, let_pass
from web_scenes import Site, Visitor

from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.app import create_app
from elearn.services.exchange import light
from elearn.services.node import Node

CODE = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}\b")
FILE = re.compile(r'href="(/exchange/stick/files/[^"]+)"')


@pytest.fixture
def hub(tmp_path: Path) -> Node:
    node = hub_node()
    return replace(node, phrases=GettextPhrases(node.settings.translations, tmp_path / "hub"))


@pytest.fixture
def post(tmp_path: Path) -> Node:
    node = memory_node(series=1)
    return replace(node, phrases=GettextPhrases(node.settings.translations, tmp_path / "post"))


def administrator(node: Node, language: str = "en") -> Visitor:
    person = officer(node, "Chief", role="administrator", service_number=f"ADM-{node.ids.seed()}")
    return Site(node, create_app(node), {"administrator": person}).signed_in("administrator", language)


def text_of(page: str) -> str:
    """Return what a person reads, blanks as one."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def sent(visitor: Visitor, url: str, field: str, *contents: bytes, **words: str) -> Any:
    """Send files as a form does."""
    visitor.get("/exchange/stick")
    files = [(io.BytesIO(content), f"file-{at}.courier") for at, content in enumerate(contents)]
    return visitor.post(url, {**words, field: files})


def downloads(visitor: Visitor) -> list[bytes]:
    """Return the files the page offers, the oldest first."""
    links = FILE.findall(visitor.get("/exchange/stick").text)
    return [visitor.get(link).data for link in reversed(links)]


def enrolled(post: Visitor, hub: Visitor) -> None:
    hub.get("/exchange")
    code = CODE.search(hub.post("/exchange/codes", {"post_name": "Huay Xai"}).text).group(0)
    hub.get("/exchange/stick")
    file = hub.post("/exchange/stick/enrolment", {"code_id": code[:4]}).data
    assert sent(post, "/exchange/stick/enrol", "file", file, code=code).status_code == 302


def test_a_post_is_enrolled_sends_and_is_answered_by_clicking(post: Node, hub: Node) -> None:
    here, there = administrator(post), administrator(hub)
    enrolled(here, there)
    let_pass(post, 3)
    before = text_of(here.get("/exchange").text)

    here.post("/exchange/stick/make", {"to": ""})
    [up] = downloads(here)
    on_the_way = text_of(here.get("/exchange/stick").text)
    told = text_of(sent(there, "/exchange/stick/read", "files", up).text)
    waiting = text_of(there.get("/exchange/stick").text)
    there.post("/exchange/stick/make", {"to": f"{1:08x}-0000-4000-9000-000000000000"})
    [down] = downloads(there)
    answered = sent(here, "/exchange/stick/read", "files", down)

    assert "3 records are kept here and wait for a stick to Vientiane." in before
    assert "3 records are kept here and are on file 1 of 24 November 2026 for Vientiane." in on_the_way
    assert "3 records (numbers 1 to 3) Names of 2 officers" in on_the_way
    assert "Read: file 1 of Huay Xai, made on 24 November 2026. Huay Xai is now enrolled here." in told
    assert "waits for an answer" in waiting
    assert answered.status_code == 200
    assert "Vientiane has confirmed all records." in text_of(answered.text)
    assert "read by Vientiane" in text_of(here.get("/exchange/stick").text)
    assert light(post).colour == "good"


def test_what_an_officer_did_says_on_which_file_it_is(post: Node, hub: Node) -> None:
    here, there = administrator(post), administrator(hub)
    enrolled(here, there)
    person = let_pass(post, 1)
    here.post("/exchange/stick/make", {"to": ""})
    site = Site(post, create_app(post), {"officer": person})

    record = text_of(site.signed_in("officer").get("/record").text)

    assert "kept here and on file 1 of 24 November 2026" in record


def test_a_torn_file_is_refused_and_a_whole_one_beside_it_is_read(post: Node, hub: Node) -> None:
    here, there = administrator(post), administrator(hub)
    enrolled(here, there)
    here.post("/exchange/stick/make", {"to": ""})
    [up] = downloads(here)

    answered = sent(there, "/exchange/stick/read", "files", up[:-100], up, b"something else")
    told = text_of(answered.text)

    assert answered.status_code == 400
    assert "This file is not whole" in told
    assert "Read: file 1 of Huay Xai" in told
    assert "This is not a courier file of elearn." in told


def test_a_file_for_another_says_for_whom_it_is(post: Node, hub: Node) -> None:
    here, there = administrator(post), administrator(hub)
    enrolled(here, there)
    here.post("/exchange/stick/make", {"to": ""})
    [up] = downloads(here)

    assert "This file is for Vientiane, not for here." in text_of(sent(here, "/exchange/stick/read", "files", up).text)


def test_no_file_chosen_and_a_wrong_code_are_said(post: Node, hub: Node) -> None:
    here, there = administrator(post), administrator(hub)
    there.get("/exchange")
    code = CODE.search(there.post("/exchange/codes", {"post_name": "Huay Xai"}).text).group(0)
    there.get("/exchange/stick")
    file = there.post("/exchange/stick/enrolment", {"code_id": code[:4]}).data

    assert "Choose a file first." in text_of(sent(here, "/exchange/stick/read", "files").text)
    wrong = sent(here, "/exchange/stick/enrol", "file", file, code=code[:-1] + ("0" if code[-1] != "0" else "1"))
    assert "The code and the file do not belong together." in text_of(wrong.text)
    assert light(post).colour == "alone"


def test_only_an_administrator_gets_a_file(post: Node, hub: Node) -> None:
    here, there = administrator(post), administrator(hub)
    enrolled(here, there)
    here.post("/exchange/stick/make", {"to": ""})
    [link] = FILE.findall(here.get("/exchange/stick").text)
    trainer = officer(post, "Trainer", role="trainer")

    answer = Site(post, create_app(post), {"trainer": trainer}).signed_in("trainer").get(link)

    assert answer.status_code == 403
