"""Text size, lines and colours: whose they are, what is on the page, and that high contrast is one."""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from web_scenes import Site, site

from elearn.web.assets import STATIC

WISH = {"size": "largest", "lines": "wider", "colours": "high"}
ON_PAGE = 'data-size="largest" data-lines="wider" data-colours="high"'

TEXTS = ("ink", "ink-soft", "accent", "gold", "good", "bad")
GROUNDS = ("paper", "card", "accent-soft", "gold-soft", "good-soft", "bad-soft")
ALSO = (("brand-ink", "brand"), ("accent-ink", "accent"), ("ink", "hit"), ("gold-ink", "gold-soft"), ("focus", "paper"))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("display"))
    yield found
    found.node.store.close()


def root_of(page: str) -> str:
    return page[page.index("<html") : page.index(">", page.index("<html"))]


def test_what_an_officer_chose_is_on_every_page_and_comes_back_at_the_next_sign_in(here: Site) -> None:
    mine = here.signed_in("officer")
    mine.get("/display")
    assert mine.post("/display", WISH).headers["Location"] == "/display"
    again = here.signed_in("officer", "km")

    for url in ("/courses", "/display", "/record", "/nowhere"):
        assert ON_PAGE in root_of(mine.get(url).text), url
    assert ON_PAGE in root_of(again.get("/courses").text)
    assert len(re.findall(r'value="(?:largest|wider|high)" checked', mine.get("/display").text)) == 3


def test_the_next_officer_on_a_shared_computer_gets_usual_pages(here: Site) -> None:
    visitor = here.signed_in("trainer")
    visitor.get("/display")
    visitor.post("/display", WISH)
    assert ON_PAGE in root_of(visitor.get("/courses").text)
    visitor.post("/sign-out")
    signing_in = visitor.get("/sign-in").text
    visitor.sign_in(here.number(here.people["coordinator"]))

    assert "data-" not in root_of(signing_in)
    assert "data-" not in root_of(visitor.get("/courses").text)


def test_who_cannot_read_the_sign_in_page_can_make_it_readable_first(here: Site) -> None:
    visitor = here.visitor()
    assert 'href="/display"' in visitor.get("/sign-in").text
    visitor.get("/display")
    kept = visitor.post("/display", WISH)
    cookie = kept.headers["Set-Cookie"]
    at_first = root_of(visitor.get("/sign-in").text)
    visitor.sign_in(here.number(here.people["administrator"]))
    unsaid = root_of(visitor.get("/glossary").text)
    visitor.post("/display", {"size": "usual", "lines": "usual", "colours": "device"})

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ON_PAGE in at_first
    assert ON_PAGE in unsaid
    assert "data-" not in root_of(visitor.get("/glossary").text)


@pytest.mark.parametrize("cookie", ["", "large", "x.y.z", 'large.usual."><script>', "large.usual.dark" * 200])
def test_a_spoilt_cookie_is_as_good_as_none(here: Site, cookie: str) -> None:
    visitor = here.visitor()
    visitor.client.set_cookie("elearn_display", cookie)

    assert "data-" not in root_of(visitor.get("/sign-in").text)


def test_what_is_not_in_the_list_is_answered_with_a_sentence(here: Site) -> None:
    visitor = here.visitor()
    visitor.get("/display")
    answer = visitor.post("/display", {**WISH, "size": "huge"})

    assert answer.status_code == 400
    assert "Choose from the list." in answer.text


def colours(selector: str, name: str = "display.css") -> dict[str, str]:
    """Return the colours a block of a style sheet sets: name -> #rrggbb."""
    style = (STATIC / "css" / name).read_text("utf-8")
    block = re.search(rf"(?m)^ *{re.escape(selector)} {{\n([^}}]*)}}", style)
    assert block, selector
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6}|none);", block[1]))


def light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the ratio of WCAG 2.2, 1 to 21."""
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["high", "high-dark"])
def test_high_contrast_is_seven_to_one(name: str) -> None:
    tokens = {**colours(":root", "tokens.css"), **colours(f':root[data-colours="{name}"]')}
    pairs = [*product(TEXTS, GROUNDS), *ALSO]
    weak = {(text, ground): contrast(tokens[text], tokens[ground]) for text, ground in pairs}

    assert {pair: ratio for pair, ratio in weak.items() if ratio < 7} == {}
    assert contrast(tokens["accent"], tokens["line"]) >= 3  # a bar half full
    assert contrast(tokens["line"], tokens["card"]) >= 3


def test_dark_is_the_same_chosen_or_set_on_the_device() -> None:
    chosen = colours(':root[data-colours="dark"]')

    assert len(chosen) > 15
    assert chosen == colours(":root:not([data-colours])", "tokens.css")
    assert set(chosen) - {"accent-ink", "gold-soft", "hit", "brand"} <= set(colours(':root[data-colours="high-dark"]'))
