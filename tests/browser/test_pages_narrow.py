"""Every page of every audience on a screen of 320 pixels, in the two scripts that need the most room.

The pages are taken from the app's own table of addresses, so a new page is looked at without being named here.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from account_scenes import bare_node
from browser_scenes import Screen, chromium, narrow_screen
from cast import TickingClock, officer, settings, sqlite_node
from paper_scenes import signed_in
from playwright.sync_api import Browser
from revoking_scenes import chief, proposed
from web_scenes import COURSE, Site, pass_exam, read_everything, site

from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.app import create_app
from elearn.core.paper.form import SessionForm
from elearn.core.vocab.kept import PEER
from elearn.core.vocab.nodes import NodeKind
from elearn.core.vocab.roles import Role
from elearn.services import certificate_batches, find, paper_sessions, refreshers, setting_up, sit
from elearn.services.certificate_choice import Choice
from elearn.services.paper_lists import session_page

pytestmark = pytest.mark.browser

LANGUAGES = ("my", "km")
ROOM_OF = {
    "trainer": "trainer",
    "coordinator": "coordinator",
    "administrator": "administrator",
    "certificates": "administrator",
}
ROLE_OF = {"followups.colleagues": "trainer"}
"""Room, or one page -> the role at home there; all others are an officer's."""
CLOSED_BY_RULE = "officer.answers"
"""Shown only where a course's rules say so, which those of this post do not."""

OTHER_COURSE = "harm-reduction"
ATTEMPTS = {"sittings": "running", "refreshers": "refresher"}
NO_PAGES = {
    "static",
    "asset",
    "peer",
    "set_up",
    "find.media",
    "trainer.picture",
    "books.page",
    "trainer.session_printable",
    "certificates.list_printable",
    "administrator.exchange_stick_file",
    "administrator.node_look_picture",
    "administrator.node_look_sample_page",
    "administrator.post_key",
}
FILES = (".pdf", ".json", ".<kind>", "/file")
"""What is no page: files, what machines or printers ask for, the set-up, which has a test of its own, and what only a
hub has, looked at below."""

LONG_NAME = "ဒေါ်ခင်မျိုးသန္တာနွယ်နီလွင်မောင်မောင်ကျော်စွာထွန်းအောင်"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("pages"))
    find.refresh(found.node)
    found.people["long"] = officer(found.node, LONG_NAME, post=LONG_NAME)
    read_everything(found, found.people["officer"])
    yield found
    found.node.store.close()


@pytest.fixture(scope="module")
def samples(here: Site) -> dict[str, str]:
    """Return what stands in addresses: name -> a value that leads to a page."""
    person = here.people["officer"]
    attempt, number = pass_exam(here, person)
    running = sit.start(here.node, person, OTHER_COURSE, "pretest", "en")
    assert isinstance(here.node.clock, TickingClock)
    here.node.clock.shift(timedelta(days=90))  # when the form on how it went is open
    refresher = refreshers.start(here.node, person, "en")
    lesson = here.package().course.lessons[0].id
    session, code = held_session(here)
    return {
        "course": COURSE,
        "lesson": lesson,
        "number": number,
        "person": here.people["long"],
        "attempt": attempt,
        "running": running,
        "refresher": refresher,
        "place": "1",
        "kind": "book",
        "session": session,
        "code": code,
        "batch": stopped_batch(here),
        "proposal": proposal(here),
    }


def proposal(here: Site) -> str:
    """Propose to take back what there is."""
    return proposed(here.node, chief(here.node, LONG_NAME), reason=LONG_NAME)


def stopped_batch(here: Site) -> str:
    """Begin a batch of certificates, which stops where there is no press; return its id."""
    with here.node.store.reading() as tx:
        plan = certificate_batches.plan_of(tx, here.node, "somebody", Choice(), "my")
    here.node.batches.begin(plan, certificate_batches.maker(here.node, plan))
    here.node.batches.wait()  # type: ignore[attr-defined]
    return plan.id


def held_session(here: Site) -> tuple[str, str]:
    """Make a session on paper with a long name on its list; return its id and the code of the sheet."""
    by, form = signed_in(here.node, "Bo Trainer"), SessionForm(COURSE, "2026-11-24", LONG_NAME, "45")
    session = paper_sessions.make_session(here.node, by, form)
    paper_sessions.put_on_list(here.node, by, session, [here.people["long"]])
    paper_sessions.make_sheets(here.node, by, session)
    paper_sessions.say_attendance(here.node, by, session, {here.people["long"]: paper_sessions.PRESENT})
    return session, session_page(here.node, by, session, "en").members[0].code


def addresses(here: Site, samples: dict[str, str], language: str) -> dict[str, set[str]]:
    """Return role -> addresses of every page that is opened by its address alone."""
    found: dict[str, set[str]] = {}
    for rule in here.app.url_map.iter_rules():
        room = rule.endpoint.partition(".")[0]
        if (
            "GET" not in (rule.methods or ())
            or {room, rule.endpoint} & {*NO_PAGES, CLOSED_BY_RULE}
            or rule.rule.endswith(FILES)
        ):
            continue
        values = {**samples, "language": language}
        if first := ATTEMPTS.get(rule.rule.split("/")[1]):
            values["attempt"] = samples[first]
        url = here.app.url_map.bind("localhost").build(rule.endpoint, {name: values[name] for name in rule.arguments})
        found.setdefault(ROLE_OF.get(rule.endpoint) or ROOM_OF.get(room, "officer"), set()).add(url)
    found["officer"].add("/search?q=1")
    return found


def look(screen: Screen, path: str, status: int = 200) -> list[str]:
    """Open a page; return what is wrong with it. status: the one it should have."""
    found = screen.go(path)
    wide = screen.too_wide()
    return [f"{path}: {wide}"] * bool(wide) + [f"{path}: status {found}"] * (found != status)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def screen(browser: Browser, here: Site) -> Iterator[Screen]:
    with narrow_screen(browser, here.node) as found:
        yield found


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("hub")
    node = sqlite_node(folder, kind=NodeKind.HUB, phrases=catalogs(folder))
    post = {"node": "post", "name": LONG_NAME, "kind": "post", "country": "LA", "public_key": b"k" * 32, "state": {}}
    node.store.write(lambda tx: tx.tables.put(PEER, {**post, "enrolled_at": node.now(), "clock_offset_ms": 0}))
    yield Site(node, create_app(node), {"administrator": officer(node, LONG_NAME, role="administrator")})
    node.store.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_any_audience_scrolls_sideways(
    here: Site, screen: Screen, samples: dict[str, str], language: str
) -> None:
    by_role = addresses(here, samples, language)
    found = []
    for role, paths in by_role.items():
        screen.sign_in(here.number(here.people[role]))
        screen.choose(language)
        found += [fault for path in sorted(paths) for fault in look(screen, path)]
        found += look(screen, "/nowhere", 404)
    screen.sign_in(here.number(here.people["officer"]))
    screen.choose(language)
    found += look(screen, "/workshop", 403)

    assert set(by_role) == {role.value for role in Role}
    assert sum(map(len, by_role.values())) > 25
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_scrolls_sideways_before_sign_in_or_when_something_is_wrong(
    here: Site, screen: Screen, samples: dict[str, str], language: str
) -> None:
    page = screen.page
    page.context.clear_cookies()
    screen.choose(language)
    found = [fault for path in ("/sign-in", "/recover", "/verify") for fault in look(screen, path)]
    forms: list[tuple[str, dict[str, str]]] = [
        ("/sign-in", {"#f-service_number": "W" * 40, "#f-pin": "111111"}),
        ("/verify", {"#f-typed": samples["number"]}),
        ("/verify", {"#f-typed": "W" * 60}),
    ]
    for path, fields in forms:
        screen.go(path)
        found += send(screen, path, fields)
    screen.sign_in(here.number(here.people["administrator"]))
    screen.choose(language)
    for path, field in (("/officers/new", "#f-name"), ("/pin", "#f-old")):
        screen.go(path)
        found += send(screen, path, {field: ""})

    assert found == []


def send(screen: Screen, path: str, fields: dict[str, str]) -> list[str]:
    """Fill in the form of the page that has these fields, send it however wrong it is, and look at what comes."""
    form = f"main form:has({next(iter(fields))})"
    screen.page.evaluate("form => { document.querySelector(form).noValidate = true; }", form)
    for selector, value in fields.items():
        screen.page.fill(selector, value)
    with screen.page.expect_navigation():
        screen.page.locator(f"{form} button.button").first.click()
    wide = screen.too_wide()
    return [f"{path}, sent: {wide}"] if wide else []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_a_hub_do_not_scroll_sideways(browser: Browser, hub: Site, language: str) -> None:
    with narrow_screen(browser, hub.node) as screen:
        screen.sign_in(hub.number(hub.people["administrator"]))
        screen.choose(language)
        of_keys = ("/this-post/key", "/this-post/key/renew", "/exchange/posts/post/key")
        paths = ("/", "/figures", "/exchange", "/exchange/stick", "/this-post", "/officers", *of_keys)
        found = [one for path in paths for one in look(screen, path)]

    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_of_all_does_not_scroll_sideways(browser: Browser, tmp_path: Path, language: str) -> None:
    node = replace(bare_node(tmp_path), phrases=catalogs(tmp_path))
    try:
        secret = setting_up.one_time_link_secret(node)
        with narrow_screen(browser, node) as screen:
            screen.choose(language)
            found = [one for path in ("/", "/set-up", f"/set-up/{secret}") for one in look(screen, path)]
            found += send(screen, "/set-up", {"#f-name": ""})
    finally:
        node.store.close()

    assert found == []


def catalogs(folder: Path) -> GettextPhrases:
    return GettextPhrases(settings(folder).translations, folder / "cache" / "translations")
