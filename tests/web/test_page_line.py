"""The page about the line draws what went over it, day by day, with the numbers beside."""

from elearn.services.line_use import SHOWN_DAYS, Day
from elearn.web.administrator.line import DRAWN_PX, columns, kilobytes


def test_the_newest_day_stands_at_the_right_and_a_day_without_an_exchange_is_a_gap() -> None:
    drawn = columns([Day("2026-11-24", up=100), Day("2026-11-21", up=50), Day("2025-01-01", up=900)])

    assert [one.day.day for one in drawn] == ["2026-11-21", "2026-11-24"]
    assert round((drawn[1].x - drawn[0].x) / (100 / SHOWN_DAYS)) == 3
    assert round(drawn[1].x + 100 / SHOWN_DAYS) == 100


def test_columns_are_as_high_as_their_bytes_and_never_nothing() -> None:
    drawn = columns([Day("2026-11-24", up=600, down=400), Day("2026-11-23", up=500), Day("2026-11-22", up=1)])

    assert [one.height for one in drawn] == [2, DRAWN_PX // 2, DRAWN_PX]


def test_nothing_that_went_is_shown_as_nothing() -> None:
    assert [kilobytes(size) for size in (0, 1, 1024, 1025)] == [0, 1, 1, 2]
    assert columns([]) == []
