"""What officers use at work: shares with their n, few flagged, fewer hidden, with what would tell them."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from elearn.core.stats.followup import (
    ANSWERED,
    DUE,
    OBSERVED,
    STAGES,
    TOTAL,
    Followed,
    FollowUp,
    StageCounted,
    hidden_of_stages,
    make_follow_up,
)


def stages(*courses: tuple[int, int, int], told_apart: Sequence[str] = ()) -> list[StageCounted]:
    """Return courses with so many officers due, so many who answered, so many spoken of; half of each said "used"."""
    found = []
    for at, stage in enumerate(STAGES):
        name = {DUE: "", ANSWERED: "used", OBSERVED: "seen"}[stage]
        lines = [
            Followed(f"c{number}", one[at], {name: one[at] // 2} if name else {}) for number, one in enumerate(courses)
        ]
        n = sum(one[at] for one in courses)
        total = Followed(TOTAL, n, {name: n // 2} if name else {})
        found.append(StageCounted(stage, total, lines, lines, stage in told_apart))
    return found


def numbers(found: FollowUp) -> list[tuple[int | None, int | None, int | None]]:
    return [(line.due, line.answered, line.observed) for line in found.courses]


def test_shares_stand_with_what_they_are_shares_of() -> None:
    found = make_follow_up(stages((20, 12, 10)))
    [line] = found.courses

    assert (line.due, line.answered, line.rate, line.observed) == (20, 12, 0.6, 10)
    assert line.shares == {"used": 0.5, "seen": 0.5}
    assert found.total is not None
    assert (found.total.value, found.total.rate) == (TOTAL, 0.6)
    assert not found.flags


def test_a_stage_of_fewer_than_ten_officers_is_flagged_and_of_fewer_than_five_hidden() -> None:
    found = make_follow_up(stages((20, 9, 4)))
    [line] = found.courses

    assert numbers(found) == [(20, 9, None)]
    assert line.flagged == (ANSWERED,)
    assert "seen" not in line.shares
    assert found.flags


def test_what_would_tell_a_hidden_line_is_hidden_with_it() -> None:
    found = make_follow_up(stages((20, 20, 20), (9, 9, 9), (4, 4, 4)))

    assert numbers(found) == [(20, 20, 20), (None, None, None), (None, None, None)]


def test_an_answer_count_that_is_few_hides_another_though_all_that_are_due_are_shown() -> None:
    found = make_follow_up(stages((30, 20, 0), (30, 8, 0), (30, 2, 0)))

    assert numbers(found) == [(30, 20, 0), (30, None, 0), (30, None, 0)]
    assert [line.rate for line in found.courses] == [0.6667, None, None]


def test_lines_hidden_of_those_due_do_not_leave_few_of_those_who_answered() -> None:
    # a: 20 due, b and c hidden together; of these two officers answered, which 17 + 2 would tell.
    found = make_follow_up(stages((20, 17, 0), (8, 0, 0), (3, 2, 0)))

    assert numbers(found) == [(20, None, 0), (None, None, None), (None, None, None)]


def test_what_a_wider_report_would_tell_is_hidden_in_its_stage_and_those_due_take_the_others_along() -> None:
    assert numbers(make_follow_up(stages((20, 12, 10), told_apart=[OBSERVED]))) == [(20, 12, None)]
    assert numbers(make_follow_up(stages((20, 12, 10), told_apart=[DUE]))) == [(None, None, None)]


def test_nobody_due_is_said_and_no_zero_is_printed() -> None:
    assert make_follow_up(stages()).state == "none"
    assert make_follow_up([], left_out=True).left_out


@given(st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25), st.integers(0, 25)), min_size=1, max_size=6))
def test_no_stage_prints_few_nor_leaves_few_to_be_worked_out(drawn: list[tuple[int, int, int]]) -> None:
    courses = [(due, min(due, answered), min(due, seen)) for due, answered, seen in drawn]
    counts = [[one[at] for one in courses] for at in range(3)]
    hidden = hidden_of_stages([sum(one) for one in counts], counts)

    for persons, lines in zip(counts, hidden, strict=True):
        shown = [n for at, n in enumerate(persons) if lines is not None and at not in lines]
        assert all(n == 0 or n >= 5 for n in shown)
        assert lines is None or sum(persons) - sum(shown) not in range(1, 5)
        assert lines is None or hidden[0] is not None
        assert lines is None or lines >= (hidden[0] or frozenset())
