"""Who sees which page: every address of the app, asked for by everyone, in all seven languages."""

from collections.abc import Iterator
from typing import Any

import pytest
from cast import officer
from web_scenes import COURSE, NOT_ALLOWED, Site, crawl, pass_exam, read_everything, site
from werkzeug.routing import Rule

from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.roles import Permission, Role, may

OPEN = ("account", "set_up", "verify", "asset", "peer")
"""Rooms without a permission: for everyone, for oneself, or with keys of their own."""

OF_ROOM = {
    "officer": Permission.LEARN,
    "satisfaction": Permission.LEARN,
    "refreshers": Permission.LEARN,
    "followups": Permission.LEARN,
    "books": Permission.LEARN,
    "find": Permission.LEARN,
    "trainer": Permission.SEE_COURSE_WORKSHOP,
    "coordinator": Permission.SEE_FIGURES,
    "certificates": Permission.PRINT_CERTIFICATES,
    "administrator": Permission.MANAGE_NODE,
}
OF_PAGE = {
    "followups.colleague": Permission.CONFIRM_SKILL,
    "trainer.publish": Permission.PUBLISH_COURSE,
    "trainer.session": Permission.HOLD_SESSION,
    "trainer.sheet": Permission.HOLD_SESSION,
    "trainer.tries": Permission.GIVE_TRY,
    "trainer.give_try": Permission.GIVE_TRY,
    "administrator.officers": Permission.MANAGE_OFFICERS,
    "administrator.revoke": Permission.REVOKE_CERTIFICATE,
}
"""Beginning of an endpoint -> its permission, where it is not that of its room."""

PRINTED = ("/certificates/", "/record/transcript")
"""Pages as the press sets them: without one, in these tests, their texts only."""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("permissions"))
    for person in found.people.values():
        read_everything(found, person)
        pass_exam(found, person)
    yield found
    found.node.store.close()


def permission_of(endpoint: str) -> Permission | None:
    room = endpoint.partition(".")[0]
    if room in OPEN:
        return None
    return next((of for start, of in OF_PAGE.items() if endpoint.startswith(start)), OF_ROOM[room])


def address(here: Site, rule: Rule, person: str) -> str:
    """Return an address of this rule; where it names an officer, it is somebody made for this one request."""
    lesson = here.package().course.lessons[0]
    samples = {
        "course": COURSE,
        "lesson": lesson.id,
        "question": lesson.checks[0],
        "language": "en",
        "kind": "exam",
        "errand": "close",
        "person": person,
        "place": "1",
    }
    values = {name: samples.get(name, "unknown") for name in rule.arguments}
    return str(here.app.url_map.bind("localhost").build(rule.endpoint, values, method=next(iter(methods(rule)))))


def methods(rule: Rule) -> set[str]:
    return (rule.methods or set()) & {"GET", "POST"}


def guarded(here: Site) -> list[tuple[Rule, str, Permission]]:
    found = []
    for rule in here.app.url_map.iter_rules():
        permission = permission_of(rule.endpoint)
        found += [(rule, method, permission) for method in sorted(methods(rule)) if permission]
    return found


def ask(visitor: Any, url: str, method: str) -> Any:
    return visitor.get(url) if method == "GET" else visitor.post(url)


def test_every_page_but_the_open_ones_asks_for_a_sign_in(here: Site) -> None:
    visitor = here.visitor()
    visitor.get("/sign-in")
    let_in = []
    for rule, method, _ in guarded(here):
        answer = ask(visitor, address(here, rule, here.people["officer"]), method)
        if answer.status_code != 302 or not answer.headers["Location"].startswith("/sign-in?next="):
            let_in.append((method, rule.rule, answer.status_code))

    assert len(guarded(here)) > 30
    assert let_in == []


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_let_in_where_it_may_and_nowhere_else(here: Site, role: Role) -> None:
    visitor = here.signed_in(role.value)
    wrong = []
    for rule, method, permission in guarded(here):
        answer = ask(visitor, address(here, rule, officer(here.node)), method)
        kept_out = answer.status_code == 403 and NOT_ALLOWED in answer.text
        if kept_out == may(role, permission) or answer.status_code >= 500:
            wrong.append((method, rule.rule, answer.status_code))

    assert wrong == []


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_page_one_can_click_to_answers_in_every_language(here: Site, language: str) -> None:
    for role in Role:
        pages = crawl(here.signed_in(role.value, language), "/", "/search?q=drug", language=language)
        broken = {url: page.status_code for url, page in pages.items() if page.status_code not in (200, 302)}
        broken = {url: status for url, status in broken.items() if not preview_without_text(here, url)}
        in_it = f'<html lang="{LANGUAGES[language].bcp47}">'
        other = [url for url, page in pages.items() if is_page(url, page) and in_it not in page.text]

        # Without a press the certificate's PDF leads to the page to print.
        assert broken == {}
        assert other == []
        assert len(pages) > 15


def preview_without_text(here: Site, url: str) -> bool:
    """Tell whether this is the preview of a lesson that nobody has translated yet: the trainer is told so."""
    parts = url.split("/")
    if parts[1] != "workshop" or "preview" not in parts:
        return False
    return f"{parts[-1]}/{parts[-2]}.md" not in here.node.course_files.read(parts[2])


def is_page(url: str, page: Any) -> bool:
    to_print = url.startswith(PRINTED) or ("/print/" in url and "/page" in url)
    return page.status_code == 200 and page.mimetype == "text/html" and not to_print


def test_an_officer_cannot_open_what_belongs_to_another(here: Site) -> None:
    mine, other = officer(here.node), here.people["officer"]
    own = here.visitor()
    own.sign_in(here.number(other))
    pages = crawl(own, "/")
    theirs = [url for url in pages if url.startswith(("/results/", "/sittings/", "/certificates/", "/refreshers/"))]
    visitor = here.visitor()
    visitor.sign_in(here.number(mine))
    statuses = {url: visitor.get(url).status_code for url in theirs}

    assert len(theirs) >= 3
    assert {pages[url].status_code for url in theirs} <= {200, 302}
    assert set(statuses.values()) <= {403, 404}
