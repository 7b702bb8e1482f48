"""Every error code of the house has a sentence, and every sentence can be filled with what is raised beside it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cast import sqlite_node
from flask import Flask

from elearn.app import create_app
from elearn.core.learning.path import Gate
from elearn.core.vocab.errors import ElearnError, Invalid, Refused
from elearn.services.accounts import Notice
from elearn.services.receiving import NOT_FOLDED, OTHER_NODE
from elearn.services.receiving_people import LOCAL_ACCOUNT, MALFORMED, NUMBER_TAKEN, OTHER_COUNTRY
from elearn.web.phrases import WORDED, field_sentence, notice_sentence, sentence_for
from elearn.web.sentences import SENTENCES, accounts, exchange, learning, machine, verifying
from elearn.web.sentences.machine import FAULTS, INSIDE

ROOT = Path(__file__).parent.parent.parent / "elearn"
ROOMS = ("core", "services", "adapters", "web")
ERRORS = {"Invalid", "Refused", "NotFound", "Conflict", "Unavailable"}
CODE = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")
TEXT_PROBLEMS = ("characters", "formula", "too-long")

WITH_A_PREFIX = {
    "sitting.": [gate.value for gate in Gate if gate.value not in ("open", "running", "done")]
    + ["pretest-done", "passed"],
    "post-name.": [*TEXT_PROBLEMS, "missing"],
    "claims.": ["number", "course", "course_version", "authority"],
    "node-name.": [*TEXT_PROBLEMS, "not-neutral"],
    "issuer.": [*TEXT_PROBLEMS, "not-neutral"],
    "name.": TEXT_PROBLEMS,
    "post.": TEXT_PROBLEMS,
}
"""Codes that are put together: beginning -> the ends there are."""

FROM_VARIABLES = {
    "core/vocab/pins.py": [],  # its codes are read as constants below
    "services/demonstration.py": [],  # demo.*, see NOT_ON_PAGES
    "adapters/batch_room.py": ["disk.full", "disk.failing", "press.failed"],
    "web/certificates/views.py": ["disk.full", "disk.failing", "store.busy", "printing.none"],
    "adapters/search_builds.py": ["disk.full", "disk.read-only", "disk.failing"],
    "adapters/postgres/errors.py": ["disk.full", "disk.read-only", "disk.failing", "store.away", "store.busy"],
    "adapters/sqlite/connection.py": ["disk.full", "disk.read-only", "disk.failing", "store.busy", "store.damaged"],
    "adapters/code_reading.py": ["picture.kind", "picture.too-large", "picture.unreadable"],
    "services/answer.py": ["peer.too-large"],
    "adapters/incoming_files.py": ["disk.full", "disk.failing"],
    "services/fetching.py": ["package.damaged", "package.signature"],
    "services/hub_line.py": ["peer.hub-key"],
    "services/key_following.py": ["peer.hub-key"],
    "services/reissue.py": [
        "certificate.no-person",
        "reissue.clock",
        "reissue.expired",
        "reissue.pass-in-doubt",
        "reissue.reason-unknown",
        "reissue.replaced",
    ],
    "web/peer/views.py": ["peer.too-large"],
    "core/sync/talk.py": [],  # what the other side said: any code, also of a newer elearn
}
"""Files that raise a code kept in a name -> those codes."""

NOT_ON_PAGES = {
    "course.not-published": "courses are compared with what is published at the command line",
    "node.other-kind": "a folder is refused when a node starts, at the command line",
    "setting.wrong": "settings are refused when the program starts, at the command line",
    "store.unfit": "a server is refused when a hub starts, at the command line",
    "store.not-empty": "a hub's data is copied at the command line",
    "copy.differs": "a hub's data is copied at the command line",
    "demo.form": "demonstrations are made at the command line",
    "language.is-source": "stamps of translations are made at the command line",
    "language.no-words": "stamps of translations are made at the command line",
}

WHY_APART = (OTHER_NODE, NOT_FOLDED, NUMBER_TAKEN, LOCAL_ACCOUNT, OTHER_COUNTRY, MALFORMED)
"""Reasons why a hub keeps something apart: told to a post, raised nowhere."""

FIELD_CODES_IN = (
    "core/credential/pictures.py",
    "core/learning/followup.py",
    "core/learning/satisfaction.py",
    "core/paper/form.py",
    "core/roster/form.py",
    "core/roster/sheet.py",
    "core/roster/words.py",
    "core/vocab/pins.py",
    "services/delivering.py",
    "services/forwarding.py",
    "services/setting_up.py",
    "services/about_node.py",
    "services/officers.py",
    "services/officers_import.py",
)
"""Files whose texts of the shape of a code are codes, for fields of a form or lines of a sheet."""

NOTICE = "notice."
CHOICES = ("sex", "country", "agency", "rank-band", "role", "language")


@dataclass(frozen=True)
class Raised:
    """One place that makes an error. code: "" where it is kept in a name; names: of the details, None = not known."""

    place: str
    code: str
    prefix: str
    names: frozenset[str] | None


def raised() -> Iterator[Raised]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for call in ast.walk(ast.parse(path.read_text())):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ERRORS and call.args:
                    yield _raised(path.relative_to(ROOT).as_posix(), call)


def _raised(place: str, call: ast.Call) -> Raised:
    first = call.args[0]
    code = str(first.value) if isinstance(first, ast.Constant) else ""
    start = first.values[0] if isinstance(first, ast.JoinedStr) else None
    prefix = str(start.value) if isinstance(start, ast.Constant) else ""
    names = [keyword.arg for keyword in call.keywords]
    known = None if None in names else frozenset(name for name in names if name)
    return Raised(place, code, prefix, known)


def field_codes() -> set[str]:
    found = {f"{field}.unknown" for field in CHOICES} | {f"{field}.missing" for field in ("country", "agency", "pin")}
    for prefix in ("node-name.", "issuer.", "name.", "post."):
        found |= {prefix + end for end in WITH_A_PREFIX[prefix]}
    for name in FIELD_CODES_IN:
        for node in ast.walk(ast.parse((ROOT / name).read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                found.add(node.value)
    return {code for code in found if not code.startswith(NOTICE)}


def codes_of(one: Raised) -> list[str]:
    if one.code:
        return [one.code]
    if one.prefix:
        return [one.prefix + end for end in WITH_A_PREFIX[one.prefix]]
    return FROM_VARIABLES[one.place]


def notice_codes() -> set[str]:
    found = set()
    for path in (ROOT / "services").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and str(node.value).startswith(NOTICE):
                found.add(str(node.value))
    return found


def has_sentence(code: str) -> bool:
    return code in SENTENCES or code in WORDED or code.startswith(FAULTS)


def placeholders(code: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", str(SENTENCES.get(code, ""))))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    node = sqlite_node(tmp_path_factory.mktemp("phrases"))
    yield create_app(node)
    node.store.close()


def test_every_code_that_is_raised_has_a_sentence() -> None:
    missing = {
        f"{code} ({one.place})"
        for one in raised()
        for code in codes_of(one)
        if not has_sentence(code) and code not in NOT_ON_PAGES
    }

    assert sorted(missing) == []


def test_the_scan_sees_the_codes_there_are() -> None:
    found = {code for one in raised() for code in codes_of(one)}

    assert len(found) > 120
    assert {"sitting.wait", "pin.same", "chain.gap", "press.crashed", "form.expired", "store.busy"} <= found


def test_every_code_of_a_field_has_a_sentence_without_values(app: Flask) -> None:
    with app.test_request_context():
        broken = sorted(
            code
            for code in field_codes()
            if not has_sentence(code) or placeholders(code) or "%" in field_sentence(code)
        )

    assert broken == []


def test_every_notice_has_its_own_words(app: Flask) -> None:
    with app.test_request_context():
        said = {code: notice_sentence(Notice(code, "2026-11-24T08:00:00.000000Z", "")) for code in notice_codes()}
        other = notice_sentence(Notice("notice.of-tomorrow", "2026-11-24T08:00:00.000000Z", ""))

    assert len(said) >= 4
    assert len({*said.values(), other}) == len(said) + 1


def test_every_sentence_is_filled_by_what_is_raised_beside_it(app: Flask) -> None:
    with app.test_request_context():
        unfilled = {
            f"{code} ({one.place}): {sorted(placeholders(code) - one.names)}"
            for one in raised()
            if one.names is not None
            for code in codes_of(one)
            if placeholders(code) - one.names
        }

    assert sorted(unfilled) == []


def test_a_code_that_nobody_raises_has_no_sentence(app: Flask) -> None:
    of_courses = {"package.sitting", "package.too-large"}
    shown_only = {"exchange.kept-apart", "form.fields", "sign-in.needed", *WHY_APART, *of_courses}
    found = {code for one in raised() for code in codes_of(one)} | field_codes() | shown_only
    with app.test_request_context():
        left_over = sorted(code for code in {*SENTENCES, *WORDED} if code not in found)

    assert left_over == []


def test_no_code_stands_in_two_tables() -> None:
    tables = (
        accounts.SENTENCES,
        learning.SENTENCES,
        exchange.SENTENCES,
        machine.SENTENCES,
        verifying.SENTENCES,
        WORDED,
    )

    assert sum(len(table) for table in tables) == len(set().union(*tables))


def test_an_instant_in_a_sentence_is_written_as_the_place_writes_it(app: Flask) -> None:
    error = Refused("sitting.wait", course="seals", open_at="2026-11-24T17:30:00.000000Z")
    with app.test_request_context(headers={"Cookie": "elearn_language=en"}):
        english = sentence_for(error)

    assert "00:30" in english  # the next day in Laos
    assert "25" in english
    assert "T17" not in english


def test_a_day_in_a_sentence_is_written_as_the_language_writes_it(app: Flask) -> None:
    error = Invalid("figures.dates-turned", since="2026-03-02", until="2026-03-01")
    with app.test_request_context(headers={"Cookie": "elearn_language=en"}):
        assert "2026-03-02" not in sentence_for(error)
        assert "2 March 2026" in sentence_for(error)


@pytest.mark.parametrize("value", ["2026-02-31", "2026-99-99", "2026-11-20T99:00:00Z"])
def test_what_only_looks_like_a_day_is_said_as_it_was_typed(app: Flask, value: str) -> None:
    with app.test_request_context(headers={"Cookie": "elearn_language=en"}):
        assert sentence_for(Invalid("figures.date", value=value)).startswith(f"“{value}” is not a date.")


def test_a_name_that_cannot_be_printed_names_its_signs(app: Flask) -> None:
    error = Invalid("name.characters", characters="\u0e01\u2603", text="Sok ☃")
    with app.test_request_context():
        assert "☃ (U+2603)" in sentence_for(error)
        assert "Sok ☃" in sentence_for(error)
        assert "%" not in field_sentence("name.characters")


def test_one_question_and_many_are_counted(app: Flask) -> None:
    with app.test_request_context():
        assert sentence_for(Refused("attempt.unanswered", n=1)).startswith("1 question has")
        assert sentence_for(Refused("attempt.unanswered", n=3)).startswith("3 questions have")


def test_a_fault_of_the_program_is_said_to_be_one(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with app.test_request_context():
        assert sentence_for(Invalid("row.unknown-column", table="person", column="x")) == str(INSIDE)
    assert "row.unknown-column" in caplog.text


def test_a_code_from_a_newer_elearn_is_shown_as_a_code(app: Flask) -> None:
    with app.test_request_context():
        assert "tomorrow.new" in sentence_for(ElearnError("tomorrow.new"))
