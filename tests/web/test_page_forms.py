"""What comes in by forms: only from our own pages, and whatever it is, the answer is a sentence."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from answers import stages
from cast import TickingClock, officer
from web_scenes import COURSE, Site, Visitor, read_everything, site, start_exam
from werkzeug.routing import Rule

from elearn.core.vocab.roles import Role
from elearn.services import sit
from elearn.web.sentences.machine import INSIDE

EXPIRED = "This page was open for too long or in two windows."
NAMES = (
    "answer",
    "service_number",
    "name",
    "pin",
    "pin_again",
    "old",
    "new",
    "again",
    "code",
    "typed",
    "language",
    "next",
    "role",
    "reason",
    "url",
    "post_name",
    "node_name",
    "issuer",
    "issuer-km",
    "name-1",
    "title-1-km",
    "seal",
    "signature-1",
    "remove",
    "languages",
    "who",
    "title",
    "data",
    "country",
    "agency",
    "sex",
    "rank_band",
    "post",
    "q",
    "take",
    "names",
    "from",
    "to",
    "rows",
    "columns",
    "minutes",
    "useful",
    "helped",
    "used",
    "stopped",
    "seen",
    "size",
    "lines",
    "colours",
    "held_on",
    "place",
    *("words", "version", "node", "session", "since", "until", "kind", "reason", "digest"),
    "off",
    "q-1",
    "take-1",
    "said-1",
)
BROKEN: dict[str, dict[str, Any]] = {
    "empty": {},
    "unknown words": dict.fromkeys(NAMES, "no such thing"),
    "control characters": dict.fromkeys(NAMES, "a\x00b\r\n\x1b[2J\u202e"),
    "halves of letters": dict.fromkeys(NAMES, "\u0e31\u1039\u17d2"),
    "markup": dict.fromkeys(NAMES, "<script>alert(1)</script>{{ 7 * 7 }}%(x)s%"),
    "paths": dict.fromkeys(NAMES, "../../../etc/passwd"),
    "numbers": dict.fromkeys(NAMES, "-99999999999999999999999999999"),
    "huge": dict.fromkeys(NAMES[:12], "ក" * 3000),
    "many": {name: ["x"] * 200 for name in NAMES[:5]},
}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("forms"))
    yield found
    found.node.codes.close()  # type: ignore[attr-defined]
    found.node.store.close()


def posts(here: Site) -> list[Rule]:
    """Return every rule that takes a form; signing out last, for it ends the visit."""
    rules = [
        rule
        for rule in here.app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.endpoint.split(".")[0] != "peer"
    ]
    return sorted(rules, key=lambda rule: rule.endpoint == "account.sign_out")


def address(here: Site, rule: Rule, **known: str) -> str:
    lesson = here.package().course.lessons[0]
    samples = {"course": COURSE, "lesson": lesson.id, "question": lesson.checks[0], "kind": "exam", "errand": "close"}
    samples |= {"place": "1"}
    values = {name: {**samples, **known}.get(name, "unknown") for name in rule.arguments}
    return str(here.app.url_map.bind("localhost").build(rule.endpoint, values, method="POST"))


def administrator(here: Site) -> Visitor:
    """Return an administrator of whom nothing else depends, in the middle of an exam."""
    visitor = here.visitor()
    visitor.sign_in(here.number(officer(here.node, role=Role.ADMINISTRATOR.value)))
    return visitor


def send_file(visitor: Visitor, url: str, name: str, content: bytes) -> Any:
    """Send a form with one file. Put together here: the test client leaves the temporary file of a large one open."""
    parts = (
        f'--part\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{visitor.token}\r\n'
        f'--part\r\nContent-Disposition: form-data; name="{name}"; filename="file"\r\n\r\n'
    )
    body = parts.encode() + content + b"\r\n--part--\r\n"
    return visitor.client.post(url, data=body, content_type="multipart/form-data; boundary=part")


def refused(answer: Any) -> bool:
    return answer.status_code == 403 and EXPIRED in answer.text


def test_every_form_without_the_token_of_its_page_is_refused(here: Site) -> None:
    visitor, other = administrator(here), here.signed_in("administrator")
    before = here.visitor()
    before.get("/sign-in")
    foreign = {"missing": "", "made up": "x" * 24, "of another session": other.token, "before signing in": before.token}
    let_in = [
        (rule.rule, kind)
        for rule in posts(here)
        for kind, token in foreign.items()
        if not refused(visitor.post(address(here, rule, person=here.people["officer"]), {"csrf": token}))
    ]

    assert len(posts(here)) >= 15
    assert len(set(foreign.values()) | {visitor.token}) == 5
    assert let_in == []


def test_a_form_without_a_cookie_is_refused(here: Site) -> None:
    visitor = here.visitor()

    assert refused(visitor.post("/sign-in", {"csrf": "", "service_number": "A", "pin": "739164"}))
    assert refused(visitor.post("/language", {"csrf": "x", "language": "km"}))


def test_a_form_that_another_website_sent_is_refused_even_with_its_token(here: Site) -> None:
    visitor = administrator(here)
    answer = visitor.post("/language", {"language": "km"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert "another website" in answer.text
    assert visitor.post("/language", {"language": "km"}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302


@pytest.mark.parametrize("kind", list(BROKEN))
def test_broken_input_is_answered_with_a_sentence(here: Site, kind: str) -> None:
    wrong = []
    for rule in posts(here):
        visitor = administrator(here)
        person = officer(here.node)
        url = address(here, rule, person=person)
        answer = visitor.post(url, BROKEN[kind])
        if answer.status_code >= 500 or str(INSIDE) in answer.text or "Traceback" in answer.text:
            wrong.append((rule.rule, answer.status_code))
        if "<script>alert" in answer.text or "49%(x)s" in answer.text:
            wrong.append((rule.rule, "echoed as markup"))

    assert wrong == []


def test_what_is_no_form_at_all_is_answered_with_a_sentence(here: Site) -> None:
    visitor = administrator(here)
    bodies = (
        (b"\xff\xfe\x00\x01" * 500, "application/x-www-form-urlencoded"),
        (b"csrf=%FF%FE&answer=%00", "application/x-www-form-urlencoded"),
        (b"not a part", "multipart/form-data"),
        (b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\ntorn', "multipart/form-data; boundary=x"),
        (b'{"csrf": 1}', "application/json"),
        (b"", ""),
    )
    for rule in posts(here):
        for body, kind in bodies:
            answer = visitor.client.post(address(here, rule), data=body, content_type=kind)
            assert answer.status_code in (400, 403), (rule.rule, kind)
            assert "This did not work" in answer.text


def test_odd_addresses_are_answered_with_a_sentence(here: Site) -> None:
    visitor = administrator(here)
    odd = ("%00", "%ff%fe", "..%2f..%2fetc%2fpasswd", "x" * 3000, "%E1%9F%92", "%3Cscript%3E", "a'b\"c;--")
    for rule in here.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not rule.arguments or rule.endpoint.startswith("peer"):
            continue
        for value in odd:
            url = rule.rule
            for name in rule.arguments:
                url = next(url.replace(part, value) for part in url.split("/") if f"{name}>" in part)
            answer = visitor.get(url)
            assert answer.status_code in (302, 400, 403, 404, 308), (url, answer.status_code)
            assert "<script>" not in answer.text.replace('<script type="module"', "")


@pytest.mark.parametrize(
    "query", ["?q=" + "x" * 5000, "?q=%00%ff", "?q=AND+OR+(*", "?q=%E1%9F%92", "?question=unknown"]
)
def test_odd_questions_to_the_search_are_answered(here: Site, query: str) -> None:
    assert administrator(here).get("/search" + query).status_code == 200


def test_an_upload_that_is_too_large_is_refused_with_a_sentence(here: Site) -> None:
    visitor = administrator(here)
    answer = send_file(visitor, "/verify", "file", b"%PDF-" + b"x" * 17_000_000)

    assert answer.status_code == 413
    assert "too large" in answer.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choose a file first"),
        (b"%PDF-1.7\ntorn", "not a PDF, or it is damaged"),
        (b"\x89PNG\r\n", "cannot be read here"),
        (b"\x00" * 5000, "cannot be read here"),
        (b"PK\x03\x04zip", "cannot be read here"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 500, "HEIC"),
    ],
)
def test_an_upload_that_is_no_certificate_is_refused_with_a_sentence(here: Site, content: bytes, said: str) -> None:
    visitor = here.visitor()
    visitor.get("/verify")
    answer = visitor.post("/verify", {"file": (BytesIO(content), "certificate.pdf")})

    assert answer.status_code == 400
    assert "Type the number" in answer.text
    assert said in answer.text


def test_a_sheet_larger_than_half_a_megabyte_is_looked_at_and_taken(here: Site) -> None:
    visitor = administrator(here)
    rows = [f"BIG-{number};Officer Number {number} {'a' * 60};female" for number in range(7000)]
    sheet = "\n".join(["service_number;name;sex", *rows]).encode()
    looked_at = send_file(visitor, "/officers/import", "sheet", sheet)
    wrong = visitor.post("/officers/import", {"data": sheet.decode() + "\nX;=formula;female"})

    assert len(sheet) > 500_000
    assert "<dd>7,000</dd>" in looked_at.text
    assert wrong.status_code == 200
    assert "Leave that sign out" in wrong.text


def test_an_answer_to_a_question_that_was_not_asked_changes_nothing(here: Site) -> None:
    person = officer(here.node)
    read_everything(here, person)
    attempt = start_exam(here, person)
    visitor = here.visitor()
    visitor.sign_in(here.number(person))
    page = visitor.get(f"/sittings/{attempt}")
    question = page.text.split(f"/sittings/{attempt}/answers/")[1].split('"')[0]

    assert visitor.post(f"/sittings/{attempt}/answers/unknown", {"answer": "a"}).status_code == 404
    assert visitor.post(f"/sittings/{attempt}/answers/{question}").status_code == 400
    assert visitor.post(f"/sittings/{attempt}/answers/{question}", {"answer": "zz"}).status_code == 400
    assert visitor.post(f"/sittings/unknown/answers/{question}", {"answer": "a"}).status_code == 404
    assert "0 answers saved" in visitor.get(f"/sittings/{attempt}").text
    assert visitor.post(f"/sittings/{attempt}/answers/{question}", {"answer": "a"}).status_code == 302
    assert "1 answer saved" in visitor.get(f"/sittings/{attempt}").text


def test_an_answer_after_the_time_leads_to_handing_in(here: Site) -> None:
    person = officer(here.node)
    read_everything(here, person)
    attempt = start_exam(here, person)
    course = here.package().course
    marks = sit.sitting(here.node, person, attempt).marks
    clock = here.node.clock
    assert isinstance(clock, TickingClock)
    for mark in marks[:6]:  # under five minutes each: longer ones would count as breaks
        sit.answer(here.node, person, attempt, mark.id, stages(course, mark.id)[0])
        clock.shift(timedelta(minutes=4, seconds=50))
    assert not sit.sitting(here.node, person, attempt).time_up
    sit.answer(here.node, person, attempt, marks[6].id, stages(course, marks[6].id)[0])
    clock.shift(timedelta(minutes=3))
    visitor = here.visitor()
    visitor.sign_in(here.number(person))
    visitor.get("/courses")
    late = visitor.post(f"/sittings/{attempt}/answers/{marks[-1].id}", {"answer": "a"})
    page = visitor.get(late.headers["Location"])

    assert late.headers["Location"] == f"/sittings/{attempt}/hand-in"
    assert "The time is over." in page.text
    assert visitor.post(f"/sittings/{attempt}/hand-in").headers["Location"] == f"/results/{attempt}"
