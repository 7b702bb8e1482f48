"""Facts are listed for review when they are overdue, and from 90 days before."""

from datetime import date

from good_course import Files, edit, good_course

from elearn.core.content.package import read_course
from elearn.core.content.review import Review, reviews_due

TODAY = date(2026, 11, 25)


def due(files: Files) -> tuple[Review, ...]:
    read = read_course("seals", files, TODAY)
    assert read.course is not None
    return reviews_due(read.course.facts, TODAY)


def with_dates(first: str, second: str) -> Files:
    files = edit("facts.yaml", "review_by: 2028-11-24", f"review_by: {first}")(good_course())
    return edit("facts.yaml", "review_by: 2028-11-24", f"review_by: {second}")(files)


def test_a_fact_is_overdue_from_the_day_after_its_review_was_due() -> None:
    assert [(one.id, one.overdue) for one in due(with_dates("2026-11-25", "2026-11-24"))] == [
        ("mou-1995", True),
        ("mou-1993", False),
    ]


def test_a_fact_is_due_soon_within_ninety_days_and_not_before() -> None:
    assert [one.review_by for one in due(with_dates("2027-02-23", "2027-02-24"))] == ["2027-02-23"]
    assert due(good_course()) == ()


def test_what_is_due_names_claim_file_and_line() -> None:
    [found] = due(with_dates("2029-01-01", "2026-12-01"))

    assert found == Review("mou-1995", "Somebody signed something.", "2026-12-01", False, "facts.yaml", 7)


def test_a_date_that_is_none_is_not_due() -> None:
    assert due(with_dates("soon", "2029-01-01")) == ()
