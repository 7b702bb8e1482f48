"""How much officers still know later: shares with their n, few flagged, fewer hidden with what would tell them."""

from hypothesis import given
from hypothesis import strategies as st

from elearn.core.stats.retention import TOTAL, Recall, Recalled, WindowCounted, make_retention


def window(courses: list[tuple[str, int]], name: int = 30, told_apart: bool = False) -> WindowCounted:
    """Return a window of courses with so many officers each, two answers an officer, one of them right."""
    recalls = [Recall(course, n, 2 * n, n) for course, n in courses]
    persons = sum(n for _, n in courses)
    return WindowCounted(name, Recall(TOTAL, persons, 2 * persons, persons), recalls, recalls, told_apart)


def test_a_share_stands_with_how_many_were_asked_and_answered() -> None:
    found = make_retention([window([("seals", 12)])])

    assert found.totals == (Recalled(TOTAL, 30, 12, 24, 0.5),)
    assert found.courses == (Recalled("seals", 30, 12, 24, 0.5),)
    assert not found.flags


def test_fewer_than_ten_officers_are_flagged_and_fewer_than_five_are_hidden() -> None:
    found = make_retention([window([("a", 20), ("b", 9), ("c", 4)])])
    a, b, c = found.courses

    assert (a.persons, a.flagged) == (20, False)
    # The next smallest hides with it: else the total would tell.
    assert (b.persons, b.share, c.persons, c.share) == (None, None, None, None)
    assert make_retention([window([("a", 9)])]).courses[0].flagged
    assert make_retention([window([("a", 9)])]).flags


def test_a_window_of_fewer_than_five_officers_says_nothing_and_the_others_stand() -> None:
    found = make_retention([window([("a", 12)]), window([("a", 4)], 90), window([], 180)])

    assert [(line.window, line.persons) for line in found.totals] == [(30, 12), (90, None), (180, 0)]
    assert [(line.window, line.persons) for line in found.courses] == [(30, 12), (90, None)]
    assert found.totals[2].share is None


def test_what_a_wider_report_would_tell_is_hidden_whole() -> None:
    found = make_retention([window([("a", 12), ("b", 30)], told_apart=True)])

    assert {line.persons for line in (*found.totals, *found.courses, *found.languages)} == {None}


def test_nobody_asked_yet_is_said_and_no_zero_is_printed() -> None:
    assert make_retention([window([]), window([], 90)]).state == "none"
    assert make_retention([], left_out=True).left_out


@given(st.lists(st.integers(0, 30), max_size=6))
def test_no_printed_line_nor_what_total_and_lines_leave_points_at_few(counts: list[int]) -> None:
    found = make_retention([window([(f"c{at}", n) for at, n in enumerate(counts)])])
    printed = [line.persons for line in found.courses if line.persons is not None]
    hidden = len(found.courses) - len(printed)

    assert all(n == 0 or n >= 5 for n in printed)
    assert all(line.share is None or 0 <= line.share <= 1 for line in found.courses)
    if found.totals and found.totals[0].persons is not None:
        assert hidden != 1
