"""A certificate dated by a wrong clock: issued, printed and checked all the same, and put right once the clock is."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cast import TickingClock, memory_node, officer, sqlite_node
from revoking_scenes import chief
from small_course import certificate_of, publish

from elearn.core.credential.payload import decode
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.vocab.errors import Refused
from elearn.core.vocab.tables import Row
from elearn.services import certify, clock_asked, clock_guard, learn
from elearn.services.certificate_history import history
from elearn.services.node import Node
from elearn.services.reissue import reissue
from elearn.services.verify import verify_code, verify_payload
from elearn.services.verify_upload import verify_upload

TO_1970 = timedelta(days=-20_781)
AHEAD = timedelta(days=3_653)
DAY = timedelta(days=1)


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    node.store.write(publish)
    yield node
    node.store.close()


def row_of(node: Node, number: str) -> Row:
    with node.store.reading() as tx:
        row = tx.tables.get(CERTIFICATE, number)
    assert row is not None
    return row


def shift(node: Node, by: timedelta) -> None:
    assert isinstance(node.clock, TickingClock)
    node.clock.shift(by)
    clock_guard.look(node)


def say_right(node: Node) -> None:
    by = chief(node, "Kham La", service_number="LA-7")
    clock_asked.say_right(node, by, clock_asked.clock_shown(node, by).now)


def issued_in_1970(node: Node) -> tuple[str, str]:
    """Return (number, person); the clock is right before and after."""
    noy = officer(node)
    certificate_of(node, officer(node, "Before Us"))
    shift(node, TO_1970)
    number = certificate_of(node, noy)
    return number, noy


def test_it_is_issued_printed_and_checked_with_the_days_it_bears(post: Node) -> None:
    number, _ = issued_in_1970(post)
    page = certify.certificate_page(post, number, "lo")
    assert page.credential
    shift(post, -TO_1970)

    claims = decode(page.payload).claims
    found = [
        verify_payload(post, page.payload, "en"),
        verify_upload(post, page.credential(b"").encode(), "en"),
        verify_code(post, number, "en"),
    ]

    assert (claims.issued.year, claims.expires and claims.expires.year) == (1970, 1972)
    assert json.loads(page.credential(b""))["validFrom"].startswith("1970-")
    # As is printed on it, and that its day cannot be right.
    assert [(one.state, one.issue_doubtful) for one in found] == [("expired", True)] * 3


def test_while_the_clock_stands_in_1970_it_is_valid_with_a_doubt(post: Node) -> None:
    number, _ = issued_in_1970(post)

    found = verify_code(post, number, "en")

    assert (found.state, found.issue_doubtful, found.clock_doubtful) == ("valid", True, False)


def test_once_the_clock_is_right_it_is_issued_anew_dated_today_and_valid_again(post: Node) -> None:
    number, noy = issued_in_1970(post)
    by = chief(post)
    with pytest.raises(Refused, match=r"reissue\.clock"):
        reissue(post, by, number)
    shift(post, -TO_1970)
    assert learn.my_courses(post, noy, "en")[0].state == "expired"

    page = history(post, by, number, "en")
    new = reissue(post, by, number)

    assert (page.days_in_doubt, page.reissue) == (True, "")
    row = row_of(post, new)
    assert (row["issued_at"][:10], row["passed_at"][:10], row["expires_at"][:10]) == (
        *("2026-11-24", "2026-11-24"),
        "2028-11-24",
    )
    assert history(post, by, new, "en").days_in_doubt is False
    assert verify_code(post, new, "en").state == "valid"
    assert verify_code(post, number, "en").replaced
    assert decode(certify.certificate_page(post, new, "en").payload).claims.issued.year == 2026


def test_a_clock_ten_years_ahead_that_was_doubted_is_put_right_too(post: Node) -> None:
    certificate_of(post, officer(post, "Before Us"))
    shift(post, AHEAD)
    number = certificate_of(post, officer(post))
    shift(post, -AHEAD)
    say_right(post)
    by = chief(post)
    assert row_of(post, number)["issued_at"].startswith("2036")
    assert verify_code(post, number, "en").clock_doubtful

    new = reissue(post, by, number)

    assert (row_of(post, new)["issued_at"][:10], row_of(post, new)["expires_at"][:10]) == ("2026-11-24", "2028-11-24")


def test_a_clock_ten_years_ahead_that_nobody_doubted_is_put_right_too(post: Node) -> None:
    shift(post, AHEAD)
    number = certificate_of(post, officer(post))
    assert not row_of(post, number)["issued_doubtful"]
    shift(post, -AHEAD)
    say_right(post)

    new = reissue(post, chief(post), number)

    assert (row_of(post, new)["issued_at"][:10], row_of(post, new)["expires_at"][:10]) == ("2026-11-24", "2028-11-24")


def test_the_last_day_is_counted_from_what_was_recorded_next_and_not_from_the_day_of_asking(post: Node) -> None:
    number, _ = issued_in_1970(post)
    shift(post, -TO_1970)
    certificate_of(post, officer(post, "After Us"))
    shift(post, 90 * DAY)
    by = chief(post)

    new = reissue(post, by, number)

    assert row_of(post, new)["issued_at"][:10] == "2027-02-22"
    assert row_of(post, new)["expires_at"][:10] == "2028-11-24"
    assert history(post, by, new, "en").passed_at[:10] == "2026-11-24"


def test_a_doubt_that_turned_out_to_be_none_leaves_the_certificate_as_it_is(post: Node) -> None:
    certificate_of(post, officer(post, "Before Us"))
    clock_guard.look(post)
    shift(post, 200 * DAY)
    number = certificate_of(post, officer(post))
    by = chief(post)
    assert row_of(post, number)["issued_doubtful"]
    assert history(post, by, number, "en").days_in_doubt  # nobody has said yet
    say_right(post)
    shift(post, DAY)

    page = history(post, by, number, "en")
    new = reissue(post, by, number)

    assert not page.days_in_doubt
    assert clock_asked.clock_shown(post, by).certificates == ()
    assert row_of(post, new)["expires_at"] == row_of(post, number)["expires_at"]


def test_the_page_about_the_clock_lists_what_is_to_be_issued_anew(post: Node) -> None:
    number, _ = issued_in_1970(post)
    by = chief(post)
    assert clock_asked.clock_shown(post, by).certificates == ()
    shift(post, -TO_1970)

    assert clock_asked.clock_shown(post, by).certificates == (number,)
    reissue(post, by, number)
    assert clock_asked.clock_shown(post, by).certificates == ()


@pytest.mark.pango
def test_its_pdf_says_1970_and_is_checked_elsewhere(post: Node) -> None:
    from elearn.adapters.weasy_press import WeasyPress

    number, noy = issued_in_1970(post)
    press = WeasyPress()
    try:
        pdf = certify.certificate_pdf(replace(post, press=press), noy, number, "lo")
    finally:
        press.close()
    shift(post, -TO_1970)

    found = verify_upload(post, pdf, "en")

    assert (found.state, found.issue_doubtful, found.page) == ("expired", True, "agrees")
