"""Dates as people at a border post read them."""

from datetime import date

import pytest

from elearn.core.vocab.dates import add_months, end_of_day, format_date, format_date_both, format_moment, local_date


def test_the_day_is_the_day_at_the_post_not_in_greenwich() -> None:
    late = "2026-11-24T18:30:00.000000Z"

    assert local_date(late, "KH") == date(2026, 11, 25)
    assert local_date("2026-11-24T17:29:59Z", "MM") == date(2026, 11, 24)
    assert local_date(late, "") == date(2026, 11, 24)


@pytest.mark.parametrize("country", ["KH", "CN", "LA", "MM", "TH", "VN", ""])
def test_the_end_of_a_day_is_still_that_day(country: str) -> None:
    assert local_date(end_of_day(date(2028, 2, 29), country), country) == date(2028, 2, 29)


def test_months_later_is_the_same_day_or_the_last_there_is() -> None:
    assert add_months(date(2026, 11, 24), 24) == date(2028, 11, 24)
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2028, 2, 29), 12) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "3 March 2026"),
        ("km", "3 មីនា 2026"),
        ("lo", "3 ມີນາ 2026"),
        ("my", "2026 မတ် 3"),
        ("th", "3 มีนาคม ค.ศ. 2026"),
        ("vi", "3 tháng 3, 2026"),
        ("zh_Hans", "2026年3月3日"),
        ("not-a-language", "3 March 2026"),
    ],
)
def test_every_language_writes_a_date_its_own_way_with_digits_0_to_9(language: str, words: str) -> None:
    assert format_date(language, "2026-03-03") == words


def test_the_buddhist_era_has_a_29_february_too() -> None:
    assert format_date("th", "2028-02-29", buddhist=True) == "29 กุมภาพันธ์ พ.ศ. 2571"
    assert format_date("lo", "2028-02-29", buddhist=True) == "29 ກຸມພາ ພ.ສ. 2571"
    assert format_date("vi", "2028-02-29", buddhist=True) == "29 tháng 2, 2028"


def test_a_moment_is_date_and_time_of_day_at_the_post() -> None:
    assert format_moment("en", "2026-11-24T18:30:00.000000Z", "KH") == ("25 November 2026", "01:30")


def test_both_eras_stand_beside_each_other_where_a_language_has_both() -> None:
    both = {language: format_date_both(language, "2028-02-29") for language in ("th", "lo", "km", "en")}

    assert both == {
        "th": "29 กุมภาพันธ์ พ.ศ. 2571 (ค.ศ. 2028)",
        "lo": "29 ກຸມພາ ພ.ສ. 2571 (ຄ.ສ. 2028)",
        "km": "29 កុម្ភៈ 2028",
        "en": "29 February 2028",
    }
    assert format_date_both("th", "2027-12-31T18:00:00.000000Z", "TH") == "1 มกราคม พ.ศ. 2571 (ค.ศ. 2028)"
